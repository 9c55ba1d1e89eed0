import { milliseconds } from './duration.ts';
import type { RouteSpec } from './route.ts';

/** Milliseconds a request may take where a route says nothing: https://docs.aws.amazon.com/app-mesh/latest/userguide/routes.html */
export const defaultRequestTimeout = 15_000;

/** How many tries of full length a route's timeout leaves room for: at most the first and all retries. */
export function fullTries({ httpRoute, http2Route, grpcRoute }: RouteSpec): number {
  const { retryPolicy, timeout } = httpRoute ?? http2Route ?? grpcRoute ?? {};
  if (!retryPolicy) return 1;
  const limit = timeout?.perRequest ? milliseconds(timeout.perRequest) : defaultRequestTimeout;
  const each = milliseconds(retryPolicy.perRetryTimeout);
  const all = 1 + retryPolicy.maxRetries;
  return limit === 0 || each === 0 ? all : Math.min(all, Math.floor(limit / each));
}
