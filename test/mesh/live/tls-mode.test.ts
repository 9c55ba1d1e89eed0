import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { startHttpApplication } from './applications/http.ts';
import { ask } from './clients/http.ts';
import { fileCredentials } from './credentials.ts';
import { listener, listening, meshOf } from './definition.ts';
import { startProxy } from './proxies.ts';

const anyServer = { rejectUnauthorized: false };

test("a node's listener", async (t) => {
  const authority = await createAuthority({ name: 'authority', ttl: 3_600_000 });
  const credentials = await fileCredentials(t, authority, ['callee']);
  const tls = (mode: 'STRICT' | 'PERMISSIVE' | 'DISABLED') => ({
    mode,
    certificate: credentials.certificate('callee'),
  });
  const callee = listening(
    'callee.local',
    listener(8080, 'http', { tls: tls('STRICT') }),
    listener(8081, 'http', { tls: tls('PERMISSIVE') }),
    listener(8082, 'http', { tls: tls('DISABLED') }),
    listener(8083, 'http'),
  );
  const app = await startHttpApplication(t, 'app');
  const ports = [8080, 8081, 8082, 8083];
  const proxy = await startProxy(
    t,
    meshOf({ nodes: { callee }, services: {} }),
    { kind: 'node', name: 'callee' },
    { ...credentials.around, applications: Object.fromEntries(ports.map((port) => [port, app.address])) },
  );
  const answers = async (port: number) => {
    const to = proxy.at(port);
    const outcome = (answer: Promise<{ body: string }>) =>
      answer.then(
        ({ body }) => body,
        () => 'refused',
      );
    return {
      tls: await outcome(ask(to, { tls: anyServer })),
      plain: await outcome(ask(to)),
    };
  };

  await t.test('in the mode STRICT takes TLS alone', async () => {
    assert.deepEqual(await answers(8080), { tls: 'app', plain: 'refused' });
  });

  await t.test('in the mode PERMISSIVE takes TLS and plain connections', async () => {
    assert.deepEqual(await answers(8081), { tls: 'app', plain: 'app' });
  });

  await t.test('in the mode DISABLED, or without any, takes plain connections alone', async () => {
    assert.deepEqual(await answers(8082), { tls: 'refused', plain: 'app' });
    assert.deepEqual(await answers(8083), { tls: 'refused', plain: 'app' });
  });

  await t.test('shows the certificate it names', async () => {
    const verified = { ca: authority.pem, servername: 'callee.local' };
    const to = proxy.at(8080);
    assert.equal((await ask(to, { tls: verified })).body, 'app');
    await assert.rejects(ask(to, { tls: { ...verified, servername: 'other.local' } }));
  });
});
