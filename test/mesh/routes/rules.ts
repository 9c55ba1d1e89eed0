import type { GatewayRouteSpec } from '../../../src/model/mesh/gateway-route.ts';
import type {
  GrpcGatewayRouteMatch,
  GrpcRouteMatch,
  HeaderMatch,
  HttpGatewayRouteMatch,
  HttpRouteMatch,
} from '../../../src/model/mesh/match.ts';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';

/**
 * App Mesh's rules of routing, stated a second time and in another way than the compiler does: a request is compared
 * with every route, and the best of those that match takes it. Knows nothing of Envoy.
 */

/** A request as the rules see it; header names are in lower case. */
export interface SeenRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

type Specs<Spec> = Readonly<Record<string, Spec>>;
type HttpMatch = HttpRouteMatch | HttpGatewayRouteMatch;
type GrpcMatch = GrpcRouteMatch | GrpcGatewayRouteMatch;

/** The name of the route that takes a request. */
export function chosenRoute(routes: Specs<RouteSpec>, request: SeenRequest): string | undefined {
  return best(
    Object.entries(routes).flatMap(([name, spec]) => {
      const match = matchOf(spec);
      return takes(match, request) ? [{ name, order: [spec.priority ?? 1001, ...closeness(match)] }] : [];
    }),
  );
}

/** The name of the gateway route that takes a request. */
export function chosenGatewayRoute(
  routes: Specs<GatewayRouteSpec>,
  request: SeenRequest,
): string | undefined {
  return best(
    Object.entries(routes).flatMap(([name, spec]) => {
      const match = matchOf(spec);
      const { exact, suffix } = match.value.hostname ?? {};
      const host = exact === undefined ? request.host.endsWith(suffix ?? '') : request.host === exact;
      const hostOrder = exact === undefined ? 1000 - (suffix ?? '').length : 0;
      return host && takes(match, request)
        ? [{ name, order: [spec.priority ?? 1001, hostOrder, ...closeness(match)] }]
        : [];
    }),
  );
}

/** The request as the virtual service of a gateway route gets it. */
export function rewritten(spec: GatewayRouteSpec, service: string, request: SeenRequest): SeenRequest {
  const { match, action } = spec.httpRoute ??
    spec.http2Route ?? { match: {}, action: spec.grpcRoute?.action };
  const rewrite: NonNullable<GatewayRouteSpec['httpRoute']>['action']['rewrite'] = action?.rewrite;
  const kept = rewrite?.hostname?.defaultTargetHostname === 'DISABLED';
  return { ...request, host: kept ? request.host : service, path: pathOf() };

  function pathOf(): string {
    if (rewrite?.path?.exact !== undefined) return rewrite.path.exact;
    if (match.prefix === undefined || rewrite?.prefix?.defaultPrefix === 'DISABLED') return request.path;
    const replaced = (rewrite?.prefix?.value ?? '/') + request.path.slice(match.prefix.length);
    return replaced.replace(/\/+/g, '/');
  }
}

type Match =
  | {
      readonly grpc: false;
      readonly value: HttpMatch & { readonly hostname?: HttpGatewayRouteMatch['hostname'] };
    }
  | {
      readonly grpc: true;
      readonly value: GrpcMatch & {
        readonly methodName?: string | undefined;
        readonly hostname?: GrpcGatewayRouteMatch['hostname'];
      };
    };

function matchOf({ httpRoute, http2Route, grpcRoute }: RouteSpec | GatewayRouteSpec): Match {
  const http = httpRoute ?? http2Route;
  return http ? { grpc: false, value: http.match } : { grpc: true, value: grpcRoute?.match ?? {} };
}

function takes(match: Match, request: SeenRequest): boolean {
  if (match.grpc) {
    const { serviceName, methodName, metadata = [] } = match.value;
    const [, service, method] = /^\/([^/]*)\/(.*)$/.exec(request.path) ?? [];
    return (
      /^application\/grpc($|\+)/.test(request.headers['content-type'] ?? '') &&
      (serviceName === undefined || serviceName === service) &&
      (methodName === undefined || methodName === method) &&
      metadata.every((condition) => hasHeader(condition, request))
    );
  }
  const { prefix = '', path, method, headers = [], queryParameters = [] } = match.value;
  const parameters = request.query.split('&').map((pair) => pair.split('='));
  return (
    request.path.startsWith(prefix) &&
    (path?.exact ?? request.path) === request.path &&
    (path?.regex === undefined || new RegExp(`^(?:${path.regex})$`).test(request.path)) &&
    (method ?? request.method) === request.method &&
    headers.every((condition) => hasHeader(condition, request)) &&
    queryParameters.every(({ name, match: wanted }) => {
      const found = parameters.find(([key]) => key === name);
      return found !== undefined && (wanted?.exact ?? found[1] ?? '') === (found[1] ?? '');
    })
  );
}

function hasHeader({ name, invert = false, match }: HeaderMatch, { headers }: SeenRequest): boolean {
  const value = headers[name.toLowerCase()];
  if (match === undefined) return (value !== undefined) !== invert;
  if (value === undefined) return false;
  const { exact, prefix, suffix, regex, range } = match;
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  const holds =
    value === (exact ?? value) &&
    value.startsWith(prefix ?? '') &&
    value.endsWith(suffix ?? '') &&
    (regex === undefined || new RegExp(`^(?:${regex})$`).test(value)) &&
    (range === undefined || (number >= range.start && number < range.end));
  return holds !== invert;
}

/** What is better is smaller: a path before a regular expression before a prefix, the longer, the more conditions. */
function closeness(match: Match): number[] {
  if (match.grpc) {
    const { serviceName, methodName, metadata = [] } = match.value;
    const path = serviceName === undefined ? '/' : `/${serviceName}/${methodName ?? ''}`;
    return [methodName === undefined ? 2 : 0, -path.length, -1 - metadata.length, 0];
  }
  const { prefix = '/', path, method, headers = [], queryParameters = [] } = match.value;
  const kind = path?.exact === undefined ? (path?.regex === undefined ? 2 : 1) : 0;
  const scheme = 'scheme' in match.value && match.value.scheme !== undefined ? 1 : 0;
  const conditions = headers.length + scheme + (method === undefined ? 0 : 1);
  return [kind, -(path?.exact ?? path?.regex ?? prefix).length, -conditions, -queryParameters.length];
}

function best(candidates: readonly { name: string; order: readonly number[] }[]): string | undefined {
  return candidates.reduce<(typeof candidates)[number] | undefined>((leader, candidate) => {
    if (leader === undefined) return candidate;
    const at = candidate.order.findIndex((value, index) => value !== leader.order[index]);
    const better =
      at < 0 ? candidate.name < leader.name : (candidate.order[at] ?? 0) < (leader.order[at] ?? 0);
    return better ? candidate : leader;
  }, undefined)?.name;
}
