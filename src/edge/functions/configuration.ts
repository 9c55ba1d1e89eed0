import type { Plan } from '../../model/plan.ts';
import type { NameSet } from '../../model/sections/access/name-set.ts';

/** What every function at the edge finds as `CONFIGURATION`: plain data, put into its text in an account. */
export interface FunctionConfiguration {
  /** The one name viewers are to use, where the blueprint has one. */
  readonly host?: string;
  /** The schemes of the addresses viewers open. */
  readonly schemes: readonly ('http' | 'https')[];
  /** In the blueprint's order: the first whose pattern has a path decides. */
  readonly behaviors: readonly {
    readonly path: string;
    /** Whether static files answer. */
    readonly pages: boolean;
    /** Names of the query parameters that are in the key or passed on. */
    readonly query: 'all' | readonly string[];
  }[];
  /** Paths, with all below them, by what becomes of a session's cookies there. */
  readonly session: {
    /** The access token goes on as the Authorization field. */
    readonly token: readonly string[];
    /** The cookies go on as they are. */
    readonly cookies: readonly string[];
  };
}

/** Where sessions are kept: the path of the cookies that belong to it alone. */
const sessionPath = '/session';

/** What functions at the edge are built with, on a laptop and in an account. @param viewers how they reach the edge */
export function functionConfiguration(
  {
    access,
    gateway,
  }: {
    readonly access: Pick<
      Plan['access'],
      'behaviors' | 'origins' | 'cachePolicies' | 'originRequestPolicies'
    >;
    readonly gateway: Pick<Plan['gateway'], 'routes'>;
  },
  viewers: Pick<FunctionConfiguration, 'host' | 'schemes'>,
): FunctionConfiguration {
  return {
    ...viewers,
    behaviors: access.behaviors.map(({ path, origin, cachePolicy, originRequestPolicy = '' }) => ({
      path,
      pages: 'folder' in (access.origins[origin] ?? {}),
      query: namesIn(
        access.cachePolicies[cachePolicy]?.query,
        access.originRequestPolicies[originRequestPolicy]?.query,
      ),
    })),
    session: {
      token: gateway.routes.filter(({ auth }) => auth.mode === 'required').map(({ path }) => path),
      cookies: [sessionPath],
    },
  };
}

/** Names that are in one of the sets; all where one has more than a list. */
function namesIn(...sets: readonly (NameSet | undefined)[]): 'all' | readonly string[] {
  const some = sets.filter((set) => set !== undefined);
  if (some.some(({ behavior }) => behavior === 'all' || behavior === 'allExcept')) return 'all';
  return [...new Set(some.flatMap(({ items }) => items))].sort();
}
