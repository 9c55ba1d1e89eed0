import type { GrpcRouteMatch, HttpGatewayRouteMatch, HttpRouteMatch } from '../../model/mesh/match.ts';
import { exactHeader, type HeaderMatcher, headerMatchers } from './header-match.ts';
import { type QueryMatcher, queryMatchers } from './query-match.ts';

/** Which paths are meant, without their query. A regular expression must match the whole path. */
export interface PathCondition {
  readonly kind: 'exact' | 'regex' | 'prefix';
  readonly value: string;
}

/** What a request must be for a route: all of it. */
export interface Conditions {
  readonly path: PathCondition;
  readonly headers: readonly HeaderMatcher[];
  readonly query: readonly QueryMatcher[];
  /** Whether only gRPC calls are meant. */
  readonly grpc: boolean;
  /** Whether CONNECT requests are meant, which have no path. */
  readonly connect: boolean;
}

/** Every path. */
export const anyPath: PathCondition = { kind: 'prefix', value: '/' };

/**
 * Conditions of an HTTP or HTTP/2 route or gateway route. Without a path or a prefix every path is meant.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpRouteMatch.html
 */
export function httpConditions(match: HttpRouteMatch | HttpGatewayRouteMatch): Conditions {
  const scheme = 'scheme' in match ? match.scheme : undefined;
  return {
    path: pathOf(match),
    headers: [
      ...(match.method === undefined ? [] : [exactHeader(':method', match.method)]),
      ...(scheme === undefined ? [] : [exactHeader(':scheme', scheme)]),
      ...headerMatchers(match.headers),
    ],
    query: queryMatchers(match.queryParameters),
    grpc: false,
    connect: match.method === 'CONNECT',
  };
}

/**
 * Conditions of a gRPC route or gateway route: the service and method are the path (`/service/method`), metadata
 * are headers.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_GrpcRouteMatch.html
 * https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function grpcConditions(
  match: Pick<GrpcRouteMatch, 'serviceName' | 'methodName' | 'metadata'>,
): Conditions {
  return {
    path: grpcPath(match),
    headers: headerMatchers(match.metadata),
    query: [],
    grpc: true,
    connect: false,
  };
}

/** `envoy.config.route.v3.RouteMatch` of some conditions. */
export function envoyMatch({ path, headers, query, grpc, connect }: Conditions) {
  return {
    ...(connect ? { connect_matcher: {} } : pathMatcher(path)),
    ...(headers.length > 0 ? { headers } : {}),
    ...(query.length > 0 ? { query_parameters: query } : {}),
    ...(grpc ? { grpc: {} } : {}),
  };
}

/** Conditions of both, over paths that are for both already. */
export function bothConditions(
  one: Conditions,
  other: Conditions,
  { path, within }: { readonly path: PathCondition; readonly within: readonly HeaderMatcher[] },
): Conditions {
  return {
    path,
    headers: [...one.headers, ...other.headers, ...within],
    query: [...one.query, ...other.query],
    grpc: one.grpc || other.grpc,
    connect: one.connect || other.connect,
  };
}

/** How much is asked for besides the path. */
export function conditionCount({ headers, query, grpc }: Conditions): number {
  return headers.length + query.length + (grpc ? 1 : 0);
}

function pathOf({ path, prefix }: Pick<HttpRouteMatch, 'path' | 'prefix'>): PathCondition {
  if (path?.exact !== undefined) return { kind: 'exact', value: path.exact };
  if (path?.regex !== undefined) return { kind: 'regex', value: path.regex };
  return prefix === undefined ? anyPath : { kind: 'prefix', value: prefix };
}

function grpcPath({ serviceName, methodName }: Pick<GrpcRouteMatch, 'serviceName' | 'methodName'>) {
  if (serviceName === undefined) return anyPath;
  return methodName === undefined
    ? ({ kind: 'prefix', value: `/${serviceName}/` } as const)
    : ({ kind: 'exact', value: `/${serviceName}/${methodName}` } as const);
}

function pathMatcher({ kind, value }: PathCondition) {
  if (kind === 'exact') return { path: value };
  return kind === 'prefix' ? { prefix: value } : { safe_regex: { regex: value } };
}
