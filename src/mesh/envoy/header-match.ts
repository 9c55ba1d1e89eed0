import type { HeaderMatch } from '../../model/mesh/match.ts';

/** `envoy.config.route.v3.HeaderMatcher`, as far as it is written here. */
export interface HeaderMatcher {
  readonly name: string;
  readonly string_match?: StringMatcher;
  readonly range_match?: { readonly start: number; readonly end: number };
  readonly present_match?: true;
  readonly invert_match?: true;
}

/** `envoy.type.matcher.v3.StringMatcher`, as far as it is written here. A regular expression matches the whole text. */
export type StringMatcher =
  | { readonly exact: string }
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly safe_regex: { readonly regex: string } };

/**
 * App Mesh's conditions on headers and gRPC metadata. Without a match the header must be there; inverted, a match
 * asks for a header that is there with another value, as Envoy does, and presence for one that is absent.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpRouteHeader.html
 */
export function headerMatchers(conditions: readonly HeaderMatch[] = []): HeaderMatcher[] {
  return conditions.map(({ name, match, invert }) => ({
    name: nameInEnvoy(name),
    ...valueMatcher(match),
    ...(invert ? { invert_match: true } : {}),
  }));
}

/** The header must have this value. */
export function exactHeader(name: string, exact: string): HeaderMatcher {
  return { name, string_match: { exact } };
}

/** The header's whole value must match a regular expression. */
export function regexHeader(name: string, regex: string): HeaderMatcher {
  return { name, string_match: { safe_regex: { regex } } };
}

/** The header must be there. */
export function presentHeader(name: string): HeaderMatcher {
  return { name, present_match: true };
}

/** The header must not be there. */
export function absentHeader(name: string): HeaderMatcher {
  return { name, present_match: true, invert_match: true };
}

function valueMatcher(match: HeaderMatch['match']): Omit<HeaderMatcher, 'name'> {
  if (match === undefined) return { present_match: true };
  const { exact, prefix, suffix, regex, range } = match;
  if (range !== undefined) return { range_match: { start: range.start, end: range.end } };
  if (exact !== undefined) return { string_match: { exact } };
  if (prefix !== undefined) return { string_match: { prefix } };
  if (suffix !== undefined) return { string_match: { suffix } };
  return regex === undefined ? { present_match: true } : { string_match: { safe_regex: { regex } } };
}

/** Envoy knows a request's Host as HTTP/2 names it. */
function nameInEnvoy(name: string): string {
  return name.toLowerCase() === 'host' ? ':authority' : name;
}
