import type { GatewayRouteSpec } from '../model/mesh/gateway-route.ts';
import type { RouteSpec } from '../model/mesh/route.ts';
import type { GatewayPolicy, MeshPolicy } from './definition.ts';
import type { Address, Interception, ProxyReference, SecretFiles } from './environment.ts';

/** What an App Mesh listener speaks: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_PortMapping.html */
export type Protocol = 'http' | 'http2' | 'grpc' | 'tcp';

/**
 * What one proxy needs, and nothing of what it may not reach: the stage between the mesh and Envoy's terms.
 * References are resolved, App Mesh's defaults filled in; durations are milliseconds.
 */
export interface ProxyModel {
  readonly mesh: string;
  readonly proxy: ProxyReference;
  readonly identity: string;
  readonly admin: Address;
  /** A sidecar's ways to its app. */
  readonly inbound: readonly InboundListener[];
  /** A virtual gateway's ways into the mesh. */
  readonly entrances: readonly Entrance[];
  /** A sidecar's ways into the mesh for its app over HTTP: one, or one a port where connections are redirected. */
  readonly egress: readonly EgressListener[];
  /** And over TCP. */
  readonly tcpEgress: readonly TcpEgressListener[];
  readonly external: External;
  /** What the mesh prefers; nothing when undefined. */
  readonly ipPreference?: IpPreference | undefined;
  readonly interception: Interception | undefined;
  readonly upstreams: readonly Upstream[];
  readonly secrets: readonly Secret[];
  readonly accessLog: AccessLog | undefined;
  readonly policy: MeshPolicy;
}

/**
 * Which hosts may be called that are no backend: every one, AWS's own, or none.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_EgressFilter.html
 */
export type External = 'all' | 'aws' | 'none';

/** What both a node's and a gateway's listeners have. */
interface MeshListener {
  /** Envoy's name of it; also of its routes. */
  readonly name: string;
  /** The port the definition gives it. */
  readonly port: number;
  readonly protocol: Protocol;
  /** Where it listens; undefined when connections are redirected to it. */
  readonly address: Address | undefined;
  readonly tls: ServerTls | undefined;
  /** Circuit breaker behind it: App Mesh's connection pool of a listener. */
  readonly connectionPool: ConnectionPool | undefined;
}

/** Connections from the mesh to the app beside the proxy. */
export interface InboundListener extends MeshListener {
  /** The cluster of the app behind it. */
  readonly cluster: string;
  readonly application: Address;
  readonly timeout: ListenerTimeout;
}

/** A virtual gateway's listener. */
export interface Entrance extends MeshListener {
  readonly protocol: Exclude<Protocol, 'tcp'>;
  /** In document order; those that name another port are left out. */
  readonly routes: readonly GatewayRouteModel[];
  /** How requests are repeated and bounded here, in place of what the routes say. */
  readonly policy: GatewayPolicy | undefined;
}

/** A gateway route, and the virtual service it leads to. */
export interface GatewayRouteModel {
  readonly name: string;
  readonly spec: GatewayRouteSpec;
  readonly service: ReachableService;
}

/** Plain HTTP requests of a sidecar's app; the Host names the virtual service. */
export interface EgressListener {
  readonly name: string;
  readonly address: Address | undefined;
  /** The port connections were made to, when they are redirected; else the Host's port decides. */
  readonly port: number | undefined;
  readonly services: readonly ReachableService[];
}

/** Plain TCP connections of a sidecar's app to one virtual service. */
export interface TcpEgressListener {
  readonly name: string;
  readonly address: Address | undefined;
  readonly port: number;
  readonly service: ReachableService;
}

/** A virtual service as one proxy sees it: what its provider listens on, and where requests go. */
export interface ReachableService {
  /** The name clients use: a host name. */
  readonly name: string;
  /** Of its router, or of the node that provides it. */
  readonly listeners: readonly { readonly port: number; readonly protocol: Protocol }[];
  /** In document order. Of a node that provides the service itself: one for each of its listeners. */
  readonly routes: readonly { readonly name: string; readonly spec: RouteSpec }[];
  /** The cluster a target of these routes is reached by. @throws {RangeError} for what none of them names */
  readonly clusterOf: (target: Target) => string;
}

/** A weighted target of a route, as far as its cluster is concerned. */
export interface Target {
  readonly virtualNode: string;
  /** The listener meant; the node's only one when left out. */
  readonly port?: number | undefined;
}

/** A listener of a node this proxy calls. */
export interface Upstream {
  readonly cluster: string;
  readonly node: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly hostname: string | undefined;
  readonly discovery: Discovery;
  readonly tls: ClientTls | undefined;
  readonly limits: ConnectionPool | undefined;
  readonly outlierDetection: OutlierDetection | undefined;
  readonly healthCheck: HealthCheck | undefined;
}

/** How the addresses behind a node are found. */
export type Discovery =
  /** From a file that the target keeps. */
  | { readonly kind: 'endpoints'; readonly addresses: readonly Address[] }
  | {
      readonly kind: 'dns';
      readonly hostname: string;
      readonly port: number;
      readonly response: 'LOADBALANCER' | 'ENDPOINTS';
      readonly ipPreference: IpPreference;
    };

/** https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_DnsServiceDiscovery.html */
export type IpPreference = 'IPv4_PREFERRED' | 'IPv4_ONLY' | 'IPv6_PREFERRED' | 'IPv6_ONLY';

/** TLS towards whoever calls. Secrets are named. */
export interface ServerTls {
  readonly mode: 'STRICT' | 'PERMISSIVE';
  readonly certificate: string;
  /** Client certificates are asked for, and must be these. */
  readonly validation: TlsValidation | undefined;
}

/** TLS towards a node. */
export interface ClientTls {
  readonly serverName: string | undefined;
  readonly certificate: string | undefined;
  /** Any certificate is good without it. */
  readonly validation: TlsValidation | undefined;
}

/** Which certificates of a peer are good. */
export interface TlsValidation {
  /** The secret with the authorities. */
  readonly trust: string;
  /** Subject alternative names, one of which it must carry; any when undefined, none when empty. */
  readonly names: readonly string[] | undefined;
}

/** A secret the proxy reads. */
export interface Secret {
  readonly name: string;
  readonly kind: 'certificate' | 'authorities';
  /** Undefined when the secret service on the unix socket gives it. */
  readonly files: SecretFiles | undefined;
  readonly socket: string | undefined;
}

/** Limits of a circuit breaker; what is left out is unlimited. */
export interface ConnectionPool {
  readonly maxConnections?: number | undefined;
  readonly maxPendingRequests?: number | undefined;
  readonly maxRequests?: number | undefined;
}

/** How long a listener's requests and connections may take; 0 is for ever. */
export interface ListenerTimeout {
  readonly perRequest: number;
  readonly idle: number;
}

/** When a host that keeps failing is left out, and for how long. */
export interface OutlierDetection {
  readonly maxServerErrors: number;
  readonly interval: number;
  readonly baseEjectionDuration: number;
  readonly maxEjectionPercent: number;
}

/** How a host's health is checked. */
export interface HealthCheck {
  readonly protocol: Protocol;
  readonly path: string | undefined;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/** A file each request leaves a line in. */
export interface AccessLog {
  readonly path: string;
  readonly format:
    | { readonly text: string }
    | { readonly json: Readonly<Record<string, string>> }
    | undefined;
}
