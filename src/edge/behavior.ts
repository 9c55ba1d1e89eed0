import type { Plan } from '../model/plan.ts';
import { patternMatcher } from '../model/sections/access/path-pattern.ts';

/** What happens to the paths of a pattern, as the plan has it. */
export type Behavior = Plan['access']['behaviors'][number];

/** Makes the function that finds a path's behaviour: the first whose pattern matches the whole path. */
export function createBehaviorMatcher(
  behaviors: readonly Behavior[],
): (path: string) => Behavior | undefined {
  const compiled = behaviors.map((behavior) => ({ behavior, matches: patternMatcher(behavior.path) }));
  return (path) => compiled.find(({ matches }) => matches(path))?.behavior;
}
