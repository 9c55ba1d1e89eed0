import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Typed } from '../../../src/mesh/envoy/vocabulary.ts';
import type { GatewayRouteSpec } from '../../../src/model/mesh/gateway-route.ts';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import { gatewayRouteSets, requests, routeSets } from './arbitraries.ts';
import { startEcho } from './echo.ts';
import { gateway, service } from './models.ts';
import { startRouter } from './router.ts';
import { chosenGatewayRoute, chosenRoute, rewritten, type SeenRequest } from './rules.ts';

const hosts = ['test', 'a.test', 'b.a.test', 'c.test', 'elsewhere'];
const services = ['one.local', 'two.local'];

const cases = fc.tuple(
  gatewayRouteSets(services),
  fc.tuple(routeSets, routeSets),
  fc.array(requests(hosts), { minLength: 40, maxLength: 40 }),
);

test('for random gateway routes, routes and requests Envoy chooses and rewrites as App Mesh does in two steps', async (t) => {
  const all = fc.sample(cases, 200);
  const compiled = all.flatMap(([gatewayRoutes, [one, two], sent]) => {
    const routes: Record<string, Record<string, RouteSpec>> = { 'one.local': one, 'two.local': two };
    const configuration = compiledOf(gatewayRoutes, routes);
    return configuration ? [{ gatewayRoutes, routes, sent, configuration }] : [];
  });
  assert.ok(compiled.length > 60, `only ${compiled.length} of ${all.length} can be expressed`);
  const router = await startRouter(
    t,
    Object.fromEntries(compiled.map(({ configuration }, index) => [`${index}`, configuration])),
    { clusters: { node: { address: await startEcho(t) } }, manager: { merge_slashes: true } },
  );
  let taken = 0;
  const check = async ({ gatewayRoutes, routes, sent }: (typeof compiled)[number], index: number) => {
    for (const request of sent) {
      const { method, host, headers, query } = request;
      const suffix = query === '' ? '' : `?${query}`;
      const { route, body } = await router.send(
        { method, host, headers, path: request.path + suffix },
        `${index}`,
      );
      const expected = expectation(gatewayRoutes, routes, request);
      if (expected) taken += 1;
      assert.deepEqual(
        body === '' ? undefined : { route, body },
        expected && { ...expected, body: expected.body + suffix },
        JSON.stringify({ request, gatewayRoutes, routes }),
      );
    }
  };
  await Promise.all(compiled.map(check));
  assert.ok(taken > 400, `only ${taken} requests had a route`);
});

/** What two steps make of a request, its slashes merged: the routes that take it, and what arrives; undefined when nobody takes it. */
function expectation(
  gatewayRoutes: Readonly<Record<string, GatewayRouteSpec>>,
  routes: Readonly<Record<string, Readonly<Record<string, RouteSpec>>>>,
  sent: SeenRequest,
) {
  const request = { ...sent, path: sent.path.replace(/\/+/g, '/') };
  const first = chosenGatewayRoute(gatewayRoutes, request);
  const spec = gatewayRoutes[first ?? ''];
  const target = spec?.httpRoute?.action.target.virtualService.virtualServiceName;
  if (!spec || !target) return undefined;
  const behind = rewritten(spec, target, request);
  const second = chosenRoute(routes[target] ?? {}, behind);
  return second && { route: `${first}/${second}`, body: `${behind.host}${behind.path}` };
}

function compiledOf(
  gatewayRoutes: Readonly<Record<string, GatewayRouteSpec>>,
  routes: Readonly<Record<string, Readonly<Record<string, RouteSpec>>>>,
): Typed | undefined {
  try {
    return gateway(
      gatewayRoutes,
      services.map((name) => service(routes[name] ?? {}, { name })),
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
