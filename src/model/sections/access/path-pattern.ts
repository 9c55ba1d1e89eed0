/**
 * The test whether a path pattern has a path: `*` stands for any number of characters, `?` for exactly one; case counts.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesCacheBehavior.html
 */
export function patternMatcher(pattern: string): (path: string) => boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const compiled = new RegExp(`^${literal.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 's');
  return (path) => compiled.test(path);
}

/** Whether a pattern has every path. */
export function isDefaultPattern(pattern: string): boolean {
  return pattern === '*' || pattern === '/*';
}
