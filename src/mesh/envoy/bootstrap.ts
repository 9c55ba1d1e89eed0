import type { ProxyModel } from '../proxy-model.ts';
import { internalListeners } from './listener-pool.ts';
import { http2Options } from './protocol-options.ts';
import { secretServiceCluster } from './secret.ts';
import { fileSource, socketAddress, typed } from './vocabulary.ts';

/** Files of the dynamic resources. */
export const resourceFiles = { listeners: 'listeners.json', clusters: 'clusters.json' } as const;

/** What Envoy starts with: its name, the admin address, where everything else is read from, and what it counts. */
export function bootstrap(model: ProxyModel, directory: string) {
  return {
    node: { id: model.identity, cluster: model.proxy.name },
    admin: { address: socketAddress(model.admin) },
    ...secretService(model),
    dynamic_resources: {
      lds_config: fileSource(directory, resourceFiles.listeners),
      cds_config: fileSource(directory, resourceFiles.clusters),
    },
    stats_config: { stats_matcher: { inclusion_list: { patterns: statistics } } },
    layered_runtime: { layers: [{ name: 'mesh', static_layer: runtime }] },
    ...internalListeners(model),
  };
}

/** App Mesh let regular expressions be ten times as large as Envoy does by itself. */
const runtime = { 're2.max_program_size.error_level': 1000 };

/** The secret service on a unix socket must be known before anything that needs its secrets. */
function secretService({ secrets }: ProxyModel) {
  const path = secrets.find(({ socket }) => socket !== undefined)?.socket;
  if (path === undefined) return {};
  const name = secretServiceCluster;
  const type = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const protocol = typed(type, { explicit_http_config: { http2_protocol_options: http2Options } });
  const endpoint = { address: { pipe: { path } } };
  const cluster = {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint }] }] },
    typed_extension_protocol_options: { [type]: protocol },
  };
  return { static_resources: { clusters: [cluster] } };
}

/**
 * What somebody reads; Envoy keeps no other counter. `upstream_cx_total` is also what tells the health checker
 * whether a cluster has traffic.
 */
const statistics = [
  {
    safe_regex: {
      regex:
        'cluster\\..+\\.upstream_(rq|cx)_(total|active|pending_overflow|active_overflow|overflow|connect_fail|timeout|per_try_timeout|retry|retry_.*|[1-5]xx|pending_active|rx_reset|tx_reset)',
    },
  },
  { safe_regex: { regex: 'cluster\\..+\\.(outlier_detection\\.|health_check\\.|membership_).*' } },
  { safe_regex: { regex: 'cluster\\..+\\.circuit_breakers\\.default\\..*_open' } },
  { safe_regex: { regex: 'cluster\\..+\\.ssl\\.(handshake|connection_error|fail_verify_.*)' } },
  { safe_regex: { regex: 'http\\..*\\.downstream_rq_(total|active|idle_timeout|timeout|[1-5]xx)' } },
  { safe_regex: { regex: 'tcp\\..*\\.downstream_cx_(total|active)' } },
  { safe_regex: { regex: 'listener\\..*\\.ssl\\.(handshake|connection_error|fail_verify_.*)' } },
  { safe_regex: { regex: '(listener|cluster)_manager\\..*' } },
  { safe_regex: { regex: '.*\\.sds\\..*\\.(update_success|update_rejected|update_failure)' } },
  { prefix: 'server.' },
];
