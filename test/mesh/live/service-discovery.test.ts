import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../eventually.ts';
import { startHttpApplication } from './applications/http.ts';
import { called, meshOf, type NodeSpec } from './definition.ts';
import { startNameServer } from './name-server.ts';
import { startCaller } from './proxies.ts';

type Dns = Extract<NonNullable<NodeSpec['serviceDiscovery']>, { dns?: unknown }>['dns'];

test('a node is found by DNS', async (t) => {
  const names = await startNameServer(t);
  const first = await startHttpApplication(t, 'first', { host: '127.0.0.1' });
  const { port } = first.address;
  // The port is the node's, so both apps have the same on addresses of their own.
  const second = await startHttpApplication(t, 'second', { host: '127.0.0.2', port });
  const node = (dns: NonNullable<Dns>): NodeSpec => ({
    serviceDiscovery: { dns },
    listeners: [{ portMapping: { port, protocol: 'http' } }],
  });
  for (const name of ['balancer.test', 'endpoints.test', 'unsaid.test']) {
    names.set(name, first.address.host, second.address.host);
  }
  for (const name of ['four.test', 'six.test', 'four-first.test', 'six-first.test']) {
    names.set(name, first.address.host);
  }
  const mesh = meshOf({
    nodes: {
      balancer: node({ hostname: 'balancer.test', responseType: 'LOADBALANCER' }),
      endpoints: node({ hostname: 'endpoints.test', responseType: 'ENDPOINTS' }),
      unsaid: node({ hostname: 'unsaid.test' }),
      four: node({ hostname: 'four.test', ipPreference: 'IPv4_ONLY' }),
      six: node({ hostname: 'six.test', ipPreference: 'IPv6_ONLY' }),
      fourFirst: node({ hostname: 'four-first.test', ipPreference: 'IPv4_PREFERRED' }),
      sixFirst: node({ hostname: 'six-first.test', ipPreference: 'IPv6_PREFERRED' }),
      cloud: {
        serviceDiscovery: { awsCloudMap: { namespaceName: 'cloud.test', serviceName: 'mapped' } },
        listeners: [{ portMapping: { port, protocol: 'http' } }],
      },
    },
    services: {
      'balancer.local': 'balancer',
      'endpoints.local': 'endpoints',
      'unsaid.local': 'unsaid',
      'four.local': 'four',
      'six.local': 'six',
      'four-first.local': 'fourFirst',
      'six-first.local': 'sixFirst',
      'cloud.local': 'cloud',
    },
  });
  names.set('mapped.cloud.test', first.address.host, second.address.host);
  const proxy = await startCaller(t, mesh, { nameServer: names.address });
  const hostsOf = async (service: string) => {
    const seen = new Set<string>();
    for (let count = 0; count < 30; count += 1) seen.add((await proxy.call(service)).body);
    return [...seen].sort();
  };

  await t.test(
    'as one host of any address with the response type LOADBALANCER, and when none is said',
    async () => {
      assert.deepEqual(await hostsOf('balancer.local'), ['first']);
      assert.deepEqual(await hostsOf('unsaid.local'), ['first']);
    },
  );

  await t.test('as a host an address with the response type ENDPOINTS', async () => {
    assert.deepEqual(await hostsOf('endpoints.local'), ['first', 'second']);
  });

  await t.test('as a host an address of its name in Cloud Map', async () => {
    assert.deepEqual(await hostsOf('cloud.local'), ['first', 'second']);
  });

  await t.test('in the kind of address that is preferred', async () => {
    const asked = (name: string) =>
      [...new Set(names.questions.filter((question) => question.startsWith(name)))].sort();
    assert.deepEqual(await hostsOf('four.local'), ['first']);
    assert.deepEqual(asked('four.test'), ['four.test A']);
    assert.equal((await proxy.call('six.local')).status, 503);
    assert.deepEqual(asked('six.test'), ['six.test AAAA']);
    assert.deepEqual(await hostsOf('four-first.local'), ['first']);
    assert.deepEqual(await hostsOf('six-first.local'), ['first']);
    assert.ok(asked('six-first.test').includes('six-first.test AAAA'));
  });

  await t.test('anew when its answer changes', async () => {
    names.set('balancer.test', second.address.host);
    names.set('endpoints.test', second.address.host);
    for (const service of ['balancer.local', 'endpoints.local']) {
      await eventually(async () => assert.deepEqual(await hostsOf(service), ['second']), { timeout: 20_000 });
    }
  });
});

test("a mesh's preferred kind of address is that of the nodes that say nothing", async (t) => {
  const names = await startNameServer(t);
  const dns = (hostname: string, more: Partial<NonNullable<Dns>> = {}) => ({
    ...called('http'),
    serviceDiscovery: { dns: { hostname, ...more } },
  });
  const mesh = meshOf({
    spec: { serviceDiscovery: { ipPreference: 'IPv6_ONLY' } },
    nodes: { silent: dns('silent.test'), saying: dns('saying.test', { ipPreference: 'IPv4_ONLY' }) },
    services: { 'silent.local': 'silent', 'saying.local': 'saying' },
  });
  await startCaller(t, mesh, { nameServer: names.address });
  await eventually(() =>
    assert.deepEqual([...new Set(names.questions)].sort(), ['saying.test A', 'silent.test AAAA']),
  );
});

test('a node is found where its environment says, whatever its document says', async (t) => {
  const app = await startHttpApplication(t, 'app');
  const mesh = meshOf({
    nodes: {
      known: {
        serviceDiscovery: { dns: { hostname: 'nowhere.invalid' } },
        listeners: [{ portMapping: { port: 8080, protocol: 'http' } }],
      },
    },
    services: { 'known.local': 'known' },
  });
  const endpoints = { known: [app.address] };
  const proxy = await startCaller(t, mesh, { endpoints });
  assert.equal((await proxy.call('known.local')).body, 'app');
  const other = await startHttpApplication(t, 'other');
  await proxy.apply(mesh, { endpoints: { known: [other.address] } });
  await eventually(async () => assert.equal((await proxy.call('known.local')).body, 'other'));
});
