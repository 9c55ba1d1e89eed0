import type { GatewayPolicy, GatewayRetry } from '../definition.ts';
import { absentHeader, type HeaderMatcher, presentHeader, regexHeader } from './header-match.ts';
import {
  conditionsOf,
  type EnvoyRetryPolicy,
  interruptedHeader,
  perTry,
  retryPolicy,
  undeliveredHeader,
} from './retry.ts';
import type { RouteEntry } from './route-entry.ts';
import { seconds } from './vocabulary.ts';

/** A retry of what certainly did not reach an app is always safe. */
const undelivered = ['connect-failure', 'refused-stream', 'retriable-headers'] as const;

/**
 * One route for each answer to "may this request be carried out twice?". Safe and idempotent methods may
 * (RFC 9110, section 9.2.2), and whatever carries an Idempotency-Key. PUT and DELETE with a precondition may not:
 * the second one would be answered 412 though the first was applied.
 */
export function byRepeatability(route: RouteEntry, { retry, timeout }: GatewayPolicy): RouteEntry[] {
  const bounded = { ...route, timeouts: { timeout: seconds(timeout) }, retry: undefined };
  if (retry === undefined) return [bounded];
  const variant = (
    kind: string,
    headers: readonly HeaderMatcher[],
    policy: EnvoyRetryPolicy,
  ): RouteEntry => ({
    ...bounded,
    name: `${route.name}-${kind}`,
    conditions: { ...route.conditions, headers: [...route.conditions.headers, ...headers] },
    retry: policy,
  });
  const full = idempotentPolicy(retry);
  return [
    variant('safe', [regexHeader(':method', 'GET|HEAD|OPTIONS')], full),
    variant('keyed', [presentHeader('idempotency-key')], full),
    variant('idempotent', [regexHeader(':method', 'PUT|DELETE'), ...preconditions.map(absentHeader)], full),
    variant('other', [], undeliveredPolicy(retry)),
  ];
}

const preconditions = ['if-match', 'if-none-match', 'if-unmodified-since'];

/** For a request that may be repeated though it may have been carried out: also when its connection breaks, or its app's. */
function idempotentPolicy(retry: GatewayRetry): EnvoyRetryPolicy {
  return retryPolicy(retry.maxRetries, [...conditionsOf(retry), ...undelivered, 'reset'], {
    ...marked(undeliveredHeader, interruptedHeader),
    ...perTry(retry.perRetryTimeout),
  });
}

/** For a request that must not be carried out twice: retried only when it was not delivered; it may use all the time there is. */
function undeliveredPolicy(retry: GatewayRetry): EnvoyRetryPolicy {
  return retryPolicy(retry.maxRetries, undelivered, marked(undeliveredHeader));
}

function marked(...headers: string[]) {
  return { retriable_headers: headers.map(presentHeader) };
}
