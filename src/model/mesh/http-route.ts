import type { z } from 'zod';
import { httpRouteMatch } from './match.ts';
import { httpRetryPolicy } from './retry-policy.ts';
import { structure } from './schema.ts';
import { httpTimeout } from './timeout.ts';
import { routeAction } from './weighted-target.ts';

/** A route for HTTP, and, in the same words, for HTTP/2. */
export const httpRoute = structure('HttpRoute', {
  match: httpRouteMatch,
  action: routeAction('HttpRouteAction'),
  retryPolicy: httpRetryPolicy.optional(),
  timeout: httpTimeout.optional(),
});

/** A route for HTTP and HTTP/2. */
export type HttpRoute = z.infer<typeof httpRoute>;
