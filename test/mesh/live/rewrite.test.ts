import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGrpcApplication } from './applications/grpc.ts';
import { startHttpApplication } from './applications/http.ts';
import { grpcClient } from './clients/grpc.ts';
import { ask } from './clients/http.ts';
import { called, type GatewaySpec, meshOf } from './definition.ts';
import { startProxy } from './proxies.ts';

type HttpRoute = NonNullable<GatewaySpec['gatewayRoutes'][string]['httpRoute']>;

interface Case {
  readonly title: string;
  readonly match: HttpRoute['match'];
  readonly rewrite?: HttpRoute['action']['rewrite'];
  /** Paths as they come and as they reach the app. */
  readonly paths: Readonly<Record<string, string>>;
  /** Host as it reaches the app. */
  readonly host?: string;
}

const asked = 'shop.example.com';

/** https://docs.aws.amazon.com/app-mesh/latest/userguide/gateway-routes.html */
const cases: readonly Case[] = [
  {
    title: 'the prefix / and the name of the virtual service, when nothing is said',
    match: { prefix: '/default/' },
    paths: { '/default/a/b?c=d': '/a/b?c=d', '/default/': '/' },
  },
  {
    title: 'its own prefix, when the default is off',
    match: { prefix: '/kept/' },
    rewrite: { prefix: { defaultPrefix: 'DISABLED' } },
    paths: { '/kept/a?b=c': '/kept/a?b=c' },
  },
  {
    title: 'the prefix /, when the default is on',
    match: { prefix: '/on/' },
    rewrite: { prefix: { defaultPrefix: 'ENABLED' } },
    paths: { '/on/a?b=c': '/a?b=c' },
  },
  {
    title: 'another prefix',
    match: { prefix: '/v1/' },
    rewrite: { prefix: { value: '/catalog/' } },
    paths: { '/v1/a?b=c': '/catalog/a?b=c', '/v1/': '/catalog/' },
  },
  {
    title: 'another path',
    match: { path: { exact: '/old' } },
    rewrite: { path: { exact: '/new' } },
    paths: { '/old': '/new', '/old?a=b': '/new?a=b' },
  },
  {
    title: 'another path for all that an expression matches',
    match: { path: { regex: '/items/[0-9]+' } },
    rewrite: { path: { exact: '/item' } },
    paths: { '/items/12': '/item' },
  },
  {
    title: 'its own path, when nothing is said of one that is matched exactly',
    match: { path: { exact: '/same' } },
    paths: { '/same?a=b': '/same?a=b' },
  },
  {
    title: 'its own host, when the default is off',
    match: { prefix: '/host/' },
    rewrite: { hostname: { defaultTargetHostname: 'DISABLED' } },
    paths: { '/host/a': '/a' },
    host: asked,
  },
  {
    title: 'the name of the virtual service, when the default is on',
    match: { prefix: '/name/' },
    rewrite: { hostname: { defaultTargetHostname: 'ENABLED' } },
    paths: { '/name/a': '/a' },
  },
];

test('a request goes from a gateway to the app with', async (t) => {
  const target = { virtualService: { virtualServiceName: 'app.local' } };
  const calls = { virtualService: { virtualServiceName: 'echo.local' } };
  const keepHost = { rewrite: { hostname: { defaultTargetHostname: 'DISABLED' as const } } };
  const mesh = meshOf({
    nodes: { app: called('http'), echo: called('grpc') },
    services: { 'app.local': 'app', 'echo.local': 'echo' },
    gateways: {
      gateway: {
        spec: {
          listeners: [
            { portMapping: { port: 8080, protocol: 'http' } },
            { portMapping: { port: 9090, protocol: 'grpc' } },
          ],
        },
        gatewayRoutes: {
          ...Object.fromEntries(
            cases.map(({ match, rewrite }, index) => [
              `route-${index}`,
              { httpRoute: { match, action: { target, ...(rewrite ? { rewrite } : {}) } } },
            ]),
          ),
          kept: {
            priority: 1,
            grpcRoute: {
              match: { serviceName: 'strata.test.Mirror' },
              action: { target: calls, ...keepHost },
            },
          },
          renamed: { priority: 2, grpcRoute: { match: {}, action: { target: calls } } },
        },
      },
    },
  });
  const app = await startHttpApplication(t, 'app');
  const echo = await startGrpcApplication(t, 'echo');
  const proxy = await startProxy(
    t,
    mesh,
    { kind: 'gateway', name: 'gateway' },
    { endpoints: { app: [app.address], echo: [echo.address] } },
  );

  for (const { title, paths, host = 'app.local' } of cases) {
    await t.test(title, async () => {
      for (const [path, expected] of Object.entries(paths)) {
        app.reply({});
        assert.equal((await ask(proxy.at(8080), { path, host: asked })).status, 200);
        const [request] = app.requests;
        assert.deepEqual([request?.path, request?.host], [expected, host]);
      }
    });
  }

  await t.test('the name of the virtual service, or its own, when it is a gRPC call', async () => {
    const call = grpcClient(t, proxy.at(9090));
    echo.reply({});
    await call({ authority: asked });
    await call({ authority: asked, service: 'strata.test.Mirror' });
    assert.deepEqual(
      echo.calls.map(({ authority }) => authority),
      ['echo.local', asked],
    );
  });
});
