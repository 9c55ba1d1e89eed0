import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGrpcApplication } from './applications/grpc.ts';
import { startHttpApplication } from './applications/http.ts';
import { grpcClient } from './clients/grpc.ts';
import { ask, type Question } from './clients/http.ts';
import { called, type GatewaySpec, meshOf } from './definition.ts';
import { startProxy } from './proxies.ts';

type GatewayRoute = GatewaySpec['gatewayRoutes'][string];
type HttpMatch = NonNullable<GatewayRoute['httpRoute']>['match'];

const target = (virtualServiceName: string, port?: number) => ({
  target: { virtualService: { virtualServiceName }, ...(port === undefined ? {} : { port }) },
});
const http = (match: HttpMatch, priority: number, service = 'matched.local'): GatewayRoute => ({
  priority,
  httpRoute: { match, action: target(service) },
});

interface Kind {
  readonly title: string;
  readonly match: HttpMatch;
  readonly matching: readonly Question[];
  readonly others: readonly Question[];
}

/** Each kind has a path or a host of its own, so that all share one gateway. */
const kinds: readonly Kind[] = [
  {
    title: 'an exact host',
    match: { prefix: '/', hostname: { exact: 'www.example.com' } },
    matching: [{ host: 'www.example.com' }, { host: 'www.example.com:8080', path: '/a' }],
    others: [{ host: 'example.com' }, { host: 'a.www.example.com' }],
  },
  {
    title: 'the end of a host',
    match: { prefix: '/', hostname: { suffix: '.example.org' } },
    matching: [{ host: 'www.example.org' }, { host: 'a.b.example.org' }],
    others: [{ host: 'example.org' }, { host: 'www.example.net' }],
  },
  {
    title: 'a prefix of the path',
    match: { prefix: '/prefix' },
    matching: [{ path: '/prefix' }, { path: '/prefix/a?b=c' }],
    others: [{ path: '/' }, { path: '/a/prefix' }],
  },
  {
    title: 'an exact path',
    match: { path: { exact: '/exact' } },
    matching: [{ path: '/exact' }, { path: '/exact?a=b' }],
    others: [{ path: '/exact/a' }],
  },
  {
    title: 'an expression for the whole path',
    match: { path: { regex: '/regex/[0-9]+' } },
    matching: [{ path: '/regex/1' }],
    others: [{ path: '/regex/a' }, { path: '/regex/1/a' }],
  },
  {
    title: 'a method',
    match: { prefix: '/method', method: 'PUT' },
    matching: [{ path: '/method', method: 'PUT' }],
    others: [{ path: '/method' }],
  },
  {
    title: 'a header',
    match: { prefix: '/header', headers: [{ name: 'x-version', match: { exact: 'v1' } }] },
    matching: [{ path: '/header', headers: { 'x-version': 'v1' } }],
    others: [{ path: '/header', headers: { 'x-version': 'v2' } }, { path: '/header' }],
  },
  {
    title: 'a header that is not there',
    match: { prefix: '/inverted', headers: [{ name: 'x-version', invert: true }] },
    matching: [{ path: '/inverted' }],
    others: [{ path: '/inverted', headers: { 'x-version': 'v1' } }],
  },
  {
    title: 'a query parameter',
    match: { prefix: '/query', queryParameters: [{ name: 'page', match: { exact: '2' } }] },
    matching: [{ path: '/query?page=2' }],
    others: [{ path: '/query?page=1' }, { path: '/query' }],
  },
  {
    title: 'host and path together',
    match: { prefix: '/both', hostname: { exact: 'both.example.com' } },
    matching: [{ host: 'both.example.com', path: '/both/a' }],
    others: [{ host: 'both.example.com', path: '/' }, { path: '/both/a' }],
  },
];

test('a gateway', async (t) => {
  const mesh = meshOf({
    nodes: { matched: called('http'), other: called('http'), echo: called('grpc'), mirror: called('grpc') },
    services: {
      'matched.local': 'matched',
      'other.local': 'other',
      'echo.local': 'echo',
      'mirror.local': 'mirror',
    },
    gateways: {
      front: {
        spec: {
          listeners: [
            { portMapping: { port: 8080, protocol: 'http' } },
            { portMapping: { port: 9090, protocol: 'http' } },
          ],
        },
        gatewayRoutes: {
          rest: http({ prefix: '/' }, 100, 'other.local'),
          ...Object.fromEntries(
            kinds.map(({ title, match }, index) => [title.replaceAll(' ', '-'), http(match, index)]),
          ),
          port: http({ prefix: '/port', port: 9090 }, 50),
          late: http({ prefix: '/ranked/more' }, 61),
          early: http({ prefix: '/ranked' }, 60, 'other.local'),
        },
      },
      calls: {
        spec: { listeners: [{ portMapping: { port: 8080, protocol: 'grpc' } }] },
        gatewayRoutes: {
          rest: { priority: 3, grpcRoute: { match: {}, action: target('echo.local') } },
          service: {
            priority: 2,
            grpcRoute: { match: { serviceName: 'strata.test.Mirror' }, action: target('mirror.local') },
          },
          metadata: {
            priority: 1,
            grpcRoute: {
              match: { metadata: [{ name: 'tenant', match: { exact: 'a' } }] },
              action: target('mirror.local'),
            },
          },
          host: {
            priority: 0,
            grpcRoute: {
              match: { hostname: { exact: 'mirror.example.com' } },
              action: target('mirror.local'),
            },
          },
        },
      },
    },
  });
  const [matched, other] = [await startHttpApplication(t, 'matched'), await startHttpApplication(t, 'other')];
  const [echo, mirror] = [await startGrpcApplication(t, 'echo'), await startGrpcApplication(t, 'mirror')];
  const endpoints = {
    matched: [matched.address],
    other: [other.address],
    echo: [echo.address],
    mirror: [mirror.address],
  };
  const front = await startProxy(t, mesh, { kind: 'gateway', name: 'front' }, { endpoints });
  const calls = await startProxy(t, mesh, { kind: 'gateway', name: 'calls' }, { endpoints });

  for (const { title, matching, others } of kinds) {
    await t.test(`routes by ${title}`, async () => {
      for (const question of matching) assert.equal((await ask(front.at(8080), question)).body, 'matched');
      for (const question of others) assert.equal((await ask(front.at(8080), question)).body, 'other');
    });
  }

  await t.test('routes by the port of its listener', async () => {
    assert.equal((await ask(front.at(9090), { path: '/port' })).body, 'matched');
    assert.equal((await ask(front.at(8080), { path: '/port' })).body, 'other');
  });

  await t.test('tries its routes by priority, also when a later one says more', async () => {
    assert.equal((await ask(front.at(8080), { path: '/ranked/more' })).body, 'other');
  });

  await t.test('routes gRPC calls by host, service and metadata', async () => {
    const call = grpcClient(t, calls.at(8080));
    const by = async (
      question: Omit<Parameters<typeof call>[0], 'authority'>,
      authority = 'any.example.com',
    ) => {
      const { messages } = await call({ ...question, authority });
      return messages[0]?.text;
    };
    assert.equal(await by({}), 'echo: hello');
    assert.equal(await by({ service: 'strata.test.Mirror' }), 'mirror: hello');
    assert.equal(await by({ metadata: { tenant: 'a' } }), 'mirror: hello');
    assert.equal(await by({ metadata: { tenant: 'b' } }), 'echo: hello');
    assert.equal(await by({}, 'mirror.example.com'), 'mirror: hello');
  });
});
