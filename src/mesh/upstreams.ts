import { spiffeId } from '../kernel/spiffe.ts';
import type { ClientPolicy } from '../model/mesh/client-policy.ts';
import { milliseconds } from '../model/mesh/duration.ts';
import type { NodeListener } from '../model/mesh/listener.ts';
import type { MeshDefinition } from './definition.ts';
import type { ProxyEnvironment, ProxyReference } from './environment.ts';
import { type IndexedService, meshIndex, nodeOf, servicesReachedBy, targetPort } from './mesh-index.ts';
import type { ClientTls, HealthCheck, OutlierDetection, ReachableService, Upstream } from './proxy-model.ts';
import type { SecretRegistry } from './secret-registry.ts';
import { discoveredName, discoveryOf } from './service-discovery.ts';
import { clientTls } from './tls-model.ts';

/** What a proxy may reach: virtual services by name, and the listeners of nodes behind them, sorted by cluster. */
export interface Reach {
  readonly services: ReadonlyMap<string, ReachableService>;
  readonly upstreams: readonly Upstream[];
}

/** What a proxy may reach. @throws {RangeError} when it names a virtual service the mesh does not have */
export function reachOf(
  mesh: MeshDefinition,
  proxy: ProxyReference,
  environment: ProxyEnvironment,
  secrets: SecretRegistry,
): Reach {
  const { services: known } = meshIndex(mesh);
  const services = new Map<string, ReachableService>();
  const upstreams = new Map<string, Upstream>();
  for (const name of new Set(servicesReachedBy(mesh, proxy))) {
    const service = known.get(name);
    if (!service) throw new RangeError(`the mesh ${mesh.name} has no virtual service ${name}`);
    const policy = clientPolicyOf(mesh, proxy, name);
    const clusters = new Map<string, string>();
    for (const target of service.targets) {
      const upstream = upstreamOf({ mesh, environment, secrets, policy, target });
      clusters.set(key(target), distinct(upstreams, upstream, name));
    }
    services.set(name, reachable(mesh, service, clusters));
  }
  return {
    services,
    upstreams: [...upstreams.values()].sort((one, other) => (one.cluster < other.cluster ? -1 : 1)),
  };
}

interface Reaching {
  readonly mesh: MeshDefinition;
  readonly environment: ProxyEnvironment;
  readonly secrets: SecretRegistry;
  readonly policy: ClientPolicy | undefined;
  readonly target: { readonly node: string; readonly port: number };
}

function upstreamOf({ mesh, environment, secrets, policy, target }: Reaching): Upstream {
  const { node, port } = target;
  const spec = nodeOf(mesh, node);
  const listeners = spec.listeners ?? [];
  const listener = listeners.find(({ portMapping }) => portMapping.port === port);
  if (!listener) throw new RangeError(`the virtual node ${node} has no listener ${port}`);
  const hostname = discoveredName(spec);
  const trustDomain = mesh.policy?.trustDomain;
  const identity = trustDomain === undefined ? undefined : spiffeId(trustDomain, node);
  const health = listener === listeners[0] ? environment.health?.[node] : undefined;
  return {
    cluster: listeners.length === 1 ? node : `${node}@${port}`,
    node,
    port,
    protocol: listener.portMapping.protocol,
    hostname,
    discovery: discoveryOf(mesh, environment, target),
    tls: clientTls({ policy, listener, hostname, identity }, secrets),
    limits: mesh.policy?.limits?.[node],
    outlierDetection: outlierDetectionOf(listener),
    healthCheck:
      healthCheckOf(listener) ?? (health && { protocol: listener.portMapping.protocol, ...health }),
  };
}

/**
 * Adds an upstream; when the same listener is called in another way already (two services with client policies of
 * their own), under a name of its own. Returns the cluster's name.
 */
function distinct(upstreams: Map<string, Upstream>, upstream: Upstream, service: string): string {
  const same = (other: Upstream | undefined) => sameTls(other?.tls, upstream.tls);
  const known = upstreams.get(upstream.cluster);
  const cluster = !known || same(known) ? upstream.cluster : `${upstream.cluster}@${service}`;
  if (!upstreams.has(cluster)) upstreams.set(cluster, { ...upstream, cluster });
  return cluster;
}

function sameTls(one: ClientTls | undefined, other: ClientTls | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function reachable(
  mesh: MeshDefinition,
  { name, listeners, routes }: IndexedService,
  clusters: ReadonlyMap<string, string>,
): ReachableService {
  return {
    name,
    listeners,
    routes,
    clusterOf: (target) => {
      const cluster = clusters.get(key({ node: target.virtualNode, port: targetPort(mesh, target) }));
      if (cluster === undefined) throw new RangeError(`${name} does not lead to ${target.virtualNode}`);
      return cluster;
    },
  };
}

function key({ node, port }: Reaching['target']): string {
  return `${node}@${port}`;
}

/** A backend's own policy, or its node's default; a gateway has one for all. */
function clientPolicyOf(
  mesh: MeshDefinition,
  { kind, name }: ProxyReference,
  service: string,
): ClientPolicy | undefined {
  if (kind === 'gateway') return mesh.virtualGateways[name]?.spec.backendDefaults?.clientPolicy;
  const { backends = [], backendDefaults } = nodeOf(mesh, name);
  const backend = backends.find(({ virtualService }) => virtualService?.virtualServiceName === service);
  return backend?.virtualService?.clientPolicy ?? backendDefaults?.clientPolicy;
}

function outlierDetectionOf({ outlierDetection }: NodeListener): OutlierDetection | undefined {
  return (
    outlierDetection && {
      ...outlierDetection,
      interval: milliseconds(outlierDetection.interval),
      baseEjectionDuration: milliseconds(outlierDetection.baseEjectionDuration),
    }
  );
}

function healthCheckOf({ healthCheck }: NodeListener): HealthCheck | undefined {
  if (!healthCheck) return undefined;
  const { intervalMillis: interval, timeoutMillis: timeout, port: _listenersOwn, ...rest } = healthCheck;
  return { ...rest, path: healthCheck.path, interval, timeout };
}
