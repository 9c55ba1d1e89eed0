import type { ConnectionPool } from '../mesh.ts';

/**
 * A connection pool's limits as Envoy's circuit breaker thresholds; what exceeds them is answered 503 at once.
 *
 * `max_retries` is the request limit rather than Envoy's 3: when a task dies, everything it had in flight is
 * tried again at the same moment. Retries stay bounded by each request's own count and by ejection.
 */
export function circuitBreakers({ maxConnections, maxPendingRequests, maxRequests }: ConnectionPool) {
  return {
    thresholds: [
      {
        max_connections: maxConnections,
        max_pending_requests: maxPendingRequests,
        max_requests: maxRequests,
        max_retries: maxRequests,
      },
    ],
  };
}
