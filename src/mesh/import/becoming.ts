import type { GatewayListener, NodeListener } from '../../model/mesh/listener.ts';
import { routeMembers, routeProtocol } from '../../model/mesh/route-kind.ts';
import { proxiesOf } from '../compile.ts';
import { defaults } from '../defaults.ts';
import type { MeshDefinition } from '../definition.ts';
import { servicesReachedBy } from '../mesh-index.ts';
import { discoveredName } from '../service-discovery.ts';
import type { FoundResource } from './found-resource.ts';

/** Says what a resource of a mesh becomes on plain Envoy, in one line; undefined for one the mesh does not have. */
export function becomingIn(mesh: MeshDefinition): (resource: FoundResource) => string | undefined {
  const callers = callersByService(mesh);
  const services = servicesByRouter(mesh);
  return ({ kind, name, parent = '' }) => {
    switch (kind) {
      case 'mesh':
        return meshBecomes(mesh);
      case 'virtualNode':
        return nodeBecomes(mesh, name);
      case 'virtualService':
        return own(mesh.virtualServices, name) && serviceBecomes(callers.get(name) ?? []);
      case 'virtualRouter':
        return routerBecomes(mesh, name, services.get(name) ?? []);
      case 'route':
        return routeBecomes(mesh, parent, name);
      case 'virtualGateway':
        return gatewayBecomes(mesh, name);
      case 'gatewayRoute':
        return gatewayRouteBecomes(mesh, parent, name);
    }
  };
}

function meshBecomes({ spec }: MeshDefinition): string {
  const filter = spec.egressFilter?.type ?? defaults.egressFilter;
  return filter === 'ALLOW_ALL'
    ? 'sidecars let calls to other hosts out'
    : 'sidecars refuse calls to other hosts';
}

function nodeBecomes(mesh: MeshDefinition, name: string): string | undefined {
  const node = own(mesh.virtualNodes, name);
  if (!node) return undefined;
  const calls = [...new Set(servicesReachedBy(mesh, { kind: 'node', name }))];
  const found = discoveredName(node);
  return sentence([
    `a sidecar ${listening(node.listeners)}`,
    calls.length > 0 ? `calls ${several(calls)}` : '',
    found === undefined ? '' : `is found as ${found}`,
  ]);
}

function gatewayBecomes(mesh: MeshDefinition, name: string): string | undefined {
  const gateway = own(mesh.virtualGateways, name);
  if (!gateway) return undefined;
  const calls = [...new Set(servicesReachedBy(mesh, { kind: 'gateway', name }))];
  return sentence([
    `an Envoy ${listening(gateway.spec.listeners)}`,
    calls.length > 0 ? `leads to ${several(calls)}` : 'leads nowhere',
  ]);
}

function serviceBecomes(callers: readonly string[]): string {
  if (callers.length === 0) return 'nothing: no node or gateway calls it';
  return `a host in the ${callers.length === 1 ? 'proxy' : 'proxies'} of ${several(callers)}`;
}

function callersByService(mesh: MeshDefinition): Map<string, string[]> {
  const calls = proxiesOf(mesh).flatMap((proxy) =>
    [...new Set(servicesReachedBy(mesh, proxy))].map((service) => ({ service, caller: proxy.name })),
  );
  return grouped(calls.map(({ service, caller }) => [service, caller] as const));
}

function routerBecomes(mesh: MeshDefinition, name: string, services: readonly string[]): string | undefined {
  const router = own(mesh.virtualRouters, name);
  if (!router) return undefined;
  if (services.length === 0) return 'nothing: no virtual service has it';
  const count = Object.keys(router.routes).length;
  return `${count === 1 ? 'the route' : `the ${count} routes`} of ${several(services)}`;
}

function servicesByRouter({ virtualServices }: MeshDefinition): Map<string, string[]> {
  return grouped(
    Object.entries(virtualServices).flatMap(([service, { provider }]) => {
      const router = provider?.virtualRouter?.virtualRouterName;
      return router === undefined ? [] : [[router, service] as const];
    }),
  );
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  return new Map(
    [...Map.groupBy(pairs, ([key]) => key)].map(([key, all]) => [key, all.map(([, value]) => value)]),
  );
}

function routeBecomes(mesh: MeshDefinition, router: string, name: string): string | undefined {
  const route = own(own(mesh.virtualRouters, router)?.routes ?? {}, name);
  const protocol = route && routeProtocol(route);
  if (!route || !protocol) return undefined;
  const targets = route[routeMembers[protocol]]?.action.weightedTargets ?? [];
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  const shares = targets.map(({ virtualNode, weight }) =>
    targets.length === 1 ? virtualNode : `${virtualNode} ${Math.round((weight / total) * 100)}%`,
  );
  return `${protocol} requests for ${matched(route[routeMembers[protocol]]?.match)} go to ${several(shares)}`;
}

function gatewayRouteBecomes(mesh: MeshDefinition, gateway: string, name: string): string | undefined {
  const route = own(own(mesh.virtualGateways, gateway)?.gatewayRoutes ?? {}, name);
  const spec = route?.httpRoute ?? route?.http2Route ?? route?.grpcRoute;
  if (!route || !spec) return undefined;
  const service = spec.action.target.virtualService.virtualServiceName;
  return `${routeProtocol(route)} requests for ${matched(spec.match)} go to ${service}`;
}

/** What a match asks for, as far as one line can say it. */
function matched(match: object | undefined): string {
  const { prefix, path, hostname, serviceName, methodName } = (match ?? {}) as Readonly<
    Record<string, string | Readonly<Record<string, string>> | undefined>
  >;
  const exact = (value: typeof path) => (typeof value === 'object' ? Object.values(value).join(' ') : value);
  const call = [serviceName, methodName].filter((part) => part !== undefined).join('/');
  const words = [exact(hostname), exact(path), prefix, call].filter(
    (word) => word !== undefined && word !== '',
  );
  const others = Object.keys(match ?? {}).filter((key) => conditions.has(key));
  return [words.join(' ') || 'everything', ...(others.length > 0 ? [`by ${others.join(', ')}`] : [])].join(
    ' ',
  );
}

const conditions = new Set(['headers', 'queryParameters', 'method', 'scheme', 'metadata', 'port']);

function listening(listeners: readonly (NodeListener | GatewayListener)[] = []): string {
  if (listeners.length === 0) return 'that nobody calls';
  const ports = listeners.map(({ portMapping: { port, protocol }, tls }) => {
    const mode = tls && tls.mode !== 'DISABLED' ? `, TLS ${tls.mode.toLowerCase()}` : '';
    return `${port} (${protocol}${mode})`;
  });
  return `on ${ports.join(' and ')}`;
}

function several(names: readonly string[]): string {
  return names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
}

function sentence(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('; ');
}

function own<Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
