import { object, same } from '../shape.ts';
import { listenerTls } from './tls.ts';

/** An amount of time and its unit. */
export const duration = object({ unit: same, value: same });
const requestTimeout = object({ perRequest: duration, idle: duration });

/** How long a request or a connection may take, by protocol. */
export const timeouts = {
  http: requestTimeout,
  http2: requestTimeout,
  grpc: requestTimeout,
  tcp: object({ idle: duration }),
};

/** A port and what it speaks. */
export const portMapping = object({ port: same, protocol: same });

const healthCheck = object({
  healthyThreshold: same,
  intervalMillis: same,
  path: same,
  port: same,
  protocol: same,
  timeoutMillis: same,
  unhealthyThreshold: same,
});

const pools = {
  http: object({ maxConnections: same, maxPendingRequests: same }),
  http2: object({ maxRequests: same }),
  grpc: object({ maxRequests: same }),
};

/** A port of a virtual node. */
export const nodeListener = object({
  portMapping,
  healthCheck,
  outlierDetection: object({
    maxServerErrors: same,
    interval: duration,
    baseEjectionDuration: duration,
    maxEjectionPercent: same,
  }),
  connectionPool: object({ tcp: object({ maxConnections: same }), ...pools }),
  tls: listenerTls,
  timeout: object(timeouts),
});

/** A port of a virtual gateway. */
export const gatewayListener = object({
  portMapping,
  healthCheck,
  connectionPool: object(pools),
  tls: listenerTls,
});
