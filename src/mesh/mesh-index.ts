import type { RouteSpec } from '../model/mesh/route.ts';
import type { PortProtocol } from '../model/mesh/terms.ts';
import type { VirtualNodeSpec } from '../model/mesh/virtual-node.ts';
import type { MeshDefinition } from './definition.ts';
import type { ProxyReference } from './environment.ts';
import { routeTargets } from './route-targets.ts';

/** What compiling looks up in a mesh, made once for all its proxies. */
export interface MeshIndex {
  readonly services: ReadonlyMap<string, IndexedService>;
  /** Who may call a node, by the node's name: whoever reaches a virtual service that leads there. */
  readonly callers: ReadonlyMap<string, readonly ProxyReference[]>;
}

/** A virtual service with what provides it. */
export interface IndexedService {
  readonly name: string;
  readonly listeners: readonly { readonly port: number; readonly protocol: PortProtocol }[];
  readonly routes: readonly { readonly name: string; readonly spec: RouteSpec }[];
  /** The listeners of nodes its routes lead to, each once. */
  readonly targets: readonly { readonly node: string; readonly port: number }[];
}

const indexes = new WeakMap<MeshDefinition, MeshIndex>();

/**
 * The index of a mesh; made at the first call and remembered by the object.
 * @throws {RangeError} when a provider or a target does not exist (`checkResources` says so with its path)
 */
export function meshIndex(mesh: MeshDefinition): MeshIndex {
  const known = indexes.get(mesh);
  if (known) return known;
  const services = new Map(
    Object.keys(mesh.virtualServices).map((name) => [name, indexedService(mesh, name)] as const),
  );
  const index = { services, callers: callersByNode(mesh, services) };
  indexes.set(mesh, index);
  return index;
}

/** A virtual node. @throws {RangeError} when the mesh has none of this name */
export function nodeOf(mesh: MeshDefinition, name: string): VirtualNodeSpec {
  const node = Object.hasOwn(mesh.virtualNodes, name) ? mesh.virtualNodes[name] : undefined;
  if (!node) throw new RangeError(`the mesh ${mesh.name} has no virtual node ${name}`);
  return node;
}

/** The listener of a node that a target means: the one of its port, or its only one. */
export function targetPort(
  mesh: MeshDefinition,
  { virtualNode, port }: { readonly virtualNode: string; readonly port?: number | undefined },
): number {
  const listeners = nodeOf(mesh, virtualNode).listeners ?? [];
  const found =
    port === undefined ? listeners[0] : listeners.find(({ portMapping }) => portMapping.port === port);
  if (!found) throw new RangeError(`the virtual node ${virtualNode} has no listener ${port ?? 'at all'}`);
  return found.portMapping.port;
}

/** Names of the virtual services a proxy may call. */
export function servicesReachedBy(mesh: MeshDefinition, { kind, name }: ProxyReference): string[] {
  if (kind === 'node') {
    const backends = nodeOf(mesh, name).backends ?? [];
    return backends.flatMap(({ virtualService }) => virtualService?.virtualServiceName ?? []);
  }
  const routes = Object.values(mesh.virtualGateways[name]?.gatewayRoutes ?? {});
  return routes.flatMap(({ httpRoute, http2Route, grpcRoute }) => {
    const target = (httpRoute ?? http2Route ?? grpcRoute)?.action.target;
    return target ? [target.virtualService.virtualServiceName] : [];
  });
}

function indexedService(mesh: MeshDefinition, name: string): IndexedService {
  const { virtualRouter, virtualNode } = mesh.virtualServices[name]?.provider ?? {};
  const provided = virtualRouter
    ? byRouter(mesh, virtualRouter.virtualRouterName)
    : virtualNode
      ? byNode(mesh, virtualNode.virtualNodeName)
      : { listeners: [], routes: [] };
  const targets = new Map<string, { node: string; port: number }>();
  for (const { spec } of provided.routes) {
    for (const target of routeTargets(spec)) {
      const port = targetPort(mesh, target);
      targets.set(`${target.virtualNode}:${port}`, { node: target.virtualNode, port });
    }
  }
  return { name, ...provided, targets: [...targets.values()] };
}

function byRouter(mesh: MeshDefinition, name: string): Pick<IndexedService, 'listeners' | 'routes'> {
  const router = Object.hasOwn(mesh.virtualRouters, name) ? mesh.virtualRouters[name] : undefined;
  if (!router) throw new RangeError(`the mesh ${mesh.name} has no virtual router ${name}`);
  return {
    listeners: (router.spec.listeners ?? []).map(({ portMapping }) => portMapping),
    routes: Object.entries(router.routes).map(([route, spec]) => ({ name: route, spec })),
  };
}

/** A node that provides a service itself: a route for each of its listeners, as App Mesh made them. */
function byNode(mesh: MeshDefinition, name: string): Pick<IndexedService, 'listeners' | 'routes'> {
  const listeners = (nodeOf(mesh, name).listeners ?? []).map(({ portMapping }) => portMapping);
  const several = listeners.length > 1;
  return {
    listeners,
    routes: listeners.map(({ port, protocol }) => ({
      name: several ? `${name}:${port}` : name,
      spec: routeToNode(protocol, { virtualNode: name, weight: 1, port }, several ? { port } : {}),
    })),
  };
}

function routeToNode(
  protocol: PortProtocol,
  target: { virtualNode: string; weight: number; port: number },
  match: { port?: number },
): RouteSpec {
  const action = { weightedTargets: [target] };
  if (protocol === 'tcp') return { tcpRoute: { match, action } };
  if (protocol === 'grpc') return { grpcRoute: { match, action } };
  const route = { match: { prefix: '/', ...match }, action };
  return protocol === 'http' ? { httpRoute: route } : { http2Route: route };
}

function callersByNode(
  mesh: MeshDefinition,
  services: ReadonlyMap<string, IndexedService>,
): ReadonlyMap<string, readonly ProxyReference[]> {
  const proxies: ProxyReference[] = [
    ...Object.keys(mesh.virtualNodes).map((name) => ({ kind: 'node', name }) as const),
    ...Object.keys(mesh.virtualGateways).map((name) => ({ kind: 'gateway', name }) as const),
  ];
  const callers = new Map<string, Set<ProxyReference>>();
  for (const proxy of proxies) {
    for (const service of servicesReachedBy(mesh, proxy)) {
      for (const { node } of services.get(service)?.targets ?? []) {
        const known = callers.get(node) ?? new Set();
        callers.set(node, known.add(proxy));
      }
    }
  }
  return new Map([...callers].map(([node, set]) => [node, [...set]]));
}
