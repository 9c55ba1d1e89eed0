import type { MeshResources } from './mesh-resources.ts';
import type { HttpRetryEvent, TcpRetryEvent } from './retry-policy.ts';

/** The mesh of a plan: App Mesh's resources, and Strata's additions that App Mesh has no word for. */
export interface MeshPlan {
  /** Every short form of the blueprint spelled out. */
  readonly resources: MeshResources;
  /** Certificates of the platform's own authority on every hop; the resources name none then. */
  readonly mutualTls: boolean;
  /** Percentage of healthy hosts below which Envoy ignores health. */
  readonly panicThreshold: number;
  /** A caller's circuit breaker towards a node, by node. */
  readonly limits: Readonly<Record<string, CallerLimits>>;
  /** The platform's ingress; its routes are those of the virtual gateway of this name. */
  readonly gateway: IngressPolicy;
  /** How many tries of full length each route's timeout leaves room for, by router and route. */
  readonly fullTries: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** What one caller allows towards a node at once; what exceeds it is answered 503. */
export interface CallerLimits {
  readonly maxConnections: number;
  readonly maxPendingRequests: number;
  readonly maxRequests: number;
}

/** How the ingress repeats and bounds requests. Durations are milliseconds. */
export interface IngressPolicy {
  readonly name: string;
  /** `maxRetries` counts retries, not attempts. */
  readonly retry: {
    readonly maxRetries: number;
    readonly perRetryTimeout: number;
    readonly httpRetryEvents: readonly HttpRetryEvent[];
    readonly tcpRetryEvents: readonly TcpRetryEvent[];
  };
  /** For a request with all its tries. */
  readonly timeout: number;
}
