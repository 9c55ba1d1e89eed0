import type { ModelRoute, Outbound, VirtualHost } from '../proxy-model.ts';
import { applicationCluster } from './cluster.ts';
import { clusterNameOf } from './endpoint.ts';
import {
  idempotentRetryPolicy,
  interruptedHeader,
  retryPolicy,
  undeliveredHeader,
  undeliveredRetryPolicy,
} from './retry.ts';
import { seconds, type Typed, typed } from './vocabulary.ts';

/** Bytes of a request's body that are kept for a retry; a longer one passes, but is not retried. */
const bodyLimit = 1_048_576;

/** Everything that comes in goes to the app. What could not be delivered is marked by the listener's local reply. */
export function inboundRoutes(name: string, timeout: number): Typed {
  return typed('envoy.config.route.v3.RouteConfiguration', {
    name,
    virtual_hosts: [
      {
        name: applicationCluster,
        domains: ['*'],
        routes: [
          {
            name: applicationCluster,
            match: { prefix: '/' },
            route: { cluster: applicationCluster, timeout: seconds(timeout) },
          },
        ],
      },
    ],
    // An app cannot claim that it never got a request, or died of it.
    response_headers_to_remove: [undeliveredHeader, interruptedHeader],
  });
}

/**
 * Virtual hosts by Host name, with or without a port. A name that is no backend of this node is answered 502:
 * the listener is for the mesh alone, so there is nothing `ALLOW_ALL` could let out, and 404 would look like
 * an answer of the backend's own.
 */
export function outboundRoutes(name: string, { kind, hosts }: Outbound, self: string): Typed {
  const others = hosts.some(({ domains }) => domains.includes('*')) ? [] : [unlisted(self, hosts)];
  return typed('envoy.config.route.v3.RouteConfiguration', {
    name,
    ignore_port_in_host_matching: true,
    virtual_hosts: [...hosts.map((host) => virtualHost(kind, host)), ...others],
    response_headers_to_remove: [undeliveredHeader, interruptedHeader],
  });
}

function virtualHost(kind: Outbound['kind'], { name, domains, routes }: VirtualHost) {
  return {
    name,
    domains,
    request_body_buffer_limit: bodyLimit,
    routes: routes.flatMap((route) => (kind === 'gateway' ? byRepeatability(route) : [egressRoute(route)])),
  };
}

/** `envoy.config.route.v3.Route`, as far as it is written here. */
interface RouteEntry {
  readonly name: string;
  readonly match: object;
  readonly route: object;
}

function egressRoute(route: ModelRoute): RouteEntry {
  return {
    name: route.name,
    match: { prefix: route.prefix },
    route: { ...action(route), ...(route.retry ? { retry_policy: retryPolicy(route.retry) } : {}) },
  };
}

/**
 * One route for each answer to "may this request be carried out twice?". Safe and idempotent methods may
 * (RFC 9110, section 9.2.2), and whatever carries an Idempotency-Key. PUT and DELETE with a precondition may not:
 * the second one would be answered 412 though the first was applied.
 */
function byRepeatability(route: ModelRoute): RouteEntry[] {
  const { name, prefix, retry } = route;
  const variant = (kind: string, headers: readonly object[], policy: object | undefined) => ({
    name: `${name}-${kind}`,
    match: { prefix, ...(headers.length > 0 ? { headers } : {}) },
    route: { ...action(route), ...(policy ? { retry_policy: policy } : {}) },
  });
  const full = retry && idempotentRetryPolicy(retry);
  return [
    variant('safe', [method('GET|HEAD|OPTIONS')], full),
    variant('keyed', [present('idempotency-key')], full),
    variant('idempotent', [method('PUT|DELETE'), ...preconditions.map(absent)], full),
    variant('other', [], retry && undeliveredRetryPolicy(retry)),
  ];
}

const preconditions = ['if-match', 'if-none-match', 'if-unmodified-since'];

function method(regex: string) {
  return { name: ':method', string_match: { safe_regex: { regex } } };
}

function present(name: string) {
  return { name, present_match: true };
}

function absent(name: string) {
  return { name, present_match: true, invert_match: true };
}

function action({ targets, timeout }: ModelRoute) {
  const weighted = targets
    .filter(({ weight }) => weight > 0)
    .map(({ node, weight }) => ({ name: clusterNameOf(node), weight }));
  const [only] = weighted;
  return {
    ...(weighted.length === 1 && only
      ? { cluster: only.name }
      : { weighted_clusters: { clusters: weighted } }),
    timeout: seconds(timeout),
  };
}

function unlisted(self: string, hosts: readonly VirtualHost[]) {
  const names = hosts.map(({ name }) => name).join(', ') || 'none';
  return {
    name: 'unlisted',
    domains: ['*'],
    routes: [
      {
        name: 'unlisted',
        match: { prefix: '/' },
        direct_response: {
          status: 502,
          body: { inline_string: `${self} does not list this host as a backend. Its backends: ${names}.\n` },
        },
      },
    ],
  };
}
