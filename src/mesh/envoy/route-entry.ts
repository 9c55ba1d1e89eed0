import type { GrpcRoute } from '../../model/mesh/grpc-route.ts';
import type { HttpRoute } from '../../model/mesh/http-route.ts';
import type { RouteSpec } from '../../model/mesh/route.ts';
import type { ReachableService } from '../proxy-model.ts';
import { type EnvoyRetryPolicy, routeRetryPolicy } from './retry.ts';
import { type Conditions, envoyMatch, grpcConditions, httpConditions } from './route-match.ts';
import { inOrder, rankOf } from './route-order.ts';
import { type RouteTimeouts, routeTimeouts } from './timeout.ts';
import { type ClusterChoice, clusterChoice } from './weighted-cluster.ts';

/** A route of HTTP, HTTP/2 or gRPC in Envoy's terms, before it is written. */
export interface RouteEntry {
  readonly name: string;
  readonly conditions: Conditions;
  readonly clusters: ClusterChoice;
  readonly timeouts: RouteTimeouts;
  readonly retry: EnvoyRetryPolicy | undefined;
  /** Fields of the route action that change the request on its way. */
  readonly rewrites: object;
}

/** Ports of a provider that speak HTTP in any form. */
export function httpPorts({ listeners }: ReachableService): number[] {
  return listeners.filter(({ protocol }) => protocol !== 'tcp').map(({ port }) => port);
}

/**
 * A service's routes for requests to one of its provider's ports, in the order in which they are tried; all of them
 * for a provider without ports.
 * @throws {RangeError} when all targets of a route have weight 0
 */
export function routeEntries(service: ReachableService, port: number | undefined): RouteEntry[] {
  const candidates = service.routes.flatMap(({ name, spec }) => {
    const route = httpRouteOf(spec);
    if (route === undefined || !isFor(port, route.match.port)) return [];
    const conditions = conditionsOf(spec);
    return [{ name, route, conditions, rank: rankOf(spec.priority, conditions) }];
  });
  return inOrder(candidates).map(({ name, route, conditions }) => ({
    name,
    conditions,
    clusters: clusterChoice(route.action.weightedTargets, service.clusterOf),
    timeouts: routeTimeouts(route.timeout),
    retry: routeRetryPolicy(route.retryPolicy),
    rewrites: {},
  }));
}

/** What requests must be for a route; for a TCP route nothing. */
export function conditionsOf({ httpRoute, http2Route, grpcRoute }: RouteSpec): Conditions {
  const http = httpRoute ?? http2Route;
  return http === undefined ? grpcConditions(grpcRoute?.match ?? {}) : httpConditions(http.match);
}

/** `envoy.config.route.v3.Route` of an entry. */
export function envoyRoute({ name, conditions, clusters, timeouts, retry, rewrites }: RouteEntry) {
  return {
    name,
    match: envoyMatch(conditions),
    route: {
      ...clusters,
      ...timeouts,
      ...(retry ? { retry_policy: retry } : {}),
      ...rewrites,
      ...(conditions.connect ? { upgrade_configs: [{ upgrade_type: 'CONNECT' }] } : {}),
    },
  };
}

function isFor(port: number | undefined, asked: number | undefined): boolean {
  return port === undefined || asked === undefined || asked === port;
}

function httpRouteOf({ httpRoute, http2Route, grpcRoute }: RouteSpec): HttpRoute | GrpcRoute | undefined {
  return httpRoute ?? http2Route ?? grpcRoute;
}
