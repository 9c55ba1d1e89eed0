import { accessLog } from './access-log.ts';
import { interruptedHeader, undeliveredHeader } from './retry.ts';
import { type Extension, extension, fileSource } from './vocabulary.ts';

/** What differs between the HTTP listeners of the mesh. */
export interface HttpListener {
  readonly name: string;
  /** Folder and file of its routes. */
  readonly directory: string;
  readonly routeFile: string;
  readonly codec: 'AUTO' | 'HTTP1';
  /** Whether a local reply says that the request was not delivered to the app, or that the app went away with it. */
  readonly markUndelivered: boolean;
}

/**
 * Envoy's HTTP filter, transparent: request ids, trace context, X-Forwarded-For and Server pass as they are
 * (whoever hands a request to the mesh has named its caller already, and is on loopback itself). No x-envoy header
 * leaves, and none that comes in steers a retry or a timeout: Envoy obeys them when X-Forwarded-For names a private
 * address, which anybody can write, so all of them are dropped first.
 */
export function httpConnectionManager(listener: HttpListener): Extension {
  const manager = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  return extension('envoy.filters.network.http_connection_manager', manager, {
    stat_prefix: listener.name,
    codec_type: listener.codec,
    rds: {
      route_config_name: listener.name,
      config_source: fileSource(listener.directory, listener.routeFile),
    },
    use_remote_address: false,
    early_header_mutation_extensions: [withoutSteering],
    generate_request_id: false,
    preserve_external_request_id: true,
    server_header_transformation: 'PASS_THROUGH',
    normalize_path: false,
    max_request_headers_kb: 60,
    common_http_protocol_options: { idle_timeout: '120s', max_headers_count: 100 },
    http2_protocol_options: {
      max_concurrent_streams: 1024,
      initial_stream_window_size: 1_048_576,
      initial_connection_window_size: 8_388_608,
    },
    request_headers_timeout: '10s',
    request_timeout: '30s',
    stream_idle_timeout: '30s',
    drain_timeout: '5s',
    ...(listener.markUndelivered ? { local_reply_config: markUndelivered } : {}),
    access_log: accessLog(),
    http_filters: [
      extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router', {
        suppress_envoy_headers: true,
      }),
    ],
  });
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
