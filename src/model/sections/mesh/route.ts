import { z } from 'zod';
import { limits } from '../../limits.ts';
import { grpcRouteMatch, httpRouteMatch } from '../../mesh/match.ts';
import type { RouteSpec } from '../../mesh/route.ts';
import { routeMembers, routeProtocol } from '../../mesh/route-kind.ts';
import { apiPage, apiPages } from '../../mesh/schema.ts';
import { type PortProtocol, portProtocol, resourceName, whole } from '../../mesh/terms.ts';
import { count } from '../../scalars.ts';
import { port } from '../../terms.ts';
import { type Port, protocolOf } from './listener.ts';
import { expandRetry, foldRetry, retrySection } from './retry.ts';
import { expandTimeout, foldTimeout, timeoutSection } from './timeout.ts';

/** Which requests a route is for: of HTTP by path and headers, of gRPC by service and metadata, of TCP by port. */
const match = z
  .strictObject({ ...httpRouteMatch.shape, ...grpcRouteMatch.shape })
  .register(apiPages, { page: apiPage('HttpRouteMatch') });

/** A route to nodes. */
export const routeSection = z
  .strictObject({
    name: resourceName,
    /** 0 comes first; a route without a priority comes last. */
    priority: whole(0, 1000).optional(),
    /** The protocol of the listener it is for, when left out. */
    protocol: portProtocol.optional(),
    match: match.default({}),
    targets: z
      .array(
        z.strictObject({
          node: resourceName,
          weight: count({ max: limits.meshWeight }),
          /** The node's listener; needed where it has several. */
          port: port.optional(),
        }),
      )
      .min(1)
      .max(10)
      .register(apiPages, { page: apiPage('HttpRouteAction') }),
    retry: retrySection.optional(),
    /** For a request with all its tries: 4 s when left out. */
    timeout: timeoutSection.optional(),
  })
  .register(apiPages, { page: apiPage('RouteSpec') });

/** Milliseconds that fit into the ingress's usual timeout. */
const usualTimeout = { perRequest: 4000 };

/** A route with every default. */
export type RouteSection = z.output<typeof routeSection>;

/** The API's words for a route, of the protocol it has itself or by its router's listener. */
export function expandRoute(route: RouteSection, protocol: PortProtocol): RouteSpec {
  const timeout = expandTimeout(route.timeout ?? (protocol === 'tcp' ? {} : usualTimeout));
  const weightedTargets = route.targets.map(({ node, weight, port }) => ({
    virtualNode: node,
    weight,
    ...(port === undefined ? {} : { port }),
  }));
  return {
    ...(route.priority === undefined ? {} : { priority: route.priority }),
    [routeMembers[protocol]]: {
      ...(protocol === 'tcp' && Object.keys(route.match).length === 0 ? {} : { match: route.match }),
      action: { weightedTargets },
      ...(route.retry === undefined ? {} : { retryPolicy: expandRetry(route.retry) }),
      ...(timeout === undefined ? {} : { timeout }),
    },
  };
}

/** The section's words for a route of a router; its protocol where its listeners do not say it. */
export function foldRoute(
  name: string,
  spec: RouteSpec,
  listeners: readonly Port[],
): z.input<typeof routeSection> {
  const protocol = routeProtocol(spec) ?? 'http';
  const { match, action, timeout } = spec[routeMembers[protocol]] ?? {};
  const retryPolicy = (spec.httpRoute ?? spec.http2Route ?? spec.grpcRoute)?.retryPolicy;
  const folded = foldTimeout(timeout, protocol);
  return {
    name,
    ...(spec.priority === undefined ? {} : { priority: spec.priority }),
    ...(protocol === protocolOf(match?.port, listeners) ? {} : { protocol }),
    ...(match === undefined ? {} : { match }),
    targets: (action?.weightedTargets ?? []).map(({ virtualNode, weight, port }) => ({
      node: virtualNode,
      weight,
      ...(port === undefined ? {} : { port }),
    })),
    ...(retryPolicy === undefined ? {} : { retry: foldRetry(retryPolicy) }),
    ...(folded === undefined ? {} : { timeout: folded }),
  };
}
