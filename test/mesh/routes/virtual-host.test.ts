import assert from 'node:assert/strict';
import { test } from 'node:test';
import { externalCluster } from '../../../src/mesh/envoy/forward-proxy.ts';
import type { Typed } from '../../../src/mesh/envoy/vocabulary.ts';
import { egress, gateway, host, service, toNode, toService } from './models.ts';
import { answering, startRouter } from './router.ts';

const onPort = (port: number) => toNode('node', { prefix: '/', port });

/** Domains of each virtual host by name. */
function domains(configuration: Typed) {
  const hosts = configuration.virtual_hosts as { name: string; domains: string[] }[];
  return Object.fromEntries(hosts.map((one) => [one.name, one.domains]));
}

test('virtual services by the Host', async (t) => {
  const single = service({ single: toNode('node') }, { name: 'single.local' });
  const several = service(
    { first: onPort(8080), second: onPort(9090), usual: onPort(80), any: toNode('node', { prefix: '/any' }) },
    {
      name: 'several.local',
      listeners: [
        { port: 8080, protocol: 'http' },
        { port: 9090, protocol: 'http2' },
        { port: 80, protocol: 'http' },
        { port: 5432, protocol: 'tcp' },
      ],
    },
  );
  const unusual = service(
    { first: onPort(8080), second: onPort(9090) },
    {
      name: 'unusual.local',
      listeners: [
        { port: 9090, protocol: 'http' },
        { port: 8080, protocol: 'http' },
      ],
    },
  );
  const database = service({}, { name: 'database.local', listeners: [{ port: 5432, protocol: 'tcp' }] });
  const empty = service({}, { name: 'empty.local', listeners: [] });
  const services = [single, several, unusual, database, empty];
  const router = await startRouter(t, {
    egress: answering(egress(services)),
    redirected: answering(egress(services, { port: 8080 })),
  });
  const choice = async (name: string, listener = 'egress', path = '/') =>
    (await router.send({ host: name, path }, listener)).route;

  await t.test('one with one port has its name, with any port and in any case', async () => {
    for (const name of ['single.local', 'single.local:8080', 'single.local:1', 'SINGLE.local']) {
      assert.equal(await choice(name), 'single', name);
    }
  });

  await t.test('one with several has the routes of the port the Host names', async () => {
    assert.equal(await choice('several.local:8080'), 'first');
    assert.equal(await choice('several.local:9090'), 'second');
    assert.equal(await choice('several.local:8080', 'egress', '/any'), 'any');
    assert.equal(await choice('several.local:9090', 'egress', '/any'), 'any');
    assert.equal(await choice('several.local:1'), 'unlisted');
  });

  await t.test('and, where the Host names none, of port 80 or else of its first', async () => {
    assert.equal(await choice('several.local'), 'usual');
    assert.equal(await choice('unusual.local'), 'second');
  });

  await t.test(
    'a connection redirected from a port has the routes of that port whatever the Host says',
    async () => {
      for (const name of ['several.local', 'several.local:8080', 'several.local:9090']) {
        assert.equal(await choice(name, 'redirected'), 'first', name);
      }
      assert.equal(await choice('single.local', 'redirected'), 'single');
    },
  );

  await t.test('one without a provider answers 404, one that speaks TCP is no HTTP backend', async () => {
    assert.equal((await router.send({ host: 'empty.local' })).status, 404);
    assert.equal((await router.send({ host: 'database.local' })).status, 502);
  });

  await t.test('a host that is none of them is answered 502 and told which there are', async () => {
    const { status, body } = await router.send({ host: 'elsewhere.local' });
    assert.equal(status, 502);
    const names = services.map(({ name }) => name).join(', ');
    assert.equal(body, `caller does not list this host as a backend. Its backends: ${names}.\n`);
  });
});

test('hosts outside of the mesh go out as far as the egress filter lets them', () => {
  const { external: all } = domains(egress([], { external: 'all' }));
  assert.deepEqual(all, ['*']);
  const some = domains(egress([], { external: 'aws' }));
  assert.deepEqual(some, { external: ['*.amazonaws.com', '*.amazonaws.com.cn'], unlisted: ['*'] });
  assert.deepEqual(domains(egress([])), { unlisted: ['*'] });
  const [outside] = egress([], { external: 'all' }).virtual_hosts as { routes: object[] }[];
  assert.deepEqual(outside?.routes, [
    { name: 'external', match: { prefix: '/' }, route: { cluster: externalCluster, timeout: '15s' } },
  ]);
});

test('no domain stands twice, for Envoy refuses that: the first service has it', async (t) => {
  const services = ['Same.local', 'same.local', 'SAME.LOCAL'].map((name) =>
    service({ [name]: toNode('node') }, { name }),
  );
  const router = await startRouter(t, { egress: answering(egress(services)) });
  assert.equal((await router.send({ host: 'same.local' })).route, 'Same.local');
});

test('gateway routes by the Host', async (t) => {
  const routes = {
    everyHost: toService({ prefix: '/every' }),
    name: toService({ prefix: '/', hostname: { exact: 'www.Example.com' } }),
    sameName: toService({ prefix: '/same', hostname: { exact: 'www.example.com' } }),
    ending: toService({ prefix: '/ending', hostname: { suffix: '.example.com' } }),
    bareEnding: toService({ prefix: '/', hostname: { suffix: 'ample.com' } }),
    grpc: { grpcRoute: { match: { hostname: { exact: 'www.example.com' } }, action: { target: target() } } },
  };
  const router = await startRouter(t, {
    gateway: answering(gateway(routes, [service({ to: toNode('node') })])),
  });
  const choice = async (name: string, path = '/', headers = {}) =>
    (await router.send({ host: name, path, headers })).route?.replace('/to', '');

  await t.test('a whole name, in any case and with any port', async () => {
    for (const name of ['www.example.com', 'WWW.example.com', 'www.example.com:8443']) {
      assert.equal(await choice(name), 'name', name);
    }
  });

  await t.test('routes for the same name are one virtual host', async () => {
    assert.equal(await choice('www.example.com', '/same'), 'sameName');
    const headers = { 'content-type': 'application/grpc' };
    assert.equal(await choice('www.example.com', '/s/m', headers), 'grpc');
  });

  await t.test('an ending, which may be the whole name', async () => {
    assert.equal(await choice('api.example.com', '/ending'), 'ending');
    assert.equal(await choice('sample.com'), 'bareEnding');
    assert.equal(await choice('ample.com'), 'bareEnding');
    assert.equal(await choice('mple.com'), undefined);
  });

  await t.test('a request for a name also has the routes for its endings and for every host', async () => {
    assert.equal(await choice('api.example.com', '/other'), 'bareEnding');
    assert.equal(await choice('elsewhere.test', '/every'), 'everyHost');
    const preferred = { ...routes, everyHost: toService({ prefix: '/every' }, {}, { priority: 1 }) };
    const [first] = gateway(preferred, [service({ to: toNode('node') })]).virtual_hosts as {
      routes: { name: string }[];
    }[];
    assert.equal(first?.routes[0]?.name, 'everyHost/to');
  });
});

function target() {
  return { virtualService: { virtualServiceName: host } };
}
