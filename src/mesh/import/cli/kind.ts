import { isObject } from '../format.ts';
import type { ResourceKind } from '../found-resource.ts';

/** What a kind of resource is called in a request: the member with its name, and with its router's or gateway's. */
export interface NameMembers {
  readonly own: string;
  readonly parent?: string;
}

/** https://docs.aws.amazon.com/cli/latest/reference/appmesh/ */
export const nameMembers: Readonly<Record<ResourceKind, NameMembers>> = {
  mesh: { own: 'meshName' },
  virtualNode: { own: 'virtualNodeName' },
  virtualService: { own: 'virtualServiceName' },
  virtualRouter: { own: 'virtualRouterName' },
  route: { own: 'routeName', parent: 'virtualRouterName' },
  virtualGateway: { own: 'virtualGatewayName' },
  gatewayRoute: { own: 'gatewayRouteName', parent: 'virtualGatewayName' },
};

type Members = Readonly<Record<string, unknown>>;

/**
 * The kinds a request can be of, the likeliest first: as the names in it say, which are of one kind only, or else as
 * its spec looks.
 */
export function kindsOf(names: ReadonlySet<string>, spec: unknown): readonly ResourceKind[] {
  const bySpec = kindsOfSpec(isObject(spec) ? spec : {});
  if (names.has('routeName')) return ['route'];
  if (names.has('gatewayRouteName')) return ['gatewayRoute'];
  if (names.has('virtualNodeName')) return ['virtualNode'];
  if (names.has('virtualServiceName')) return ['virtualService'];
  if (names.has('virtualRouterName')) return [bySpec.includes('route') ? 'route' : 'virtualRouter'];
  if (names.has('virtualGatewayName')) {
    return [bySpec.includes('gatewayRoute') ? 'gatewayRoute' : 'virtualGateway'];
  }
  return bySpec;
}

function kindsOfSpec(spec: Members): readonly ResourceKind[] {
  const has = (name: string) => Object.hasOwn(spec, name);
  if (has('tcpRoute')) return ['route'];
  for (const member of ['httpRoute', 'http2Route', 'grpcRoute']) {
    if (has(member)) return kindsOfRoute(isObject(spec[member]) ? spec[member] : {});
  }
  if (has('provider')) return ['virtualService'];
  if (has('egressFilter')) return ['mesh'];
  if (has('serviceDiscovery')) return kindsOfDiscovery(spec.serviceDiscovery);
  if (has('backends')) return ['virtualNode'];
  const listeners = Array.isArray(spec.listeners) ? spec.listeners.filter(isObject) : [];
  const listenersHave = (name: string) => listeners.some((listener) => Object.hasOwn(listener, name));
  if (listenersHave('timeout') || listenersHave('outlierDetection')) return ['virtualNode'];
  if (listenersHave('tls') || listenersHave('healthCheck') || listenersHave('connectionPool')) {
    return ['virtualGateway', 'virtualNode'];
  }
  if (has('backendDefaults') || has('logging')) {
    return listeners.length > 0 ? ['virtualGateway', 'virtualNode'] : ['virtualNode', 'virtualGateway'];
  }
  return has('listeners') ? ['virtualRouter', 'virtualGateway', 'virtualNode'] : ['mesh', 'virtualService'];
}

/** Routes of gateways have one target, which is a service; those of routers have targets with weights. */
function kindsOfRoute({ action, match, retryPolicy, timeout }: Members): readonly ResourceKind[] {
  const told = isObject(action) ? action : {};
  if ('weightedTargets' in told || retryPolicy !== undefined || timeout !== undefined) return ['route'];
  if ('target' in told || 'rewrite' in told) return ['gatewayRoute'];
  return isObject(match) && 'hostname' in match ? ['gatewayRoute'] : ['route', 'gatewayRoute'];
}

function kindsOfDiscovery(discovery: unknown): readonly ResourceKind[] {
  const ofMesh = isObject(discovery) && 'ipPreference' in discovery;
  return ofMesh && !('dns' in discovery) && !('awsCloudMap' in discovery) ? ['mesh'] : ['virtualNode'];
}
