import type { z } from 'zod';
import { grpcRouteMatch } from './match.ts';
import { grpcRetryPolicy } from './retry-policy.ts';
import { structure } from './schema.ts';
import { grpcTimeout } from './timeout.ts';
import { routeAction } from './weighted-target.ts';

/** A route for gRPC. */
export const grpcRoute = structure('GrpcRoute', {
  action: routeAction('GrpcRouteAction'),
  match: grpcRouteMatch,
  retryPolicy: grpcRetryPolicy.optional(),
  timeout: grpcTimeout.optional(),
});

/** A route for gRPC. */
export type GrpcRoute = z.infer<typeof grpcRoute>;
