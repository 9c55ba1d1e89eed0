import type { z } from 'zod';
import { grpcRoute } from './grpc-route.ts';
import { httpRoute } from './http-route.ts';
import { exactlyOneOf, rule, structure } from './schema.ts';
import { tcpRoute } from './tcp-route.ts';
import { whole } from './terms.ts';

/** A route of a virtual router: of exactly one protocol. */
export const routeSpec = structure('RouteSpec', {
  /** 0 comes first; a route without a priority comes last. */
  priority: whole(0, 1000).optional(),
  httpRoute: httpRoute.optional(),
  tcpRoute: tcpRoute.optional(),
  http2Route: httpRoute.optional(),
  grpcRoute: grpcRoute.optional(),
}).superRefine(...rule(exactlyOneOf(['httpRoute', 'http2Route', 'grpcRoute', 'tcpRoute'])));

/** A route of a virtual router. */
export type RouteSpec = z.infer<typeof routeSpec>;
