import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { startHttpApplication } from './applications/http.ts';
import { ask } from './clients/http.ts';
import { clientOf, fileCredentials, issue, socketCredentials, trustDomain } from './credentials.ts';
import { listener, listening, meshOf, type NodeSpec } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

type Backend = NonNullable<NodeSpec['backends']>[number];

/** Ports of the callee, by whom each lets in. */
const accepted = {
  8080: ['caller.local'],
  8081: [`spiffe://${trustDomain}/caller`, 'other.local'],
  8082: ['other.local'],
  8083: undefined,
} as const;

for (const source of ['file', 'sds'] as const) {
  test(`with certificates by ${source}`, async (t) => {
    const authority = await createAuthority({ name: 'authority', ttl: 3_600_000 });
    const stranger = await createAuthority({ name: 'authority', ttl: 3_600_000 });
    const make = source === 'file' ? fileCredentials : socketCredentials;
    const { certificate, trust, around } = await make(t, authority, ['caller', 'callee']);
    const ports = Object.keys(accepted).map(Number) as (keyof typeof accepted)[];
    const listeners = ports.map((port) => {
      const exact = accepted[port];
      return listener(port, 'http', {
        tls: {
          mode: 'STRICT',
          certificate: certificate('callee'),
          validation: {
            trust,
            ...(exact ? { subjectAlternativeNames: { match: { exact: [...exact] } } } : {}),
          },
        },
      });
    });
    const backend = (virtualServiceName: string, exact?: string): Backend => ({
      virtualService: {
        virtualServiceName,
        clientPolicy: {
          tls: {
            certificate: certificate('caller'),
            validation: {
              trust,
              ...(exact ? { subjectAlternativeNames: { match: { exact: [exact] } } } : {}),
            },
          },
        },
      },
    });
    const routeTo = (port: number, virtualNode = 'callee') => ({
      all: {
        httpRoute: {
          match: { prefix: '/' },
          action: { weightedTargets: [{ virtualNode, weight: 1, port }] },
        },
      },
    });
    const mesh = meshOf({
      nodes: {
        caller: {
          backends: [
            backend('named.local', 'callee.local'),
            backend('identified.local', `spiffe://${trustDomain}/callee`),
            backend('misnamed.local', 'other.local'),
            backend('found.local'),
            backend('found-elsewhere.local'),
            backend('closed.local', 'callee.local'),
          ],
        },
        callee: listening('callee.local', ...listeners),
        elsewhere: listening('elsewhere.local', ...listeners),
      },
      services: {
        'named.local': routeTo(8080),
        'identified.local': routeTo(8081),
        'misnamed.local': routeTo(8080),
        'found.local': routeTo(8083),
        'found-elsewhere.local': routeTo(8083, 'elsewhere'),
        'closed.local': routeTo(8082),
      },
    });
    const app = await startHttpApplication(t, 'app');
    const applications = Object.fromEntries(ports.map((port) => [port, app.address]));
    const inbound = await startProxy(t, mesh, { kind: 'node', name: 'callee' }, { ...around, applications });
    const outbound = await startCaller(t, mesh, {
      ...around,
      endpoints: { callee: [inbound.listeners], elsewhere: [inbound.listeners] },
    });
    const statusOf = async (service: string) => (await outbound.call(service)).status;

    await t.test('a listener lets in whoever has one of the names it lists', async () => {
      const caller = { tls: clientOf(await issue(authority, 'caller')) };
      const other = { tls: clientOf(await issue(authority, 'other')) };
      assert.equal((await ask(inbound.at(8080), caller)).body, 'app');
      assert.equal((await ask(inbound.at(8081), caller)).body, 'app');
      assert.equal((await ask(inbound.at(8083), caller)).body, 'app');
      assert.equal((await ask(inbound.at(8083), other)).body, 'app');
      await assert.rejects(ask(inbound.at(8080), other));
      await assert.rejects(ask(inbound.at(8082), caller));
    });

    await t.test('it lets in nobody without a certificate, nor with one of another authority', async () => {
      const forged = { tls: clientOf(await issue(stranger, 'caller')) };
      for (const port of ports) {
        const to = inbound.at(port);
        await assert.rejects(ask(to, { tls: { rejectUnauthorized: false } }));
        await assert.rejects(ask(to, forged));
      }
    });

    await t.test('a caller shows its certificate and reaches whom it means', async () => {
      assert.equal(await statusOf('named.local'), 200);
      assert.equal(await statusOf('identified.local'), 200);
    });

    await t.test('a caller that names nobody means the host name the callee is found by', async () => {
      assert.equal(await statusOf('found.local'), 200);
      assert.equal(await statusOf('found-elsewhere.local'), 503);
    });

    await t.test('a caller does not talk to one of another name', async () => {
      assert.equal(await statusOf('misnamed.local'), 503);
      assert.ok((await outbound.statistic('cluster\\..*\\.upstream_cx_connect_fail')) > 0);
    });

    await t.test('a caller is not let in where others are', async () => {
      assert.equal(await statusOf('closed.local'), 503);
    });
  });
}
