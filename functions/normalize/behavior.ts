import type { BehaviorRule } from './configuration.ts';

/**
 * Makes the function that finds a path's rule, as the edge finds its behaviour: the first whose pattern has the whole
 * path; case counts.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
 */
export function behaviorFinder(rules: readonly BehaviorRule[]): (path: string) => BehaviorRule | undefined {
  const compiled = rules.map((rule) => ({ rule, pattern: pathPattern(rule.path) }));
  return (path) => compiled.find(({ pattern }) => pattern.test(path))?.rule;
}

function pathPattern(path: string): RegExp {
  const literal = path.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 's');
}

/** Whether a path is one of these, or below one. */
export function isBelow(paths: readonly string[], path: string): boolean {
  return paths.some((one) => path === one || path.startsWith(`${one}/`));
}
