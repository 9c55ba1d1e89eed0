import { gatewayRoutes } from '../../../src/mesh/envoy/gateway-route.ts';
import { egressRoutes } from '../../../src/mesh/envoy/route.ts';
import type { Typed } from '../../../src/mesh/envoy/vocabulary.ts';
import type { Entrance, External, ProxyModel, ReachableService } from '../../../src/mesh/proxy-model.ts';
import { type GatewayRouteSpec, gatewayRouteSpec } from '../../../src/model/mesh/gateway-route.ts';
import { type RouteSpec, routeSpec } from '../../../src/model/mesh/route.ts';

type Listeners = ReachableService['listeners'];

/** The host name of the services in these tests. */
export const host = 'backend.local';

/** A virtual service with these routes; a target's cluster is called as its node, or `node:port` where it says a port. */
export function service(
  routes: Readonly<Record<string, unknown>>,
  {
    name = host,
    listeners = [{ port: 8080, protocol: 'http' }],
  }: { name?: string; listeners?: Listeners } = {},
): ReachableService {
  return {
    name,
    listeners,
    routes: Object.entries(routes).map(([route, spec]) => ({ name: route, spec: routeSpec.parse(spec) })),
    clusterOf: ({ virtualNode, port }) => (port === undefined ? virtualNode : `${virtualNode}:${port}`),
  };
}

/** Routes of a sidecar's egress listener to some services. */
export function egress(
  services: readonly ReachableService[],
  { external = 'none', port }: { external?: External; port?: number } = {},
): Typed {
  return egressRoutes(
    { name: 'egress', address: undefined, port, services },
    model({ external, proxy: { kind: 'node', name: 'caller' } }),
  );
}

/** Routes of a gateway's listener; each gateway route leads to the service of its target's name. */
export function gateway(
  routes: Readonly<Record<string, unknown>>,
  services: readonly ReachableService[],
  policy?: Entrance['policy'],
): Typed {
  const entrance = {
    name: 'ingress',
    port: 80,
    protocol: 'http',
    address: undefined,
    tls: undefined,
    connectionPool: undefined,
    policy,
    routes: Object.entries(routes).map(([name, value]) => {
      const spec = gatewayRouteSpec.parse(value);
      return { name, spec, service: targetOf(spec, services) };
    }),
  } satisfies Entrance;
  return gatewayRoutes(entrance, model({ proxy: { kind: 'gateway', name: 'gateway' } }));
}

/** An HTTP route with this match, to a node of that name. */
export function toNode(node: string, match: object = { prefix: '/' }, more: object = {}): RouteSpec {
  return {
    httpRoute: { match, action: { weightedTargets: [{ virtualNode: node, weight: 1 }] }, ...more },
  } as RouteSpec;
}

/** An HTTP gateway route with this match, to the service of these tests. */
export function toService(match: object, action: object = {}, more: object = {}): GatewayRouteSpec {
  const target = { virtualService: { virtualServiceName: host } };
  return { httpRoute: { match, action: { target, ...action } }, ...more } as GatewayRouteSpec;
}

function targetOf(spec: GatewayRouteSpec, services: readonly ReachableService[]): ReachableService {
  const target = (spec.httpRoute ?? spec.http2Route ?? spec.grpcRoute)?.action.target;
  const found = services.find(({ name }) => name === target?.virtualService.virtualServiceName);
  if (!found) throw new Error(`no service for ${JSON.stringify(target)}`);
  return found;
}

function model(parts: Pick<ProxyModel, 'proxy'> & Partial<ProxyModel>): ProxyModel {
  return {
    mesh: 'mesh',
    identity: 'test',
    admin: { host: '127.0.0.1', port: 1 },
    inbound: [],
    entrances: [],
    egress: [],
    tcpEgress: [],
    external: 'none',
    interception: undefined,
    upstreams: [],
    secrets: [],
    accessLog: undefined,
    policy: {},
    ...parts,
  };
}
