import type { GatewayRouteSpec } from './gateway-route.ts';
import type { RouteSpec } from './route.ts';
import type { PortProtocol } from './terms.ts';

/** The member that holds a route of each protocol. */
export const routeMembers = {
  http: 'httpRoute',
  http2: 'http2Route',
  grpc: 'grpcRoute',
  tcp: 'tcpRoute',
} as const satisfies Record<PortProtocol, keyof RouteSpec>;

/** A route's protocol; undefined when the specification has none. */
export function routeProtocol(spec: RouteSpec | GatewayRouteSpec): PortProtocol | undefined {
  return (Object.keys(routeMembers) as PortProtocol[]).find((protocol) =>
    Reflect.get(spec, routeMembers[protocol]),
  );
}
