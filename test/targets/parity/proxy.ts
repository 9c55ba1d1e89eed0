import type { Settings, Value } from './settings.ts';

type Json = Readonly<Record<string, unknown>>;

/** What a proxy is configured with, in Envoy's words: from its files, or from its own dump. */
export interface ProxyResources {
  readonly listeners: readonly Json[];
  readonly clusters: readonly Json[];
  readonly routes: readonly Json[];
}

/** The settings of one proxy: what it does with a route, towards another service, and with who calls it. */
export function proxySettings(proxy: string, { listeners, clusters, routes }: ProxyResources): Settings {
  return Object.assign(
    {},
    ...routes.map((route) => routeSettings(`proxy.${proxy}.${route.name}`, route)),
    ...clusters.map((cluster) => clusterSettings(`proxy.${proxy}.to.${cluster.name}`, cluster)),
    ...listeners.map((listener) => listenerSettings(`proxy.${proxy}.listener.${listener.name}`, listener)),
  );
}

interface RouteAction {
  readonly cluster?: string;
  readonly weighted_clusters?: {
    readonly clusters: readonly { readonly name: string; readonly weight: unknown }[];
  };
  readonly timeout?: string;
  readonly retry_policy?: Json;
}

interface Route {
  readonly name: string;
  readonly match: Json;
  readonly route?: RouteAction;
  readonly direct_response?: { readonly status: number };
}

function routeSettings(at: string, configuration: Json): Settings {
  const hosts = configuration.virtual_hosts as readonly { readonly routes?: readonly Route[] }[];
  const routes = hosts.flatMap(({ routes: own = [] }) => own);
  return Object.assign({}, ...routes.map((route) => oneRoute(`${at}.${route.name}`, route)));
}

function oneRoute(at: string, { match, route, direct_response: answer }: Route): Settings {
  if (!route) return defined(at, { answer: answer?.status });
  const { retry_policy: retry } = route;
  const weighted = route.weighted_clusters?.clusters.map(({ name, weight }) => `${name} ${plain(weight)}`);
  return defined(at, {
    match: JSON.stringify(sorted(match)),
    targets: weighted ?? [String(route.cluster)],
    timeout: milliseconds(route.timeout),
    'retry.on': retry?.retry_on,
    'retry.statuses': retry?.retriable_status_codes,
    'retry.most': retry && (plain(retry.num_retries) ?? 1),
    'retry.timeout': retry && milliseconds(retry.per_try_timeout),
  });
}

function clusterSettings(at: string, cluster: Json): Settings {
  const [limits] = ((cluster.circuit_breakers as Json | undefined)?.thresholds ?? []) as readonly Json[];
  const ejection = cluster.outlier_detection as Json | undefined;
  const [check] = (cluster.health_checks ?? []) as readonly Json[];
  const balance = cluster.common_lb_config as { readonly healthy_panic_threshold?: Json } | undefined;
  const panic = balance?.healthy_panic_threshold;
  return defined(at, {
    connectTimeout: milliseconds(cluster.connect_timeout),
    'limits.connections': plain(limits?.max_connections),
    'limits.pending': plain(limits?.max_pending_requests),
    'limits.requests': plain(limits?.max_requests),
    'limits.retries': plain(limits?.max_retries),
    'ejection.errors': plain(ejection?.consecutive_5xx),
    'ejection.interval': milliseconds(ejection?.interval),
    'ejection.time': milliseconds(ejection?.base_ejection_time),
    'ejection.most': plain(ejection?.max_ejection_percent),
    'health.path': (check?.http_health_check as Json | undefined)?.path,
    'health.interval': milliseconds(check?.interval),
    'health.timeout': milliseconds(check?.timeout),
    'health.healthy': plain(check?.healthy_threshold),
    'health.unhealthy': plain(check?.unhealthy_threshold),
    panic: panic && (panic.value ?? 0),
    ...tlsSettings(cluster.transport_socket),
  });
}

function listenerSettings(at: string, listener: Json): Settings {
  const chains = (listener.filter_chains ?? []) as readonly Json[];
  return Object.assign(
    {},
    ...chains.map(({ transport_socket: socket }, index) =>
      defined(index === 0 ? at : `${at}.${index}`, tlsSettings(socket)),
    ),
  );
}

/** Whether a connection is encrypted and both ends prove who they are, from which version on, and who may be there. */
function tlsSettings(socket: unknown): Record<string, unknown> {
  const configuration = (socket as { readonly typed_config?: Json } | undefined)?.typed_config;
  if (!configuration) return { 'tls.mode': 'none' };
  const text = JSON.stringify(configuration);
  const required = plain(configuration.require_client_certificate) === true || /UpstreamTls/.test(text);
  const names = [...text.matchAll(/"exact":"([^"]+)"/g)].map(([, name = '']) => name);
  return {
    'tls.mode': required && text.includes('tls_certificate') ? 'mutual' : 'one-sided',
    'tls.minimum': /"tls_minimum_protocol_version":"(\w+)"/.exec(text)?.[1],
    'tls.peers': names.toSorted(),
  };
}

/** A duration of protocol buffers as JSON. */
function milliseconds(text: unknown): number | undefined {
  return typeof text === 'string' ? Math.round(Number.parseFloat(text) * 1000) : undefined;
}

/** A wrapped value by itself. */
function plain(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
}

function sorted(object: Json): Json {
  return Object.fromEntries(Object.entries(object).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function defined(at: string, settings: Readonly<Record<string, unknown>>): Settings {
  const known = Object.entries(settings).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known.map(([name, value]) => [`${at}.${name}`, value as Value]));
}
