import { defaults } from '../defaults.ts';
import type { ProxyModel } from '../proxy-model.ts';
import { accessLogs } from './access-log.ts';
import { externalFilters } from './forward-proxy.ts';
import { http2Options } from './protocol-options.ts';
import { interruptedHeader, undeliveredHeader } from './retry.ts';
import { type Extension, extension, seconds } from './vocabulary.ts';

/** What differs between the HTTP listeners of the mesh. */
export interface HttpListener {
  /** What statistics begin with. */
  readonly kind: 'ingress' | 'egress' | 'gateway';
  /** `rds` or `route_config`. */
  readonly routes: Readonly<Record<string, unknown>>;
}

/**
 * Envoy's HTTP filter: trace context, X-Forwarded-For and Server pass as they are. No x-envoy header leaves, and none
 * that comes in steers a retry or a timeout: Envoy obeys them when X-Forwarded-For names a private address, which
 * anybody can write, so all of them are dropped first.
 *
 * At a sidecar's way in, a local reply says whether the request was not delivered to the app, or that the app went
 * away with it.
 */
export function httpConnectionManager({ kind, routes }: HttpListener, model: ProxyModel): Extension {
  const manager = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  const logs = accessLogs(model);
  return extension('envoy.filters.network.http_connection_manager', manager, {
    stat_prefix: kind,
    codec_type: 'AUTO',
    ...routes,
    use_remote_address: false,
    early_header_mutation_extensions: [withoutSteering],
    ...cleaning(model),
    preserve_external_request_id: true,
    server_header_transformation: 'PASS_THROUGH',
    max_request_headers_kb: 60,
    common_http_protocol_options: { idle_timeout: '120s', max_headers_count: 100 },
    http2_protocol_options: http2Options,
    ...timeouts(kind, model),
    drain_timeout: '5s',
    // App Mesh's listeners let a connection become a websocket.
    upgrade_configs: [{ upgrade_type: 'websocket' }],
    ...(kind === 'ingress' ? { local_reply_config: markUndelivered } : {}),
    ...(logs.length > 0 ? { access_log: logs } : {}),
    http_filters: [
      ...(kind === 'egress' ? externalFilters(model) : []),
      extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {
        suppress_envoy_headers: true,
      }),
    ],
  });
}

/**
 * How long a caller may take. Callers of a sidecar that are our own proxies hold these times themselves, and the route
 * has one of its own, so they are not held a second time: each is a timer for every request.
 */
function timeouts(kind: HttpListener['kind'], { policy }: ProxyModel) {
  if (kind === 'ingress' && policy.transport === 'http2') return { stream_idle_timeout: '0s' };
  const { requestTimeout, idleTimeout = defaults.idleTimeout } = policy;
  return {
    request_headers_timeout: '10s',
    ...(requestTimeout === undefined ? {} : { request_timeout: seconds(requestTimeout) }),
    stream_idle_timeout: seconds(idleTimeout),
  };
}

/** What App Mesh's proxies did with requests, unless it is done before they come here. */
function cleaning({ policy }: ProxyModel) {
  const needed = !policy.transparent;
  return {
    generate_request_id: needed,
    normalize_path: needed,
    ...(needed ? { merge_slashes: true } : {}),
  };
}

const withoutSteering = extension(
  'envoy.http.early_header_mutation.header_mutation',
  'envoy.extensions.http.early_header_mutation.header_mutation.v3.HeaderMutation',
  { mutations: [{ remove_on_match: { key_matcher: { prefix: 'x-envoy-' } } }] },
);

/**
 * UF: the connection to the app failed, so the app never saw the request. UC, UR, UPE: it ended in the middle of one.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#response-flags
 */
const markUndelivered = {
  mappers: [marked(undeliveredHeader, ['UF']), marked(interruptedHeader, ['UC', 'UR', 'UPE'])],
};

function marked(key: string, flags: readonly string[]) {
  return {
    filter: { response_flag_filter: { flags } },
    headers_to_add: [{ header: { key, value: 'true' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
  };
}
