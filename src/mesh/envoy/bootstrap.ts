import type { ProxyEnvironment } from '../environment.ts';
import type { ProxyModel } from '../proxy-model.ts';
import { fileSource, socketAddress } from './vocabulary.ts';

/** Files of the dynamic resources. */
export const resourceFiles = { listeners: 'listeners.json', clusters: 'clusters.json' } as const;

/** What Envoy starts with: its name, the admin address, where everything else is read from, and what it counts. */
export function bootstrap({ name, identity }: ProxyModel, { admin, directory }: ProxyEnvironment) {
  return {
    node: { id: identity, cluster: name },
    admin: { address: socketAddress(admin) },
    dynamic_resources: {
      lds_config: fileSource(directory, resourceFiles.listeners),
      cds_config: fileSource(directory, resourceFiles.clusters),
    },
    stats_config: { stats_matcher: { inclusion_list: { patterns: statistics } } },
  };
}

/**
 * What somebody reads; Envoy keeps no other counter. `upstream_cx_total` is also what tells the health checker
 * whether a cluster has traffic.
 */
const statistics = [
  {
    safe_regex: {
      regex:
        'cluster\\.[^.]+\\.upstream_(rq|cx)_(total|active|pending_overflow|active_overflow|overflow|connect_fail|timeout|per_try_timeout|retry|retry_.*|[1-5]xx|pending_active|rx_reset|tx_reset)',
    },
  },
  { safe_regex: { regex: 'cluster\\.[^.]+\\.(outlier_detection\\.|health_check\\.|membership_).*' } },
  { safe_regex: { regex: 'cluster\\.[^.]+\\.circuit_breakers\\.default\\..*_open' } },
  { safe_regex: { regex: 'http\\..*\\.downstream_rq_(total|active|[1-5]xx)' } },
  { safe_regex: { regex: 'listener\\..*\\.ssl\\.(handshake|connection_error|fail_verify_.*)' } },
  { safe_regex: { regex: '(listener|cluster)_manager\\..*' } },
  { prefix: 'server.' },
];
