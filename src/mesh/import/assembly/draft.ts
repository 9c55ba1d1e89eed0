import type { GatewayRouteSpec } from '../../../model/mesh/gateway-route.ts';
import type { MeshSpec } from '../../../model/mesh/mesh.ts';
import type { MeshResources } from '../../../model/mesh/resources.ts';
import type { RouteSpec } from '../../../model/mesh/route.ts';
import type { VirtualGatewaySpec } from '../../../model/mesh/virtual-gateway.ts';
import type { VirtualNodeSpec } from '../../../model/mesh/virtual-node.ts';
import type { VirtualRouterSpec } from '../../../model/mesh/virtual-router.ts';
import type { VirtualServiceSpec } from '../../../model/mesh/virtual-service.ts';

/** A mesh while it is put together. */
export interface Draft {
  readonly name: string;
  readonly spec: MeshSpec;
  readonly nodes: Map<string, VirtualNodeSpec>;
  readonly services: Map<string, VirtualServiceSpec>;
  readonly routers: Map<string, VirtualRouterSpec>;
  /** By router, which may be missing. */
  readonly routes: Map<string, Map<string, RouteSpec>>;
  readonly gateways: Map<string, VirtualGatewaySpec>;
  /** By gateway, which may be missing. */
  readonly gatewayRoutes: Map<string, Map<string, GatewayRouteSpec>>;
}

/** A mesh without resources. */
export function emptyDraft(name: string, spec: MeshSpec): Draft {
  return {
    name,
    spec,
    nodes: new Map(),
    services: new Map(),
    routers: new Map(),
    routes: new Map(),
    gateways: new Map(),
    gatewayRoutes: new Map(),
  };
}

/** A draft as the model has it; routes whose router or gateway is not known are not in it. */
export function resourcesOf(draft: Draft): MeshResources {
  const { name, spec } = draft;
  return {
    name,
    spec,
    virtualNodes: Object.fromEntries(draft.nodes),
    virtualServices: Object.fromEntries(draft.services),
    virtualRouters: Object.fromEntries(
      [...draft.routers].map(([router, own]) => [
        router,
        { spec: own, routes: Object.fromEntries(draft.routes.get(router) ?? []) },
      ]),
    ),
    virtualGateways: Object.fromEntries(
      [...draft.gateways].map(([gateway, own]) => [
        gateway,
        { spec: own, gatewayRoutes: Object.fromEntries(draft.gatewayRoutes.get(gateway) ?? []) },
      ]),
    ),
  };
}
