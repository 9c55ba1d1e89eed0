import type { Settings } from './settings.ts';

/** What an edge is asked about, beside what its behaviours name: in each kind one name that no policy knows. */
export const questions = {
  methods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
  query: ['cursor', 'limit', 'name', 'unnamed'],
  headers: ['accept-language', 'authorization', 'host', 'origin', 'referer', 'x-unnamed'],
  cookies: ['__Host-session', 'unnamed'],
  codings: ['br', 'gzip'],
  /** Errors of an origin that says nothing of how long. */
  errors: [404, 502],
} as const;

/** What a behaviour does, in the terms both worlds are asked in. Names are those of the questions; times milliseconds. */
export interface BehaviorFacts {
  readonly methods: readonly string[];
  readonly cache: {
    readonly minTtl: number;
    readonly defaultTtl: number;
    readonly maxTtl: number;
    readonly query: readonly string[];
    readonly headers: readonly string[];
    readonly cookies: readonly string[];
  };
  /** What reaches the origin. */
  readonly forwards: {
    readonly query: readonly string[];
    readonly headers: readonly string[];
    readonly cookies: readonly string[];
  };
  readonly compression: readonly string[];
  /** Functions by event. */
  readonly functions: Readonly<Record<string, string>>;
}

/** The facts of a behaviour as settings. */
export function behaviorSettings(path: string, facts: BehaviorFacts): Settings {
  const { methods, cache, forwards, compression, functions } = facts;
  const named = (part: Readonly<Record<string, number | string | readonly string[]>>, at: string) =>
    Object.fromEntries(
      Object.entries(part).map(([name, value]) => [
        `access.behaviors.${path}.${at}${name}`,
        typeof value === 'object' ? value.toSorted() : value,
      ]),
    );
  return {
    ...named({ methods, compression }, ''),
    ...named(cache, 'cache.'),
    ...named(forwards, 'forwards.'),
    ...named(functions, 'functions.'),
  };
}
