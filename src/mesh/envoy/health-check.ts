import type { HealthCheck } from '../proxy-model.ts';
import { seconds } from './vocabulary.ts';

/** What a health check speaks: the codec of HTTP, and the name the node goes by. */
export interface HealthCheckPeer {
  readonly codec: 'HTTP1' | 'HTTP2';
  readonly hostname: string;
}

/**
 * Active checks by every caller, through the node's sidecar, so that app and sidecar are both judged. The interval
 * is the same before a cluster has any traffic: Envoy's default of a minute would delay a new task by as much,
 * and a longer one for healthy hosts saves nothing that can be measured (0.3 ms of CPU a check).
 */
export function healthChecks(health: HealthCheck, peer: HealthCheckPeer) {
  return [
    {
      timeout: seconds(health.timeout),
      interval: seconds(health.interval),
      interval_jitter_percent: 10,
      no_traffic_interval: seconds(health.interval),
      no_traffic_healthy_interval: seconds(health.interval),
      healthy_threshold: health.healthyThreshold,
      unhealthy_threshold: health.unhealthyThreshold,
      ...checker(health, peer),
    },
  ];
}

function checker({ protocol, path = '/' }: HealthCheck, { codec, hostname }: HealthCheckPeer) {
  switch (protocol) {
    case 'tcp':
      return { tcp_health_check: {} };
    case 'grpc':
      return { grpc_health_check: { authority: hostname } };
    case 'http2':
      return { http_health_check: { host: hostname, path, codec_client_type: 'HTTP2' } };
    case 'http':
      return { http_health_check: { host: hostname, path, codec_client_type: codec } };
  }
}
