import { spiffeId } from '../kernel/spiffe.ts';
import { callersOf } from './callers.ts';
import type { Address, ProxyEnvironment, ProxyReference } from './environment.ts';
import type { ConnectionPool, HealthSettings, Mesh, OutlierDetection, RetryPolicy } from './mesh.ts';

/** What one proxy needs, and nothing of what it may not reach: the stage between the mesh and Envoy's terms. */
export interface ProxyModel {
  /** The node's or gateway's name. */
  readonly name: string;
  readonly identity: string;
  readonly mutualTls: boolean;
  readonly panicThreshold: number;
  /** A sidecar's way to its app. */
  readonly inbound?: Inbound;
  /** The way into the mesh: a sidecar's for its app, the gateway's for the load balancer's requests. */
  readonly outbound?: Outbound;
  readonly upstreams: readonly Upstream[];
}

/** Requests from the mesh to the app beside the proxy. */
interface Inbound {
  readonly address: Address;
  readonly application: Address;
  /** SPIFFE ids that may connect. */
  readonly callers: readonly string[];
  /** Milliseconds the app has for an answer: the longest any caller's route allows. */
  readonly timeout: number;
}

/** Plain requests that enter the mesh here. */
export interface Outbound {
  readonly kind: 'egress' | 'gateway';
  readonly address: Address;
  readonly hosts: readonly VirtualHost[];
}

/** What answers to some host names. */
export interface VirtualHost {
  readonly name: string;
  /** Host names, or '*' alone. */
  readonly domains: readonly string[];
  readonly routes: readonly ModelRoute[];
}

/** One route to nodes. Durations are milliseconds. */
export interface ModelRoute {
  readonly name: string;
  readonly prefix: string;
  readonly targets: readonly { readonly node: string; readonly weight: number }[];
  readonly retry: RetryPolicy | undefined;
  readonly timeout: number;
}

/** A node this proxy calls. */
export interface Upstream {
  readonly node: string;
  readonly hostname: string;
  /** The SPIFFE id its certificate must carry. */
  readonly identity: string;
  readonly connectionPool: ConnectionPool;
  readonly outlierDetection: OutlierDetection | undefined;
  readonly health: HealthSettings | undefined;
  readonly endpoints: readonly Address[];
}

/**
 * Picks what one proxy needs out of the mesh.
 * @throws {RangeError} when the mesh has no such node, or a sidecar's environment has no application
 */
export function proxyModelOf(mesh: Mesh, proxy: ProxyReference, environment: ProxyEnvironment): ProxyModel {
  return proxy.kind === 'gateway'
    ? gatewayModel(mesh, environment)
    : nodeModel(mesh, proxy.name, environment);
}

function nodeModel(mesh: Mesh, name: string, environment: ProxyEnvironment): ProxyModel {
  const node = mesh.nodes[name];
  if (!node) throw new RangeError(`the mesh has no node ${name}`);
  const { application, egress, trustDomain } = environment;
  if (!application) throw new RangeError(`the sidecar of ${name} has no application address`);
  const hosts = Object.values(mesh.routers)
    .filter((router) => node.backends.includes(router.virtualService))
    .map((router) => ({
      name: router.virtualService,
      domains: [router.virtualService],
      routes: router.routes.map(({ match, retry, ...route }) => ({ ...route, retry, prefix: match.prefix })),
    }));
  return {
    name,
    identity: spiffeId(trustDomain, name),
    mutualTls: mesh.mutualTls,
    panicThreshold: mesh.panicThreshold,
    inbound: {
      address: environment.ingress,
      application,
      callers: callersOf(mesh, name, trustDomain),
      timeout: longestTimeout(mesh, name),
    },
    ...(egress ? { outbound: { kind: 'egress', address: egress, hosts } } : {}),
    upstreams: egress ? upstreamsOf(mesh, hosts, environment) : [],
  };
}

function gatewayModel(mesh: Mesh, environment: ProxyEnvironment): ProxyModel {
  const { name, retry, timeout } = mesh.gateway;
  const routes = mesh.gateway.routes.map(({ prefix, node }) => ({
    name: node,
    prefix,
    targets: [{ node, weight: 1 }],
    retry,
    timeout,
  }));
  const hosts = [{ name, domains: ['*'], routes }];
  return {
    name,
    identity: spiffeId(environment.trustDomain, name),
    mutualTls: mesh.mutualTls,
    panicThreshold: mesh.panicThreshold,
    outbound: { kind: 'gateway', address: environment.ingress, hosts },
    upstreams: upstreamsOf(mesh, hosts, environment),
  };
}

function upstreamsOf(mesh: Mesh, hosts: readonly VirtualHost[], environment: ProxyEnvironment): Upstream[] {
  const names = new Set(
    hosts.flatMap(({ routes }) => routes.flatMap(({ targets }) => targets.map((target) => target.node))),
  );
  return [...names].sort().map((name) => {
    const node = mesh.nodes[name];
    if (!node) throw new RangeError(`the mesh has no node ${name}`);
    return {
      node: name,
      hostname: node.hostname,
      identity: spiffeId(environment.trustDomain, name),
      connectionPool: node.connectionPool,
      outlierDetection: node.outlierDetection,
      health: environment.health[name],
      endpoints: environment.endpoints?.[name] ?? [],
    };
  });
}

/** App Mesh's request timeout, for a node nobody routes to. */
const defaultTimeout = 15_000;

function longestTimeout(mesh: Mesh, node: string): number {
  const timeouts = Object.values(mesh.routers)
    .flatMap((router) => router.routes)
    .filter((route) => route.targets.some((target) => target.node === node))
    .map((route) => route.timeout);
  if (mesh.gateway.routes.some((route) => route.node === node)) timeouts.push(mesh.gateway.timeout);
  return timeouts.length > 0 ? Math.max(...timeouts) : defaultTimeout;
}
