import { z } from 'zod';
import { grpcGatewayRouteMatch, httpGatewayRouteMatch } from './match.ts';
import { atMostOneOf, type Complaint, exactlyOneOf, rule, structure } from './schema.ts';
import { httpPath, port, resourceName, whole } from './terms.ts';

const target = structure('GatewayRouteTarget', {
  virtualService: structure('GatewayRouteVirtualService', { virtualServiceName: resourceName }),
  port: port.optional(),
});

const byDefault = z.enum(['ENABLED', 'DISABLED']);

/** Whether the host becomes the virtual service's name; it does when nothing is said. */
const hostname = structure('GatewayRouteHostnameRewrite', { defaultTargetHostname: byDefault.optional() });

/** What a matched prefix becomes; '/' when nothing is said. */
const prefix = structure('HttpGatewayRoutePrefixRewrite', {
  defaultPrefix: byDefault.optional(),
  value: httpPath.regex(/\/$/, "a path that starts and ends with '/'").optional(),
}).superRefine(...rule(exactlyOneOf(['defaultPrefix', 'value'])));

/** What becomes of the path and the host on the way to the virtual service. */
export const gatewayRouteRewrite = structure('HttpGatewayRouteRewrite', {
  prefix: prefix.optional(),
  path: structure('HttpGatewayRoutePathRewrite', { exact: httpPath.optional() }).optional(),
  hostname: hostname.optional(),
}).superRefine(...rule(atMostOneOf(['prefix', 'path'])));

const httpGatewayRoute = structure('HttpGatewayRoute', {
  match: httpGatewayRouteMatch,
  action: structure('HttpGatewayRouteAction', { target, rewrite: gatewayRouteRewrite.optional() }),
}).superRefine(...rule(rewritesWhatItMatches));

const grpcGatewayRoute = structure('GrpcGatewayRoute', {
  match: grpcGatewayRouteMatch,
  action: structure('GrpcGatewayRouteAction', {
    target,
    rewrite: structure('GrpcGatewayRouteRewrite', { hostname: hostname.optional() }).optional(),
  }),
});

/** A route of a virtual gateway: of exactly one protocol. */
export const gatewayRouteSpec = structure('GatewayRouteSpec', {
  priority: whole(0, 1000).optional(),
  httpRoute: httpGatewayRoute.optional(),
  http2Route: httpGatewayRoute.optional(),
  grpcRoute: grpcGatewayRoute.optional(),
}).superRefine(...rule(exactlyOneOf(['httpRoute', 'http2Route', 'grpcRoute'])));

/** A route of a virtual gateway for HTTP and HTTP/2. */
export type HttpGatewayRoute = z.infer<typeof httpGatewayRoute>;

/** A route of a virtual gateway for gRPC. */
export type GrpcGatewayRoute = z.infer<typeof grpcGatewayRoute>;

/** A route of a virtual gateway. */
export type GatewayRouteSpec = z.infer<typeof gatewayRouteSpec>;

function* rewritesWhatItMatches(route: Readonly<Record<string, unknown>>): Iterable<Complaint> {
  const { match, action } = route as {
    match?: Record<string, unknown>;
    action?: { rewrite?: Record<string, unknown> };
  };
  const rewrite = action?.rewrite;
  if (rewrite?.prefix !== undefined && match?.path !== undefined) {
    yield {
      path: ['action', 'rewrite', 'prefix'],
      found: rewrite.prefix,
      allowed: 'nothing, where match.path is used',
    };
  }
  if (rewrite?.path !== undefined && match?.path === undefined) {
    yield {
      path: ['action', 'rewrite', 'path'],
      found: rewrite.path,
      allowed: 'nothing, where match.path is not used',
    };
  }
}
