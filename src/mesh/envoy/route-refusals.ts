import type { GatewayRouteSpec } from '../../model/mesh/gateway-route.ts';
import type { MeshResources } from '../../model/mesh/mesh-resources.ts';
import type { RouteSpec } from '../../model/mesh/route.ts';
import { routeMembers, routeProtocol } from '../../model/mesh/route-kind.ts';
import { type LocatedMistake, located, pathText } from '../../model/mistake.ts';
import { requestsBehind, requestsOf } from './gateway-route-match.ts';
import { conditionsOf } from './route-entry.ts';
import type { Conditions } from './route-match.ts';

/**
 * What routes and gateway routes say that Envoy has no words for. Resources are taken to be right otherwise
 * (`checkResources`).
 */
export function routeRefusals(resources: MeshResources): LocatedMistake[] {
  const { virtualServices, virtualRouters, virtualGateways } = resources;
  return [
    ...Object.keys(virtualServices).flatMap((name) => starMistakes(['virtualServices', name], name)),
    ...Object.entries(virtualRouters).flatMap(([router, { routes }]) =>
      Object.entries(routes).flatMap(([name, spec]) =>
        connectMistakes(['virtualRouters', router, 'routes', name], spec, conditionsOf(spec)),
      ),
    ),
    ...Object.entries(virtualGateways).flatMap(([gateway, { gatewayRoutes }]) =>
      Object.entries(gatewayRoutes).flatMap(([name, spec]) => {
        const at = ['virtualGateways', gateway, 'gatewayRoutes', name];
        const { conditions, hostname } = requestsOf(spec);
        return [
          ...starMistakes([...at, memberOf(spec), 'match', 'hostname'], hostname?.exact ?? hostname?.suffix),
          ...connectMistakes(at, spec, conditions),
          ...behindMistakes(resources, at, spec),
        ];
      }),
    ),
  ];
}

function starMistakes(at: readonly PropertyKey[], host = ''): LocatedMistake[] {
  return host.includes('*')
    ? [located(at, host, "a host name without '*'; a suffix says what others use it for")]
    : [];
}

function connectMistakes(
  at: readonly PropertyKey[],
  spec: RouteSpec | GatewayRouteSpec,
  { connect, path }: Conditions,
): LocatedMistake[] {
  if (!connect || (path.kind === 'prefix' && path.value === '/')) return [];
  return [
    located(
      [...at, memberOf(spec), 'match', 'method'],
      'CONNECT',
      "another method, or '/' as prefix: CONNECT has no path",
    ),
  ];
}

/** Routes that a gateway route leads to, and whose conditions cannot be stated behind it. */
function behindMistakes(
  { virtualServices, virtualRouters }: MeshResources,
  at: readonly PropertyKey[],
  spec: GatewayRouteSpec,
): LocatedMistake[] {
  const target = (spec.httpRoute ?? spec.http2Route ?? spec.grpcRoute)?.action.target.virtualService;
  const provider = virtualServices[target?.virtualServiceName ?? '']?.provider;
  const router = provider?.virtualRouter?.virtualRouterName ?? '';
  const requests = requestsOf(spec);
  return Object.entries(virtualRouters[router]?.routes ?? {}).flatMap(([name, route]) => {
    const behind = requestsBehind(requests, conditionsOf(route));
    if (behind.kind !== 'inexpressible') return [];
    const member = memberOf(route);
    const place = ['virtualRouters', router, 'routes', name, member, 'match'];
    const allowed = `${behind.allowed}: ${pathText(at)} leads here and ${behind.since}`;
    return [located(place, route[member]?.match, allowed)];
  });
}

function memberOf(spec: RouteSpec | GatewayRouteSpec) {
  return routeMembers[routeProtocol(spec) ?? 'http'];
}
