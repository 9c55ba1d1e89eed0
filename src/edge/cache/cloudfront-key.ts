import { fieldValue, linesOf } from './fields.ts';
import type { KeyParts } from './policy.ts';

/** Which names of a kind are in the key, in CloudFront's words. */
export interface KeyedNames {
  readonly behavior: 'none' | 'whitelist' | 'allExcept' | 'all';
  readonly items: readonly string[];
}

/** The key of a cache policy; headers have only `none` and `whitelist`. */
export interface KeySettings {
  readonly queryStrings: KeyedNames;
  readonly headers: readonly string[];
  readonly cookies: KeyedNames;
}

/**
 * Makes the key of a cache policy: the path and only what the policy lists.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/controlling-the-cache-key.html
 */
export function cloudFrontKey({ queryStrings, headers, cookies }: KeySettings): (parts: KeyParts) => string {
  const queried = chooser(queryStrings);
  const cookied = chooser(cookies);
  const names = headers.map((name) => name.toLowerCase()).toSorted();
  return ({ method, target, headers: fields }) => {
    // A response to OPTIONS is none to GET.
    let key = method === 'OPTIONS' ? `OPTIONS ${keyed(target)}` : keyed(target);
    for (const name of names) key += `\n${name}:${fieldValue(fields, name) ?? ''}`;
    if (cookies.behavior !== 'none') {
      const pairs = linesOf(fields, 'cookie')
        .flatMap((line) => line.split(';'))
        .map((pair) => pair.trim());
      key += `\n${pairs
        .filter((pair) => pair !== '' && cookied(nameIn(pair)))
        .toSorted()
        .join('\n')}`;
    }
    return key;
  };

  /** The target with the query strings of the key. */
  function keyed(target: string): string {
    const at = target.indexOf('?');
    if (at < 0) return target;
    const query = target
      .slice(at + 1)
      .split('&')
      .filter((pair) => queried(nameIn(pair)));
    return query.length > 0 ? `${target.slice(0, at)}?${query.join('&')}` : target.slice(0, at);
  }
}

function nameIn(pair: string): string {
  const at = pair.indexOf('=');
  return at < 0 ? pair : pair.slice(0, at);
}

/** Names count as they are: case matters in query strings and cookies. */
function chooser({ behavior, items }: KeyedNames): (name: string) => boolean {
  const listed = new Set(items);
  switch (behavior) {
    case 'none':
      return () => false;
    case 'all':
      return () => true;
    case 'whitelist':
      return (name) => listed.has(name);
    case 'allExcept':
      return (name) => !listed.has(name);
  }
}
