import type {
  EgressListener,
  Entrance,
  InboundListener,
  ProxyModel,
  TcpEgressListener,
} from '../proxy-model.ts';
import { fileName } from './file-name.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { tcpProxy } from './tcp-proxy.ts';
import { tcpTargets } from './tcp-route.ts';
import { type Extension, fileSource, seconds } from './vocabulary.ts';

/** The file a listener's routes are in. */
export function routeFile(listener: string): string {
  return fileName('routes', listener);
}

/** What stands behind a sidecar's way in. */
export function inboundFilter(inbound: InboundListener, model: ProxyModel, directory: string): Extension {
  const { name, protocol, cluster, timeout } = inbound;
  if (protocol !== 'tcp') return http('ingress', name, model, directory);
  return tcpProxy('ingress', { cluster, idle_timeout: seconds(timeout.idle) }, model);
}

/** What stands behind a gateway's listener. */
export function entranceFilter({ name }: Entrance, model: ProxyModel, directory: string): Extension {
  return http('gateway', name, model, directory);
}

/** What stands behind a sidecar's way out over HTTP. */
export function egressFilter({ name }: EgressListener, model: ProxyModel, directory: string): Extension {
  return http('egress', name, model, directory);
}

/** What stands behind a sidecar's way out over TCP. */
export function tcpEgressFilter(listener: TcpEgressListener, model: ProxyModel): Extension {
  return tcpProxy('egress', tcpTargets(listener), model);
}

function http(
  kind: 'ingress' | 'egress' | 'gateway',
  name: string,
  model: ProxyModel,
  directory: string,
): Extension {
  const source = { route_config_name: name, config_source: fileSource(directory, routeFile(name)) };
  return httpConnectionManager({ kind, routes: { rds: source } }, model);
}
