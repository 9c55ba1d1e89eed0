import { currentAge } from './age.ts';
import { type Directives, secondsOf } from './directives.ts';
import type { Freshness } from './freshness.ts';

/** What a stored response is good for now. */
export type Verdict = 'fresh' | 'fresh-behind' | 'validate';

/** A stored response in time. Milliseconds. */
export interface Aged {
  readonly freshness: Freshness;
  readonly initialAge: number;
  readonly responseTime: number;
}

/**
 * Decides whether a stored response answers as it is, answers while it is validated in the background
 * (stale-while-revalidate: RFC 5861, section 3), or has to be validated first. The request's directives
 * (RFC 9111, section 5.2.1) narrow it, or, with max-stale, widen it.
 */
export function judge(
  { freshness, initialAge, responseTime }: Aged,
  now: number,
  request: Directives,
): Verdict {
  const { lifetime } = freshness;
  if (freshness.alwaysValidate || request.has('no-cache')) return 'validate';
  const age = currentAge(initialAge, responseTime, now);
  const limit = secondsOf(request, 'max-age');
  if (limit !== undefined && age > (limit === 'invalid' ? 0 : limit * 1000)) return 'validate';
  const margin = secondsOf(request, 'min-fresh');
  if (margin !== undefined && lifetime - age < (margin === 'invalid' ? Infinity : margin * 1000))
    return 'validate';
  if (age < lifetime) return 'fresh';
  const staleness = age - lifetime;
  if (!freshness.neverStale && staleness <= acceptedStaleness(request)) return 'fresh';
  return staleness < freshness.staleWhileRevalidate && limit === undefined ? 'fresh-behind' : 'validate';
}

/** max-stale without a value accepts any (RFC 9111, section 5.2.1.2). */
function acceptedStaleness(request: Directives): number {
  const directive = request.get('max-stale');
  if (!directive) return -1;
  if (directive.value === undefined) return directive.malformed ? -1 : Infinity;
  const seconds = secondsOf(request, 'max-stale');
  return typeof seconds === 'number' ? seconds * 1000 : -1;
}

/** What went wrong with the origin. */
export type Trouble = 'disconnected' | 'error';

/**
 * Whether a stale response may stand in for an origin in trouble: within stale-if-error (RFC 5861, section 4), or when
 * the origin cannot be reached at all (RFC 9111, section 4.2.4); never where the origin forbids it.
 */
export function mayStandIn(
  { freshness, initialAge, responseTime }: Aged,
  now: number,
  trouble: Trouble,
  requestStaleIfError: number,
): boolean {
  if (freshness.neverStale) return false;
  const staleness = currentAge(initialAge, responseTime, now) - freshness.lifetime;
  if (staleness <= Math.max(freshness.staleIfError ?? -1, requestStaleIfError)) return true;
  return trouble === 'disconnected' && freshness.staleIfError === undefined;
}

/** The errors that stale-if-error is about (RFC 5861, section 4). */
export function isError(status: number): boolean {
  return status === 500 || status === 502 || status === 503 || status === 504;
}
