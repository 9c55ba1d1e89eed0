import assert from 'node:assert/strict';
import { test } from 'node:test';
import { egress, gateway, service, toNode, toService } from './models.ts';

/** Names of the routes of the only virtual host, in the order in which Envoy tries them. */
function ordered(routes: Readonly<Record<string, unknown>>): string[] {
  const [host] = egress([service(routes)]).virtual_hosts as { routes: { name: string }[] }[];
  return host?.routes.map(({ name }) => name) ?? [];
}

const prioritized = (priority: number | undefined, match: object) => ({ ...toNode('node', match), priority });

test('routes are tried by priority: 0 first, those without one last', () => {
  const names = ordered({
    none: toNode('node', { path: { exact: '/a/b/c' } }),
    last: prioritized(1000, { prefix: '/a/b' }),
    first: prioritized(0, { prefix: '/' }),
    second: prioritized(1, { prefix: '/a' }),
  });
  assert.deepEqual(names, ['first', 'second', 'last', 'none']);
});

test('what priority leaves open is settled by the path: exact, regular expression, prefix, and the longer first', () => {
  const names = ordered({
    'prefix /': toNode('node', { prefix: '/' }),
    'prefix /long/prefix': toNode('node', { prefix: '/long/prefix' }),
    'regex /a.*': toNode('node', { path: { regex: '/a.*' } }),
    'exact /a': toNode('node', { path: { exact: '/a' } }),
    'regex /aa.*': toNode('node', { path: { regex: '/aa.*' } }),
    'exact /aa': toNode('node', { path: { exact: '/aa' } }),
  });
  const expected = ['exact /aa', 'exact /a', 'regex /aa.*', 'regex /a.*', 'prefix /long/prefix', 'prefix /'];
  assert.deepEqual(names, expected);
});

test('then by how many headers, then by how many query parameters are asked for, then by name', () => {
  const [headers, queryParameters] = [[{ name: 'a' }], [{ name: 'a' }]];
  const names = ordered({
    b: toNode('node', { prefix: '/' }),
    a: toNode('node', { prefix: '/' }),
    query: toNode('node', { prefix: '/', queryParameters }),
    method: toNode('node', { prefix: '/', method: 'GET' }),
    both: toNode('node', { prefix: '/', method: 'GET', headers }),
    'header and query': toNode('node', { prefix: '/', headers, queryParameters }),
  });
  assert.deepEqual(names, ['both', 'header and query', 'method', 'query', 'a', 'b']);
});

test('a gRPC method comes before its service, that before every call, and that before every request', () => {
  const grpc = (match: object) => ({
    grpcRoute: { match, action: { weightedTargets: [{ virtualNode: 'node', weight: 1 }] } },
  });
  const names = ordered({
    'every request': toNode('node', { prefix: '/' }),
    'every call': grpc({}),
    service: grpc({ serviceName: 'a' }),
    method: grpc({ serviceName: 'a', methodName: 'b' }),
  });
  assert.deepEqual(names, ['method', 'service', 'every call', 'every request']);
});

test('the order in the document changes nothing', () => {
  const routes = { b: toNode('node', { prefix: '/b' }), a: toNode('node', { prefix: '/a' }) };
  assert.deepEqual(ordered(routes), ordered(Object.fromEntries(Object.entries(routes).reverse())));
});

test('gateway routes of one priority are tried by host first: a name, the longer ending, every host', () => {
  const backend = service({ route: toNode('node') });
  const routes = {
    'every host': toService({ prefix: '/longest/prefix' }),
    ending: toService({ prefix: '/a', hostname: { suffix: '.test' } }),
    'longer ending': toService({ prefix: '/', hostname: { suffix: '.a.test' } }),
    name: toService({ prefix: '/', hostname: { exact: 'b.a.test' } }),
    preferred: toService({ prefix: '/', headers: [{ name: 'x' }] }, {}, { priority: 5 }),
  };
  const hosts = gateway(routes, [backend]).virtual_hosts as { name: string; routes: { name: string }[] }[];
  const names = hosts
    .find(({ name }) => name === 'b.a.test')
    ?.routes.map(({ name }) => name.replace('/route', ''));
  assert.deepEqual(names, ['preferred', 'name', 'longer ending', 'ending', 'every host']);
});
