import { type HeaderMatcher, regexHeader } from './header-match.ts';
import type { PathRewrite } from './rewrite.ts';
import { anyPath, type PathCondition } from './route-match.ts';
import { afterLiteral, asPrefix, literally } from './route-regex.ts';

/** Which paths reach a route of a virtual service through a gateway route, in terms of the path as it comes in. */
export type PathBehind =
  | { readonly kind: 'some'; readonly path: PathCondition; readonly within: readonly HeaderMatcher[] }
  | { readonly kind: 'none' }
  /** Envoy's route matching has no words for it. */
  | { readonly kind: 'inexpressible' };

/**
 * A gateway sends requests straight to nodes, where App Mesh's sent them to itself a second time for the virtual
 * service's routes. So both conditions on the path, the gateway route's and the route's behind the rewrite, are
 * made one over the original path.
 */
export function pathBehind(gateway: PathCondition, rewrite: PathRewrite, route: PathCondition): PathBehind {
  const [outer, inner] = [simplest(gateway), simplest(route)];
  switch (rewrite.kind) {
    case 'none':
      return both(outer, inner);
    case 'whole':
      return behindConstant(outer, rewrite.to, inner);
    case 'prefix':
      return rewrite.joined ? behindJoined(rewrite, inner) : behindPrefix(rewrite, inner);
  }
}

/** Whether every path of the gateway route reaches the route. */
export function reachesAll(gateway: PathCondition, { path, within }: Extract<PathBehind, { kind: 'some' }>) {
  const { kind, value } = simplest(gateway);
  return within.length === 0 && path.kind === kind && path.value === value;
}

const none = { kind: 'none' } as const;
const inexpressible = { kind: 'inexpressible' } as const;

function simplest(path: PathCondition): PathCondition {
  const prefix = path.kind === 'regex' ? asPrefix(path.value) : undefined;
  return prefix?.startsWith('/') ? { kind: 'prefix', value: prefix } : path;
}

function some(kind: PathCondition['kind'], value: string, ...within: HeaderMatcher[]): PathBehind {
  return { kind: 'some', path: { kind, value }, within };
}

/** Both conditions on one path. */
function both(one: PathCondition, other: PathCondition): PathBehind {
  if (one.kind === other.kind && one.value === other.value) return some(one.kind, one.value);
  if (isEvery(other)) return some(one.kind, one.value);
  if (isEvery(one)) return some(other.kind, other.value);
  if (one.kind === 'regex' && other.kind === 'regex') return inexpressible;
  if (one.kind === 'regex') return both(other, one);
  if (other.kind === 'regex') return some('regex', other.value, pathHeader(one));
  if (one.kind === 'exact') return holds(other, one.value) ? some('exact', one.value) : none;
  if (other.kind === 'exact') return both(other, one);
  if (one.value.startsWith(other.value)) return some('prefix', one.value);
  return other.value.startsWith(one.value) ? some('prefix', other.value) : none;
}

function isEvery({ kind, value }: PathCondition): boolean {
  return kind === anyPath.kind && value === anyPath.value;
}

/** The path is the same for all requests. */
function behindConstant(gateway: PathCondition, constant: string, route: PathCondition): PathBehind {
  if (route.kind === 'regex') return inexpressible;
  return holds(route, constant) ? some(gateway.kind, gateway.value) : none;
}

type PrefixRewrite = Extract<PathRewrite, { kind: 'prefix' }>;

/** What follows the prefix stays as it is. */
function behindPrefix({ from, to }: PrefixRewrite, { kind, value }: PathCondition): PathBehind {
  if (kind === 'prefix' && to.startsWith(value)) return some('prefix', from);
  if (kind !== 'regex') return value.startsWith(to) ? some(kind, from + value.slice(to.length)) : none;
  const rest = afterLiteral(value, to);
  return rest === undefined ? inexpressible : some('regex', literally(from) + rest);
}

/** Slashes that follow the prefix go; what follows them stays as it is. */
function behindJoined({ from, to }: PrefixRewrite, { kind, value }: PathCondition): PathBehind {
  if (kind === 'prefix' && to.startsWith(value)) return some('prefix', from);
  if (kind !== 'regex' && !value.startsWith(to)) return none;
  const rest = kind === 'regex' ? afterLiteral(value, to) : literally(value.slice(to.length));
  if (rest === undefined) return inexpressible;
  if (/^\\?\//.test(rest)) return none;
  return some('regex', `${literally(from)}/*${rest}${kind === 'prefix' ? '.*' : ''}`);
}

function holds({ kind, value }: PathCondition, path: string): boolean {
  return kind === 'exact' ? path === value : path.startsWith(value);
}

/**
 * A second condition on the path has only the header left, which holds the query too: behind the whole path there may
 * be one.
 */
function pathHeader({ kind, value }: PathCondition): HeaderMatcher {
  return kind === 'exact'
    ? regexHeader(':path', `${literally(value)}(?:\\?.*)?`)
    : { name: ':path', string_match: { prefix: value } };
}
