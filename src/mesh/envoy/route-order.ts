import type { Conditions } from './route-match.ts';

/** What decides which of two routes is tried first: the first number that differs, the smaller one first. */
export type Rank = readonly number[];

const pathRank = { exact: 0, regex: 1, prefix: 2 } as const;

/** Routes without a priority come after all that have one: as if theirs were 1001. */
const withoutPriority = 1001;

/** A priority as a rank. */
export function priorityRank(priority: number | undefined): number {
  return priority ?? withoutPriority;
}

/**
 * A route's place. Priority first, 0 before 1000, and no priority last; `before` comes next. What App Mesh leaves open
 * is settled by how much a route asks for: a whole path, then a regular expression, then a prefix; the longer one; then
 * the one with more conditions on headers (method, scheme and being gRPC count), then on query parameters.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_RouteSpec.html
 * https://docs.aws.amazon.com/app-mesh/latest/userguide/gateway-routes.html (longest prefix)
 */
export function rankOf(
  priority: number | undefined,
  { path, headers, query, grpc }: Conditions,
  before: Rank = [],
): Rank {
  return [
    priorityRank(priority),
    ...before,
    pathRank[path.kind],
    -path.value.length,
    -(headers.length + (grpc ? 1 : 0)),
    -query.length,
  ];
}

/** Entries by rank; equal ones by name, so that the order never depends on the document's. */
export function inOrder<Entry extends { readonly name: string; readonly rank: Rank }>(
  entries: readonly Entry[],
): Entry[] {
  return entries.toSorted((one, other) => {
    for (const [index, rank] of one.rank.entries()) {
      const difference = rank - (other.rank[index] ?? 0);
      if (difference !== 0) return difference;
    }
    return one.name < other.name ? -1 : Number(one.name > other.name);
  });
}
