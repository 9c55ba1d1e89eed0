import type { RouteSpec } from '../model/mesh/route.ts';
import type { WeightedTarget } from '../model/mesh/weighted-target.ts';

/** Where a route's requests go, whatever its protocol. */
export function routeTargets({
  httpRoute,
  http2Route,
  grpcRoute,
  tcpRoute,
}: RouteSpec): readonly WeightedTarget[] {
  return (httpRoute ?? http2Route ?? grpcRoute ?? tcpRoute)?.action.weightedTargets ?? [];
}
