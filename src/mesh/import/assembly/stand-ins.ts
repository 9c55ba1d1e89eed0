import type { GatewayRouteSpec } from '../../../model/mesh/gateway-route.ts';
import type { RouteSpec } from '../../../model/mesh/route.ts';
import { routeMembers, routeProtocol } from '../../../model/mesh/route-kind.ts';
import type { PortProtocol } from '../../../model/mesh/terms.ts';
import type { VirtualGatewaySpec } from '../../../model/mesh/virtual-gateway.ts';
import type { VirtualNodeSpec } from '../../../model/mesh/virtual-node.ts';
import type { VirtualRouterSpec } from '../../../model/mesh/virtual-router.ts';
import type { Draft } from './draft.ts';

/** A port and what it speaks. */
export interface Port {
  readonly port: number;
  readonly protocol: PortProtocol;
}

/** The port of what says none. */
const usualPort = 8080;

/** A node in the place of one that is defined elsewhere: found in DNS under a name, listening on a port. */
export function standInNode(hostname: string, ports: readonly Port[]): VirtualNodeSpec {
  return {
    serviceDiscovery: { dns: { hostname } },
    listeners: ports.map((portMapping) => ({ portMapping })),
  };
}

/** A router in the place of one that is defined elsewhere: it listens for what its routes are. */
export function standInRouter(draft: Draft, name: string): VirtualRouterSpec {
  const ports = [...(draft.routes.get(name)?.values() ?? [])].map((route) => routePort(draft, route));
  return { listeners: onePortEach(ports).map((portMapping) => ({ portMapping })) };
}

/** A gateway in the place of one that is defined elsewhere: it listens for what its routes are. */
export function standInGateway(draft: Draft, name: string): VirtualGatewaySpec {
  const ports = [...(draft.gatewayRoutes.get(name)?.values() ?? [])].map(entrancePort);
  return {
    listeners: onePortEach(ports).map(({ port, protocol }) => ({
      portMapping: { port, protocol: protocol === 'tcp' ? 'http' : protocol },
    })),
  };
}

/** The ports a missing target of a route has: those its routers listen on, or the one the route names. */
export function targetPort(draft: Draft, router: string, route: RouteSpec, port: number | undefined): Port {
  const protocol = routeProtocol(route) ?? 'http';
  const listeners = (draft.routers.get(router)?.listeners ?? []).map(({ portMapping }) => portMapping);
  const own = listeners.find((listener) => listener.protocol === protocol) ?? listeners[0];
  return { port: port ?? own?.port ?? usualPort, protocol };
}

/** The port a missing service is called on, by the port its caller listens on: they are most often the same. */
export function backendPort(caller: VirtualNodeSpec | VirtualGatewaySpec | undefined): Port {
  return caller?.listeners?.[0]?.portMapping ?? { port: usualPort, protocol: 'http' };
}

/** Where a gateway route says a request goes. */
export function gatewayTarget(route: GatewayRouteSpec) {
  const { match, action } = route.httpRoute ?? route.http2Route ?? route.grpcRoute ?? {};
  return {
    port: action?.target.port,
    entrance: match?.port,
    service: action?.target.virtualService.virtualServiceName,
  };
}

/** Where a route says a request goes. */
export function routeTargets(route: RouteSpec) {
  const protocol = routeProtocol(route);
  return protocol === undefined ? [] : (route[routeMembers[protocol]]?.action.weightedTargets ?? []);
}

function routePort(draft: Draft, route: RouteSpec): Port {
  const protocol = routeProtocol(route) ?? 'http';
  const [target] = routeTargets(route);
  const known = draft.nodes.get(target?.virtualNode ?? '')?.listeners?.[0]?.portMapping.port;
  const match = route[routeMembers[protocol]]?.match;
  return { port: match?.port ?? target?.port ?? known ?? usualPort, protocol };
}

function entrancePort(route: GatewayRouteSpec): Port {
  return { port: gatewayTarget(route).entrance ?? usualPort, protocol: routeProtocol(route) ?? 'http' };
}

/** A port speaks one protocol; without a port of its own another protocol takes the next one. */
export function onePortEach(ports: readonly Port[]): Port[] {
  const distinct = new Map<number, Port>();
  for (const { port, protocol } of ports.length > 0
    ? ports
    : [{ port: usualPort, protocol: 'http' as const }]) {
    let free = port;
    while (distinct.has(free) && distinct.get(free)?.protocol !== protocol) free += 1;
    distinct.set(free, { port: free, protocol });
  }
  return [...distinct.values()];
}
