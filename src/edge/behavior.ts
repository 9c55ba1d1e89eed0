import type { Plan } from '../model/plan.ts';
import { patternMatcher } from '../model/sections/access/path-pattern.ts';

/** What happens to the paths of a pattern, as the plan has it. */
export type Behavior = Plan['access']['behaviors'][number];

/** Makes the function that finds what belongs to a path: the first whose behaviour's pattern matches the whole path. */
export function createBehaviorMatcher<Target>(
  entries: readonly (readonly [pattern: string, target: Target])[],
): (path: string) => Target | undefined {
  const compiled = entries.map(([pattern, target]) => ({ matches: patternMatcher(pattern), target }));
  return (path) => compiled.find(({ matches }) => matches(path))?.target;
}
