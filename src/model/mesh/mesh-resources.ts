import type { GatewayRouteSpec } from './gateway-route.ts';
import type { MeshSpec } from './mesh.ts';
import type { RouteSpec } from './route.ts';
import type { VirtualGatewaySpec } from './virtual-gateway.ts';
import type { VirtualNodeSpec } from './virtual-node.ts';
import type { VirtualRouterSpec } from './virtual-router.ts';
import type { VirtualServiceSpec } from './virtual-service.ts';

/** The resources of one mesh by name, in App Mesh's terms. */
export interface MeshResources {
  readonly name: string;
  readonly spec: MeshSpec;
  readonly virtualNodes: Readonly<Record<string, VirtualNodeSpec>>;
  readonly virtualServices: Readonly<Record<string, VirtualServiceSpec>>;
  readonly virtualRouters: Readonly<Record<string, VirtualRouter>>;
  readonly virtualGateways: Readonly<Record<string, VirtualGateway>>;
}

/** A virtual router and its routes by name. */
export interface VirtualRouter {
  readonly spec: VirtualRouterSpec;
  readonly routes: Readonly<Record<string, RouteSpec>>;
}

/** A virtual gateway and its routes by name. */
export interface VirtualGateway {
  readonly spec: VirtualGatewaySpec;
  readonly gatewayRoutes: Readonly<Record<string, GatewayRouteSpec>>;
}
