import { dateOf, type ExchangeTimes } from './age.ts';
import { isUnqualified, secondsOf, secondsOrNone } from './directives.ts';
import { type FieldLines, fieldValue, linesOf } from './fields.ts';
import { parseHttpDate } from './http-date.ts';
import type { CachePolicy } from './policy.ts';
import { heuristicallyCacheable } from './status-codes.ts';
import { type Governing, governingDirectives } from './targeted.ts';

/** All that decides whether a stored response may be used, computed once. Milliseconds. */
export interface Freshness {
  readonly lifetime: number;
  /** Whether the origin said the lifetime, rather than a heuristic or a default. */
  readonly explicit: boolean;
  /** `no-cache` for the whole response: each use needs validation (RFC 9111, section 5.2.2.4). */
  readonly alwaysValidate: boolean;
  /** Whether it must not be used stale, not even disconnected (RFC 9111, sections 5.2.2.2, 5.2.2.8, 5.2.2.10). */
  readonly neverStale: boolean;
  /** RFC 5861, sections 3 and 4. */
  readonly staleWhileRevalidate: number;
  /** Undefined where the origin does not say. */
  readonly staleIfError: number | undefined;
}

/** Computes a response's freshness when it is stored. */
export function freshnessOf(
  response: { readonly status: number; readonly headers: FieldLines },
  times: ExchangeTimes,
  policy: CachePolicy,
): Freshness {
  const governing = governingDirectives(response.headers, policy.targetedFields);
  const { directives } = governing;
  const said = explicitLifetime(response.headers, governing, times);
  const keptError = response.status >= 400 && (policy.errorTtl?.(response.status) ?? 0) > 0;
  // CloudFront keeps nothing beyond the maximum TTL, stale or not.
  const bounded = (seconds: number) => Math.min(seconds, policy.ttl?.max ?? seconds);
  const overridden = keptError || (policy.ttl !== undefined && policy.ttl.min > 0);
  return {
    lifetime: policyLifetime(response, governing, said, times, policy) * 1000,
    explicit: said !== undefined,
    alwaysValidate: isUnqualified(directives, 'no-cache') && !overridden,
    neverStale:
      directives.has('must-revalidate') ||
      directives.has('proxy-revalidate') ||
      (directives.has('s-maxage') && policy.sharedLifetimeIsStrict) ||
      (isUnqualified(directives, 'no-cache') && !overridden),
    staleWhileRevalidate: bounded(secondsOrNone(directives, 'stale-while-revalidate')) * 1000,
    staleIfError: directives.has('stale-if-error')
      ? bounded(secondsOrNone(directives, 'stale-if-error')) * 1000
      : undefined,
  };
}

/** Seconds the origin says: s-maxage, max-age, Expires, in this order (RFC 9111, section 4.2.1). What is invalid is stale. */
function explicitLifetime(
  headers: FieldLines,
  { directives, targeted }: Governing,
  times: ExchangeTimes,
): number | undefined {
  for (const name of ['s-maxage', 'max-age']) {
    const seconds = secondsOf(directives, name);
    if (seconds !== undefined) return seconds === 'invalid' ? 0 : seconds;
  }
  const expires = linesOf(headers, 'expires');
  if (targeted || expires.length === 0) return undefined;
  const at = expires.length === 1 ? parseHttpDate(expires[0] ?? '', times.responseTime) : undefined;
  return at === undefined ? 0 : Math.max(0, (at - dateOf(headers, times)) / 1000);
}

function policyLifetime(
  { status, headers }: { readonly status: number; readonly headers: FieldLines },
  governing: Governing,
  said: number | undefined,
  times: ExchangeTimes,
  policy: CachePolicy,
): number {
  if (policy.errorTtl && status >= 400)
    return Math.max(policy.errorTtl(status), Math.min(said ?? 0, policy.ttl?.max ?? Infinity));
  if (policy.ttl) {
    const { directives } = governing;
    const refused =
      directives.has('no-store') ||
      isUnqualified(directives, 'private') ||
      isUnqualified(directives, 'no-cache');
    if (refused) return policy.ttl.min;
    if (said === undefined) return Math.max(policy.ttl.min, policy.ttl.default);
    return Math.max(policy.ttl.min, Math.min(said, policy.ttl.max));
  }
  return said ?? heuristicLifetime(status, headers, governing, times, policy);
}

/** RFC 9111, section 4.2.2: only for status codes that allow it, or where the origin says `public`. */
function heuristicLifetime(
  status: number,
  headers: FieldLines,
  { directives }: Governing,
  times: ExchangeTimes,
  { heuristicShare }: CachePolicy,
): number {
  if (!heuristicallyCacheable.has(status) && !directives.has('public')) return 0;
  const modified = parseHttpDate(fieldValue(headers, 'last-modified') ?? '', times.responseTime);
  if (modified === undefined) return 0;
  return Math.max(0, ((dateOf(headers, times) - modified) / 1000) * heuristicShare);
}
