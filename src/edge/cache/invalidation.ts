import type { Flights } from './collapse.ts';
import { type FieldLines, linesOf } from './fields.ts';
import type { ObjectStore } from './store.ts';

const safe = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Whether a method asks for nothing but an answer (RFC 9110, section 9.2.1). */
export function isSafe(method: string): boolean {
  return safe.has(method);
}

/**
 * The targets that a successful unsafe request makes invalid (RFC 9111, section 4.4): its own, and those of Location
 * and Content-Location where they are of the same origin.
 */
export function invalidatedTargets(
  request: { readonly method: string; readonly origin: string; readonly target: string },
  answer: { readonly status: number; readonly headers: FieldLines },
): string[] {
  if (isSafe(request.method) || answer.status < 200 || answer.status >= 400) return [];
  const named = [...linesOf(answer.headers, 'location'), ...linesOf(answer.headers, 'content-location')];
  const others = named.flatMap((reference) => targetOf(reference, request) ?? []);
  return [...new Set([request.target, ...others])];
}

/** The path and query a reference leads to from a request; undefined when that is at another origin. */
export function targetOf(
  reference: string,
  { origin, target }: { readonly origin: string; readonly target: string },
): string | undefined {
  if (!URL.canParse(reference, origin + target)) return undefined;
  const url = new URL(reference, origin + target);
  return url.origin === new URL(origin).origin ? url.pathname + url.search : undefined;
}

/**
 * Makes the test whether an invalidation names a target. A pattern is a path, with its query if that counts; a `*` at
 * its end stands for anything.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/invalidation-specifying-objects.html
 */
export function invalidationMatcher(patterns: readonly string[]): (target: string) => boolean {
  const whole = new Set(patterns.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = patterns.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (target) => whole.has(target) || prefixes.some((prefix) => target.startsWith(prefix));
}

/** How many paths one invalidation may name, and how many of them with a `*`. */
const invalidationLimits = { paths: 3000, wildcards: 15 } as const;

/**
 * What is wrong with the patterns of an invalidation; undefined when nothing is.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-invalidations
 */
export function wrongPattern(patterns: readonly string[]): string | undefined {
  const { paths, wildcards } = invalidationLimits;
  if (patterns.length > paths) return `${patterns.length} paths are more than ${paths}`;
  const wild = patterns.filter((pattern) => pattern.endsWith('*'));
  if (wild.length > wildcards) return `${wild.length} paths with a * are more than ${wildcards}`;
  const wrong = patterns.find((pattern) => !/^\/[^\s*]*\*?$/.test(pattern));
  return wrong === undefined ? undefined : `'${wrong}' is no path such as /index.html or '/assets/*'`;
}

/** Removes from a store what the path patterns name, also what is on its way. @returns how many were stored */
export function invalidateStored(
  patterns: readonly string[],
  { store, flights }: { readonly store: ObjectStore; readonly flights: Flights },
): number {
  const names = invalidationMatcher(patterns);
  flights.spoil(({ target }) => names(target));
  return store.removeWhere(({ target }) => names(target));
}
