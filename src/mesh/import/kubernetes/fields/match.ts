import { list, object, same } from '../shape.ts';

const valueMatch = object({
  exact: same,
  prefix: same,
  suffix: same,
  regex: same,
  range: object({ start: same, end: same }),
});

/** Conditions on headers or on gRPC metadata. */
export const conditions = list(object({ name: same, match: valueMatch, invert: same }));

const httpMatch = {
  prefix: same,
  path: object({ exact: same, regex: same }),
  queryParameters: list(object({ name: same, match: object({ exact: same }) })),
  method: same,
  headers: conditions,
  port: same,
};

const hostname = object({ exact: same, suffix: same });

/** Which requests an HTTP route is for. */
export const httpRouteMatch = object({ ...httpMatch, scheme: same });

/** Which calls a gRPC route is for. */
export const grpcRouteMatch = object({
  methodName: same,
  serviceName: same,
  metadata: conditions,
  port: same,
});

/** Which requests an HTTP gateway route is for. */
export const httpGatewayRouteMatch = object({ ...httpMatch, hostname });

/** Which calls a gRPC gateway route is for. */
export const grpcGatewayRouteMatch = object({
  serviceName: same,
  hostname,
  metadata: conditions,
  port: same,
});
