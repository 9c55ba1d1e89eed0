import type { Plan } from '../../../model/plan.ts';
import type { OpenApiDocument, Operation } from './document.ts';

/** A route of the plan. */
export type Route = Plan['gateway']['routes'][number];

/** A method of a resource, as the API offers it. */
export interface MethodDefinition {
  /** The resource's path, variable parts in braces: /api/v1/data/{id} */
  readonly path: string;
  readonly name: string;
  readonly route: Route;
  /** What the service's document says of it; undefined where it says nothing. */
  readonly operation: Operation | undefined;
}

/** The name of the variable that takes whatever is left of a path. */
const rest = '{proxy+}';

/**
 * The methods of every route, in a fixed order. A route is a path and all below it: below what the service's document
 * describes, the rest goes to the service as well, which answers it as it does on a laptop.
 */
export function methodsOf(
  routes: readonly Route[],
  documents: Readonly<Record<string, OpenApiDocument>>,
): MethodDefinition[] {
  return routes.flatMap((route) => {
    const { paths = {} } = documents[route.service ?? ''] ?? {};
    const own = Object.keys(paths).filter((path) => longestRoute(routes, path) === route);
    return withRest(withParents(baseOf(route), own)).flatMap((path) =>
      route.methods.map((name) => ({
        path: path === '' ? '/' : path,
        name,
        route,
        operation: paths[path]?.[name.toLowerCase()],
      })),
    );
  });
}

/** The variables of a path, in order: of /api/v1/data/{id}/{proxy+} these are `id` and `proxy`. */
export function variablesOf(path: string): string[] {
  return [...path.matchAll(/\{([\w.-]+)\+?\}/g)].map(([, name = '']) => name);
}

/** Whether an answer of this method is kept: GET alone, and where the route gives it a time. */
export function isCached({ name, route }: MethodDefinition): boolean {
  return name === 'GET' && route.cache.ttl > 0;
}

/** A route's path without a slash at its end; empty for the root. */
function baseOf({ path }: Route): string {
  return path.replace(/\/$/, '');
}

function longestRoute(routes: readonly Route[], path: string): Route | undefined {
  return routes
    .filter((route) => path === baseOf(route) || path.startsWith(`${baseOf(route)}/`))
    .toSorted((one, other) => other.path.length - one.path.length)[0];
}

/** The route's own path, the documented ones, and those between them; sorted. */
function withParents(base: string, documented: readonly string[]): string[] {
  const all = new Set([base]);
  for (const path of documented) {
    for (let end = path.length; end > base.length; end = path.lastIndexOf('/', end - 1))
      all.add(path.slice(0, end));
  }
  return [...all].sort();
}

/** Adds the rest below each path that has no variable part below it: a resource may have one such child only. */
function withRest(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    const variable = paths.some(
      (other) => other.startsWith(`${path}/{`) && !other.slice(path.length + 1).includes('/'),
    );
    return variable || path.endsWith('+}') ? [path] : [path, `${path}/${rest}`];
  });
}
