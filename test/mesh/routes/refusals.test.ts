import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeRefusals } from '../../../src/mesh/envoy/route-refusals.ts';
import type { GatewayRouteSpec } from '../../../src/model/mesh/gateway-route.ts';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import { gateway, host, service, toNode, toService } from './models.ts';

function refused(
  routes: Record<string, RouteSpec>,
  gatewayRoutes: Record<string, GatewayRouteSpec> = {},
  name = host,
) {
  return routeRefusals({
    name: 'mesh',
    spec: {},
    virtualNodes: {},
    virtualServices: { [name]: { provider: { virtualRouter: { virtualRouterName: 'router' } } } },
    virtualRouters: { router: { spec: {}, routes } },
    virtualGateways: { edge: { spec: { listeners: [] }, gatewayRoutes } },
  }).map(({ at, mistake: { path, found, allowed } }) => ({ at: at.at(-1), path, found, allowed }));
}

test('what can be compiled is not refused', () => {
  assert.deepEqual(
    refused({ a: toNode('n', { path: { regex: '/a+' } }) }, { g: toService({ prefix: '/' }) }),
    [],
  );
});

test('CONNECT with a path, for it has none', () => {
  const routes = {
    a: toNode('n', { prefix: '/', method: 'CONNECT' }),
    b: toNode('n', { prefix: '/b', method: 'CONNECT' }),
  };
  const gatewayRoutes = { g: toService({ path: { exact: '/g' }, method: 'CONNECT' }) };
  assert.deepEqual(
    refused(routes, gatewayRoutes).map(({ path }) => path),
    [
      'virtualRouters.router.routes.b.httpRoute.match.method',
      'virtualGateways.edge.gatewayRoutes.g.httpRoute.match.method',
    ],
  );
});

test("a '*' in the name of a virtual service or in a gateway route's host name, which Envoy would obey", () => {
  const gatewayRoutes = {
    exact: toService({ prefix: '/', hostname: { exact: '*' } }),
    suffix: toService({ prefix: '/', hostname: { suffix: '*.a.test' } }),
  };
  assert.deepEqual(
    refused({}, gatewayRoutes, '*.local').map(({ path, found }) => [path, found]),
    [
      ['virtualServices["*.local"]', "'*.local'"],
      ['virtualGateways.edge.gatewayRoutes.exact.httpRoute.match.hostname', "'*'"],
      ['virtualGateways.edge.gatewayRoutes.suffix.httpRoute.match.hostname', "'*.a.test'"],
    ],
  );
});

const edge = 'virtualGateways.edge.gatewayRoutes.g leads here and';

const behind = [
  {
    says: 'a regular expression behind a rewritten path',
    route: toNode('n', { path: { regex: '/[ab]+' } }),
    gatewayRoute: toService({ path: { exact: '/x' } }, { rewrite: { path: { exact: '/a' } } }),
    allowed: `a prefix or an exact path: ${edge} rewrites the path`,
  },
  {
    says: 'two regular expressions for one path',
    route: toNode('n', { path: { regex: '/[ab]+' } }),
    gatewayRoute: toService({ path: { regex: '/a+' } }),
    allowed: `a prefix or an exact path: ${edge} asks for another regular expression`,
  },
  {
    says: 'a condition on a rewritten Host',
    route: toNode('n', { prefix: '/', headers: [{ name: 'host', match: { exact: host } }] }),
    gatewayRoute: toService({ prefix: '/' }),
    allowed: `no condition on the Host: ${edge} rewrites it`,
  },
];

for (const { says, route, gatewayRoute, allowed } of behind) {
  test(`${says}; compiling it is an error that says the same`, () => {
    const [refusal, ...others] = refused({ r: route }, { g: gatewayRoute });
    assert.deepEqual(others, []);
    assert.equal(refusal?.path, 'virtualRouters.router.routes.r.httpRoute.match');
    assert.equal(refusal?.allowed, allowed);
    const compile = () => gateway({ g: gatewayRoute }, [service({ r: route })]);
    assert.throws(
      compile,
      new RegExp(`^RangeError: route r may have ${allowed.split(':')[0]}: gateway route g `),
    );
  });
}
