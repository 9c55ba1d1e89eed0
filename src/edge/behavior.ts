/** Which origin a path goes to, in the blueprint's words. */
export interface Behavior {
  readonly path: string;
  readonly origin: 'static' | 'gateway';
}

/**
 * Makes the function that finds a path's behaviour: the first whose pattern matches the whole path. `*` stands for
 * any number of characters; case counts.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
 */
export function createBehaviorMatcher(
  behaviors: readonly Behavior[],
): (path: string) => Behavior | undefined {
  const compiled = behaviors.map((behavior) => ({ behavior, pattern: compile(behavior.path) }));
  return (path) => compiled.find(({ pattern }) => pattern.test(path))?.behavior;
}

function compile(pattern: string): RegExp {
  const parts = pattern.split(/\*+/).map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}
