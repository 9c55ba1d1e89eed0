import { list, object, own, reference, same } from '../shape.ts';
import { duration, timeouts } from './listener.ts';
import { grpcGatewayRouteMatch, grpcRouteMatch, httpGatewayRouteMatch, httpRouteMatch } from './match.ts';

const action = object({
  weightedTargets: list(
    object({
      virtualNodeRef: reference('VirtualNode', 'virtualNode'),
      virtualNodeARN: reference('VirtualNode', 'virtualNode'),
      weight: same,
      port: same,
    }),
  ),
});

const httpRetryPolicy = {
  httpRetryEvents: same,
  tcpRetryEvents: same,
  maxRetries: same,
  perRetryTimeout: duration,
};

const httpRoute = object({
  match: httpRouteMatch,
  action,
  retryPolicy: object(httpRetryPolicy),
  timeout: timeouts.http,
});

/** One of a virtual router's routes; its name stands beside what it does. */
export const route = object({
  name: own,
  priority: same,
  httpRoute,
  http2Route: httpRoute,
  grpcRoute: object({
    match: grpcRouteMatch,
    action,
    retryPolicy: object({ grpcRetryEvents: same, ...httpRetryPolicy }),
    timeout: timeouts.grpc,
  }),
  tcpRoute: object({ match: object({ port: same }), action, timeout: timeouts.tcp }),
});

const target = object({
  virtualService: object({
    virtualServiceRef: reference('VirtualService', 'virtualServiceName'),
    virtualServiceARN: reference('VirtualService', 'virtualServiceName'),
  }),
  port: same,
});

const hostnameRewrite = object({ defaultTargetHostname: same });

const httpGatewayRoute = object({
  match: httpGatewayRouteMatch,
  action: object({
    target,
    rewrite: object({
      prefix: object({ defaultPrefix: same, value: same }),
      path: object({ exact: same }),
      hostname: hostnameRewrite,
    }),
  }),
});

/** A GatewayRoute's spec. */
export const gatewayRouteSpec = object({
  awsName: own,
  meshRef: own,
  virtualGatewayRef: own,
  priority: same,
  httpRoute: httpGatewayRoute,
  http2Route: httpGatewayRoute,
  grpcRoute: object({
    match: grpcGatewayRouteMatch,
    action: object({ target, rewrite: object({ hostname: hostnameRewrite }) }),
  }),
});
