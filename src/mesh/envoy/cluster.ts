import type { Address } from '../environment.ts';
import type { ProxyModel, Upstream } from '../proxy-model.ts';
import { circuitBreakers } from './circuit-breaker.ts';
import { clusterNameOf, endpointFileOf, loadAssignment } from './endpoint.ts';
import { healthChecks } from './health-check.ts';
import { outlierDetection } from './outlier-detection.ts';
import { upstreamTls } from './tls.ts';
import { fileSource, type Typed, typed } from './vocabulary.ts';

/** The cluster of the app beside a sidecar; no node can have this name. */
export const applicationCluster = 'local_application';

/** All clusters of a proxy: the nodes it may reach and the app beside it. */
export function clusters(model: ProxyModel, directory: string): Typed[] {
  return [
    ...model.upstreams.map((upstream) => nodeCluster(model, upstream, directory)),
    ...(model.inbound ? [application(model.inbound.application)] : []),
  ];
}

/**
 * A node's sidecars: HTTP/2 over mutual TLS. Least-request rather than round robin: a task that slows down
 * gets less, and one that has just started is not flooded.
 */
function nodeCluster(model: ProxyModel, upstream: Upstream, directory: string): Typed {
  const name = clusterNameOf(upstream.node);
  return typed('envoy.config.cluster.v3.Cluster', {
    name,
    type: 'EDS',
    eds_cluster_config: { eds_config: fileSource(directory, endpointFileOf(name)), service_name: name },
    connect_timeout: '1s',
    per_connection_buffer_limit_bytes: 1_048_576,
    lb_policy: 'LEAST_REQUEST',
    common_lb_config: {
      healthy_panic_threshold: { value: model.panicThreshold },
      // Envoy gathers changes of health for a second by default; a task that came back would get nothing meanwhile.
      update_merge_window: '0s',
    },
    circuit_breakers: circuitBreakers(upstream.connectionPool),
    ...(upstream.outlierDetection ? { outlier_detection: outlierDetection(upstream.outlierDetection) } : {}),
    ...(upstream.health ? { health_checks: healthChecks(upstream.health, upstream.hostname) } : {}),
    // A task that leaves gets no new request, even while its health check still passes.
    ignore_health_on_host_removal: true,
    typed_extension_protocol_options: protocol('60s', {
      http2_protocol_options: {
        max_concurrent_streams: 1024,
        initial_stream_window_size: 1_048_576,
        initial_connection_window_size: 8_388_608,
      },
    }),
    ...(model.mutualTls ? { transport_socket: upstreamTls(directory, upstream) } : {}),
  });
}

/**
 * The app: HTTP/1.1 on loopback. Idle connections are closed before an app would (node:http: after 5 s),
 * so that no request is sent into a connection that is just being closed.
 */
function application(address: Address): Typed {
  return typed('envoy.config.cluster.v3.Cluster', {
    name: applicationCluster,
    type: 'STATIC',
    load_assignment: loadAssignment(applicationCluster, [address]),
    connect_timeout: '1s',
    per_connection_buffer_limit_bytes: 1_048_576,
    circuit_breakers: circuitBreakers({ maxConnections: 1024, maxPendingRequests: 4096, maxRequests: 4096 }),
    typed_extension_protocol_options: protocol('4s', { http_protocol_options: {} }),
  });
}

function protocol(idleTimeout: string, explicit: Record<string, unknown>) {
  return {
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
      { common_http_protocol_options: { idle_timeout: idleTimeout }, explicit_http_config: explicit },
    ),
  };
}
