import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Redis } from 'iovalkey';
import { cacheAccess } from '../../src/data/cache/access.ts';
import { createReadThroughCache } from '../../src/data/cache/read-through-cache.ts';
import { createAuthority } from '../../src/security/certificates/authority.ts';
import { issueCertificate } from '../../src/security/certificates/certificate.ts';
import { startValkey } from '../engines.ts';
import { eventually } from '../eventually.ts';
import { Record, settings } from './cache-record.ts';

const user = 'microservice-a';

/** ElastiCache encrypts every connection; the engine here does not know how, so this does it in front of it. */
async function startEncryption(port: number): Promise<{ port: number; encrypted: () => number }> {
  const authority = await createAuthority({ name: 'cache', ttl: 3_600_000 });
  const { chain, key } = await issueCertificate(authority, {
    service: 'cache',
    trustDomain: 'test',
    hostnames: ['localhost'],
  });
  setDefaultCACertificates([...getCACertificates('default'), authority.pem]);
  let encrypted = 0;
  const server = createServer({ cert: chain, key }, (socket) => {
    encrypted += 1;
    const engine = connect({ host: '127.0.0.1', port });
    for (const side of [socket, engine]) side.on('error', () => {});
    socket.pipe(engine).pipe(socket);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  after(() => server.close());
  return { port: (server.address() as { port: number }).port, encrypted: () => encrypted };
}

describe('a service as a user of the cache', async () => {
  const valkey = await startValkey({ after });
  const encryption = await startEncryption(valkey.port);
  const owner = new Redis(valkey.url);
  const url = `rediss://${user}@localhost:${encryption.port}`;
  const allow = (password: string) =>
    owner.call('ACL', 'SETUSER', user, 'reset', ...cacheAccess.split(' '), `>${password}`);
  before(() => allow('first'));
  after(() => owner.disconnect());

  test('does all a service does, over an encrypted connection, signed in anew each time', async (t) => {
    let password = 'first';
    const record = new Record();
    let debt = 1;
    const cache = createReadThroughCache({
      url,
      password: async () => password,
      settings,
      read: record.read,
      debt: {
        read: async () => debt,
        settle: async () => {
          debt = 0;
        },
      },
    });
    t.after(() => cache.close());
    const up = () => eventually(() => assert.equal(cache.state().link, 'up'));
    await up();
    assert.equal(debt, 0, 'the flush it owed was allowed');
    const { id } = record.write(randomUUID(), { static: true });
    assert.equal((await cache.get(id)).source, 'miss');
    assert.equal((await cache.get(id)).source, 'hit');
    await cache.invalidate([record.write(id, { static: true })]);
    assert.equal((await cache.get(id)).version, 2);
    await cache.refreshDue();
    assert.ok(encryption.encrypted() > 0);

    password = 'second';
    await allow(password);
    await owner.call('CLIENT', 'KILL', 'USER', user);
    await eventually(() => assert.notEqual(cache.state().link, 'up'));
    await up();
  });

  test('may do nothing else', async () => {
    const client = new Redis(`rediss://localhost:${encryption.port}`, {
      username: user,
      password: 'second',
      enableReadyCheck: false,
      retryStrategy: () => null,
    });
    client.on('error', () => {});
    await assert.rejects(client.config('GET', '*'), /NOPERM/);
    await assert.rejects(client.keys('*'), /NOPERM/);
    await assert.rejects(client.get('elsewhere'), /NOPERM/);
    client.disconnect();
  });
});
