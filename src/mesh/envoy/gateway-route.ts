import type { Entrance, GatewayRouteModel, ProxyModel } from '../proxy-model.ts';
import { gatewayHosts, hostRank } from './gateway-route-host.ts';
import { type GatewayRequests, requestsBehind, requestsOf } from './gateway-route-match.ts';
import { pathRewriteFields } from './rewrite.ts';
import { envoyRoute, httpPorts, type RouteEntry, routeEntries } from './route-entry.ts';
import { type Conditions, envoyMatch } from './route-match.ts';
import { inOrder, rankOf } from './route-order.ts';
import { byRepeatability } from './route-repetition.ts';
import { routeConfiguration } from './virtual-host.ts';
import type { Typed } from './vocabulary.ts';

/**
 * Routes of a virtual gateway's listener: each gateway route together with the routes of the virtual service it leads
 * to, so that a request goes straight to a node. A request that a gateway route takes and none of the service's routes
 * does is answered 404, and not given to another gateway route.
 * https://docs.aws.amazon.com/app-mesh/latest/userguide/gateway-routes.html
 * @throws {RangeError} for what `routeRefusals` refuses, and when all targets of a route have weight 0
 */
export function gatewayRoutes({ name, routes, policy }: Entrance, { proxy }: ProxyModel): Typed {
  const routesOf = serviceRoutes();
  const entries = routes.map((route) => {
    const requests = requestsOf(route.spec);
    const { hostname, conditions } = requests;
    const behind = routesBehind(route, requests, routesOf(route));
    const repeated = policy ? behind.routes.flatMap((one) => byRepeatability(one, policy)) : behind.routes;
    const written = repeated.map(envoyRoute);
    return {
      name: route.name,
      hostname,
      rank: rankOf(route.spec.priority, conditions, [hostRank(hostname)]),
      routes: behind.all ? written : [...written, unmatched(route.name, conditions)],
    };
  });
  return routeConfiguration(name, gatewayHosts(proxy.name, inOrder(entries)), { ignorePort: true });
}

/** A service's routes in terms of the requests the gateway gets, and whether one of them is for all of these. */
function routesBehind(
  { name, service }: GatewayRouteModel,
  requests: GatewayRequests,
  inner: readonly RouteEntry[],
) {
  const rewrites = {
    ...pathRewriteFields(requests.rewrite),
    ...(requests.hostKept ? {} : { host_rewrite_literal: service.name }),
  };
  let all = false;
  const routes = inner.flatMap((route) => {
    const behind = requestsBehind(requests, route.conditions);
    if (behind.kind === 'none') return [];
    if (behind.kind === 'inexpressible') {
      const { allowed, since } = behind;
      throw new RangeError(
        `route ${route.name} may have ${allowed}: gateway route ${name} leads there and ${since}`,
      );
    }
    all ||= behind.all;
    return [{ ...route, name: `${name}/${route.name}`, conditions: behind.conditions, rewrites }];
  });
  return { routes, all };
}

function unmatched(name: string, conditions: Conditions) {
  return { name, match: envoyMatch(conditions), direct_response: { status: 404 } };
}

/** The routes of the virtual service a gateway route leads to, for the port it means; each made once. */
function serviceRoutes(): (route: GatewayRouteModel) => RouteEntry[] {
  const known = new Map<string, RouteEntry[]>();
  return ({ spec, service }) => {
    const { target } = (spec.httpRoute ?? spec.http2Route ?? spec.grpcRoute)?.action ?? {};
    const port = target?.port ?? httpPorts(service)[0];
    const key = `${port}:${service.name}`;
    const routes = known.get(key) ?? routeEntries(service, port);
    known.set(key, routes);
    return routes;
  };
}
