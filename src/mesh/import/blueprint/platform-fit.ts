import { durationOf, milliseconds } from '../../../model/mesh/duration.ts';
import { defaultRequestTimeout } from '../../../model/mesh/full-tries.ts';
import type { Logging } from '../../../model/mesh/logging.ts';
import type { MeshResources } from '../../../model/mesh/resources.ts';
import type { RouteSpec } from '../../../model/mesh/route.ts';
import { routeMembers, routeProtocol } from '../../../model/mesh/route-kind.ts';
import type { VirtualNodeSpec } from '../../../model/mesh/virtual-node.ts';

/** Resources as the platform can run them. */
export interface Fitted {
  readonly resources: MeshResources;
  /** Whether the documents ask for TLS anywhere: then the platform's own is on every hop. */
  readonly mutualTls: boolean;
  /** The longest any route takes, in milliseconds. */
  readonly timeout: number;
  /** What is different from the documents, in sentences. */
  readonly notes: readonly string[];
}

/** The API gateway waits at most 29 s, and the ingress has to be done before. Milliseconds. */
const longestTimeout = 28_000;

/** The platform's own bound. */
const mostRetries = 10;

/** What a node listens on that the documents do not let listen: its task has to be seen to be well. */
const ownPort = { port: 8080, protocol: 'http' } as const;

/**
 * Makes resources what the platform can run on a laptop: it brings the certificates, a proxy writes its log to the
 * standard output, each node has a port, and no route takes longer than a client waits.
 */
export function fitted(documents: MeshResources): Fitted {
  const resources = withNode(documents);
  const mutualTls = JSON.stringify([resources.virtualNodes, resources.virtualGateways]).includes('"tls":');
  const notes = [
    mutualTls
      ? "The certificates the documents name are replaced by the platform's own: mutual TLS on every hop."
      : 'The documents ask for no TLS; mutualTls: true puts it on every hop.',
  ];
  const routes = Object.values(resources.virtualRouters).flatMap((router) => Object.values(router.routes));
  const timeouts = [defaultRequestTimeout, ...routes.map(timeoutOf)];
  if (timeouts.some((timeout) => timeout > longestTimeout)) {
    notes.push(
      `Routes take at most ${longestTimeout / 1000} s here, because the API gateway waits no longer.`,
    );
  }
  return {
    mutualTls,
    timeout: Math.min(longestTimeout, Math.max(...timeouts)),
    notes,
    resources: {
      ...resources,
      virtualNodes: mapped(resources.virtualNodes, (node, name) =>
        fittedNode(node, name, resources.name, notes),
      ),
      virtualRouters: mapped(resources.virtualRouters, ({ spec, routes: own }) => ({
        spec,
        routes: mapped(own, fittedRoute),
      })),
      virtualGateways: mapped(resources.virtualGateways, ({ spec, gatewayRoutes }, name) => ({
        gatewayRoutes,
        spec: {
          listeners: spec.listeners.map(({ tls: _, ...listener }) => listener),
          ...fittedLogging(spec.logging, name, notes),
        },
      })),
    },
  };
}

/** A platform has a service; one stands for those behind a gateway that comes alone. */
function withNode(resources: MeshResources): MeshResources {
  if (Object.keys(resources.virtualNodes).length > 0) return resources;
  const listening = { listeners: [{ portMapping: ownPort }] };
  const name = Object.hasOwn(resources.virtualGateways, 'app') ? 'app-node' : 'app';
  return { ...resources, virtualNodes: { [name]: listening } };
}

function fittedNode(node: VirtualNodeSpec, name: string, mesh: string, notes: string[]): VirtualNodeSpec {
  const { backendDefaults: _, listeners = [], serviceDiscovery, backends, logging, ...rest } = node;
  if (listeners.length === 0) {
    notes.push(
      `${name} listens on no port in the documents; here it has ${ownPort.port}, which nobody calls.`,
    );
  }
  return {
    ...rest,
    serviceDiscovery: isResolvable(serviceDiscovery)
      ? serviceDiscovery
      : { dns: { hostname: `${name}.${mesh}`.toLowerCase() } },
    listeners:
      listeners.length === 0
        ? [{ portMapping: ownPort }]
        : listeners.map(({ tls: _, ...listener }) => listener),
    ...(backends
      ? {
          backends: backends.flatMap(({ virtualService }) =>
            virtualService
              ? [{ virtualService: { virtualServiceName: virtualService.virtualServiceName } }]
              : [],
          ),
        }
      : {}),
    ...fittedLogging(logging, name, notes),
  };
}

/** Longest name of DNS: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
const longestHostname = 253;

/** Whether a node is found by something; the platform knows its tasks' addresses, whatever that is. */
function isResolvable(discovery: VirtualNodeSpec['serviceDiscovery']): boolean {
  return discovery !== undefined && (discovery.dns?.hostname.length ?? 0) <= longestHostname;
}

function fittedLogging(logging: Logging | undefined, name: string, notes: string[]): { logging?: Logging } {
  const path = logging?.accessLog?.file?.path;
  if (!logging || path === undefined || /^\/dev\/std(out|err)$/.test(path)) return logging ? { logging } : {};
  notes.push(`The access log of ${name} is not written to ${path} here.`);
  return {};
}

/** Milliseconds of a route; what has no end counts as endless. */
function timeoutOf(route: RouteSpec): number {
  const { perRequest } = (route.httpRoute ?? route.http2Route ?? route.grpcRoute)?.timeout ?? {};
  if (!perRequest) return defaultRequestTimeout;
  return milliseconds(perRequest) || Number.POSITIVE_INFINITY;
}

function fittedRoute(route: RouteSpec): RouteSpec {
  const protocol = routeProtocol(route);
  if (protocol === undefined || protocol === 'tcp') return route;
  const member = routeMembers[protocol];
  const { timeout, retryPolicy, ...rest } = route[member] ?? {};
  const whole = Math.min(timeoutOf(route), longestTimeout);
  return {
    ...route,
    [member]: {
      ...rest,
      ...(timeout ? { timeout: { ...timeout, perRequest: durationOf(whole) } } : {}),
      ...(retryPolicy
        ? {
            retryPolicy: {
              ...retryPolicy,
              maxRetries: Math.min(retryPolicy.maxRetries, mostRetries),
              perRetryTimeout: durationOf(Math.min(milliseconds(retryPolicy.perRetryTimeout), whole)),
            },
          }
        : {}),
    },
  };
}

function mapped<Value, Result>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
