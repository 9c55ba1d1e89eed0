import { defaults } from '../defaults.ts';
import type { ConnectionPool } from '../proxy-model.ts';

/**
 * A connection pool's limits as Envoy's circuit breaker thresholds; what exceeds them is answered 503 at once.
 * App Mesh switches Envoy's own limits off where no pool states one.
 *
 * `max_retries` is the request limit rather than Envoy's 3: when a task dies, everything it had in flight is
 * tried again at the same moment. Retries stay bounded by each request's own count and by ejection.
 */
export function circuitBreakers({ maxConnections, maxPendingRequests, maxRequests }: ConnectionPool = {}) {
  return {
    thresholds: [
      {
        max_connections: maxConnections ?? defaults.circuitBreaker,
        max_pending_requests: maxPendingRequests ?? defaults.circuitBreaker,
        max_requests: maxRequests ?? defaults.circuitBreaker,
        max_retries: maxRequests ?? defaults.circuitBreaker,
      },
    ],
  };
}
