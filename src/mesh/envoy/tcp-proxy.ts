import type { ProxyModel } from '../proxy-model.ts';
import { accessLogs } from './access-log.ts';
import { type Extension, extension } from './vocabulary.ts';

/** Envoy's TCP filter: a connection goes to a cluster as it is. */
export function tcpProxy(
  kind: 'ingress' | 'egress',
  fields: Readonly<Record<string, unknown>>,
  model: ProxyModel,
): Extension {
  const logs = accessLogs(model);
  return extension(
    'envoy.filters.network.tcp_proxy',
    'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy',
    { stat_prefix: kind, ...fields, ...(logs.length > 0 ? { access_log: logs } : {}) },
  );
}
