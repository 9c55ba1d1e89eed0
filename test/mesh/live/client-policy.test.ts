import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { startHttpApplication } from './applications/http.ts';
import { fileCredentials } from './credentials.ts';
import { called, listener, listening, meshOf, type NodeSpec } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

type Tls = NonNullable<NonNullable<NonNullable<NodeSpec['backendDefaults']>['clientPolicy']>['tls']>;

test('a client policy', async (t) => {
  const authority = await createAuthority({ name: 'authority', ttl: 3_600_000 });
  const { certificate, trust, around } = await fileCredentials(t, authority, ['secure']);
  const other = await createAuthority({ name: 'authority', ttl: 3_600_000 });
  const strange = await fileCredentials(t, other, ['secure']);
  const tls = { mode: 'STRICT', certificate: certificate('secure') } as const;
  const trusting = { validation: { trust } };
  const policies: Record<string, { readonly tls?: Tls; readonly node: string; readonly port?: number }> = {
    'enforced.local': { tls: { ...trusting, enforce: true }, node: 'secure' },
    'enforced-by-default.local': { tls: trusting, node: 'plain' },
    'enforced-in-vain.local': { tls: { ...trusting, enforce: true }, node: 'plain' },
    'optional.local': { tls: { ...trusting, enforce: false }, node: 'plain' },
    'optional-to-secure.local': { tls: { ...trusting, enforce: false }, node: 'secure' },
    'distrusting.local': { tls: { validation: { trust: strange.trust } }, node: 'secure' },
    'port-listed.local': { tls: { ...trusting, ports: [8443] }, node: 'both', port: 8443 },
    'port-not-listed.local': { tls: { ...trusting, ports: [8443] }, node: 'both', port: 8080 },
    'no-ports.local': { tls: trusting, node: 'both', port: 8080 },
    'by-default.local': { node: 'secure' },
    'by-default-in-vain.local': { node: 'plain' },
  };
  const mesh = meshOf({
    nodes: {
      caller: {
        backendDefaults: { clientPolicy: { tls: { ...trusting, enforce: true } } },
        backends: Object.entries(policies).map(([virtualServiceName, { tls: own }]) => ({
          virtualService: { virtualServiceName, ...(own ? { clientPolicy: { tls: own } } : {}) },
        })),
      },
      secure: listening('secure.local', listener(8080, 'http', { tls })),
      both: listening('secure.local', listener(8080, 'http'), listener(8443, 'http', { tls })),
      plain: called('http'),
    },
    services: Object.fromEntries(
      Object.entries(policies).map(([name, { node: virtualNode, port }]) => [
        name,
        {
          all: {
            httpRoute: {
              match: { prefix: '/' },
              action: { weightedTargets: [{ virtualNode, weight: 1, ...(port ? { port } : {}) }] },
            },
          },
        },
      ]),
    ),
  });
  const app = await startHttpApplication(t, 'app');
  const secure = await startProxy(
    t,
    mesh,
    { kind: 'node', name: 'secure' },
    { ...around, applications: { 8080: app.address } },
  );
  const secureAddress = secure.at(8080);
  const proxy = await startCaller(t, mesh, {
    ...around,
    endpoints: {
      secure: [secure.listeners],
      plain: [app.address],
      both: [{ 8080: app.address, 8443: secureAddress }],
    },
  });
  const statusOf = async (service: string) => (await proxy.call(service)).status;

  await t.test('that enforces TLS speaks nothing else', async () => {
    assert.equal(await statusOf('enforced.local'), 200);
    assert.equal(await statusOf('enforced-in-vain.local'), 503);
    assert.equal(await statusOf('enforced-by-default.local'), 503);
  });

  await t.test('that does not enforce it speaks as the backend does', async () => {
    assert.equal(await statusOf('optional.local'), 200);
    assert.equal(await statusOf('optional-to-secure.local'), 200);
  });

  await t.test('trusts the authorities it names and no others', async () => {
    assert.equal(await statusOf('distrusting.local'), 503);
  });

  await t.test('holds for the ports it lists, or for all', async () => {
    assert.equal(await statusOf('port-listed.local'), 200);
    assert.equal(await statusOf('port-not-listed.local'), 200);
    assert.equal(await statusOf('no-ports.local'), 503);
  });

  await t.test("of the node's defaults holds for backends that have none", async () => {
    assert.equal(await statusOf('by-default.local'), 200);
    assert.equal(await statusOf('by-default-in-vain.local'), 503);
  });
});
