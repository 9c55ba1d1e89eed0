import type { CallerLimits, IngressPolicy } from '../model/mesh/mesh-plan.ts';
import type { MeshResources } from '../model/mesh/mesh-resources.ts';

/**
 * A mesh as it is compiled: App Mesh's resources, and what App Mesh has no word for.
 *
 * Compiling indexes a definition once and remembers the index by the object: do not change one, make another.
 */
export interface MeshDefinition extends MeshResources {
  /** Absent for imported documents: then everything is as App Mesh had it. */
  readonly policy?: MeshPolicy;
}

/** Strata's additions to App Mesh. Durations are milliseconds. */
export interface MeshPolicy {
  /**
   * Trust domain of the proxies' SPIFFE ids. When a client policy's list of names has the id of the very node a
   * cluster is for, that id alone is accepted there.
   */
  readonly trustDomain?: string;
  /** Oldest TLS version between proxies. Envoy's own default for a server when left out: TLS 1.2. */
  readonly minimumTls?: 'TLSv1_2' | 'TLSv1_3';
  /** Below this percentage of healthy hosts Envoy ignores health; Envoy's 50 when left out. */
  readonly panicThreshold?: number;
  /** A caller's circuit breaker towards a node, beside the limits the node's own listener states. */
  readonly limits?: Readonly<Record<string, CallerLimits>>;
  /** Virtual gateways whose requests are repeated by what may be carried out twice, and not by their routes' policies. */
  readonly gateways?: Readonly<Record<string, GatewayPolicy>>;
  /** What a sidecar allows at a time towards its app where the listener states no connection pool. */
  readonly applicationLimits?: CallerLimits;
  /** Longest time a request may take to arrive as a whole; unlimited when left out. */
  readonly requestTimeout?: number;
  /** Longest silence of a request under way where no idle timeout is stated; App Mesh's default when left out. */
  readonly idleTimeout?: number;
  /**
   * What proxies speak to each other whatever the listener's protocol: HTTP/2 puts all requests on few connections.
   * Only for a mesh whose every proxy is ours. The listener's protocol when left out.
   */
  readonly transport?: 'http2';
  /**
   * Whether whoever hands requests to the mesh has named and cleaned them already: paths stay as they are and no
   * request id is made. App Mesh normalizes paths and makes request ids.
   */
  readonly transparent?: boolean;
  /** One JSON line on standard output for each request that failed or took as long as this; none when left out. */
  readonly accessLog?: { readonly slow: number };
}

/** How a virtual gateway treats requests on their way in, in place of its routes' own retry policy and timeout. */
export interface GatewayPolicy {
  readonly retry?: GatewayRetry;
  /** Milliseconds for a request with all its tries. */
  readonly timeout: number;
}

/** A retry policy in App Mesh's terms: `maxRetries` counts retries, not attempts. */
export type GatewayRetry = IngressPolicy['retry'];
