import type { GatewayRouteSpec } from '../../model/mesh/gateway-route.ts';
import type { HostnameMatch } from './gateway-route-host.ts';
import { pathBehind, reachesAll } from './gateway-route-path.ts';
import { keepsHost, type PathRewrite, pathRewrite } from './rewrite.ts';
import {
  bothConditions,
  type Conditions,
  conditionCount,
  grpcConditions,
  httpConditions,
} from './route-match.ts';

/** Which requests a gateway route takes, and what they look like behind it. */
export interface GatewayRequests {
  readonly hostname: HostnameMatch;
  readonly conditions: Conditions;
  readonly rewrite: PathRewrite;
  readonly hostKept: boolean;
}

/** Which of the requests a gateway route takes are for a route of its virtual service. */
export type RequestsBehind =
  | { readonly kind: 'some'; readonly conditions: Conditions; readonly all: boolean }
  | { readonly kind: 'none' }
  /** Envoy has no words for it: what the route may ask for instead, since the gateway route does something. */
  | { readonly kind: 'inexpressible'; readonly allowed: string; readonly since: string };

/** What a gateway route says of requests. */
export function requestsOf(spec: GatewayRouteSpec): GatewayRequests {
  const http = spec.httpRoute ?? spec.http2Route;
  const grpc = spec.grpcRoute?.match ?? {};
  const conditions = http === undefined ? grpcConditions(grpc) : httpConditions(http.match);
  return {
    hostname: (http?.match ?? grpc).hostname,
    conditions,
    rewrite: http === undefined ? { kind: 'none' } : pathRewrite(conditions.path, http.action.rewrite),
    hostKept: keepsHost(spec),
  };
}

/** The conditions of a route behind a gateway route, in terms of the request as it comes in. */
export function requestsBehind(gateway: GatewayRequests, route: Conditions): RequestsBehind {
  const { conditions: outer, rewrite, hostKept } = gateway;
  if (!hostKept && route.headers.some(({ name }) => name === ':authority')) {
    return { kind: 'inexpressible', allowed: 'no condition on the Host', since: 'rewrites it' };
  }
  const behind = pathBehind(outer.path, rewrite, route.path);
  if (behind.kind === 'none') return behind;
  if (behind.kind === 'inexpressible') {
    const since = rewrite.kind === 'none' ? 'asks for another regular expression' : 'rewrites the path';
    return { kind: 'inexpressible', allowed: 'a prefix or an exact path', since };
  }
  const conditions = bothConditions(outer, route, behind);
  const all = reachesAll(outer.path, behind) && conditionCount(conditions) === conditionCount(outer);
  return { kind: 'some', conditions, all };
}
