import type { Headers } from './event.ts';

/** The cookie that holds a session's access token. */
export const sessionCookie = '__Host-session';

/** Cookies of the platform's own. */
const own: ReadonlySet<string> = new Set([sessionCookie, '__Secure-refresh', '__Host-sign-in']);

/** The values of a cookie, as often as it was sent (RFC 6265, 5.4). */
export function cookieValues(headers: Headers, name: string): string[] {
  return pairsOf(headers)
    .filter((pair) => nameOf(pair) === name)
    .map((pair) => pair.slice(name.length + 1));
}

/** Takes the platform's own cookies off; a Cookie field with nothing else in it goes. */
export function dropOwnCookies(headers: Headers): void {
  const pairs = pairsOf(headers);
  const others = pairs.filter((pair) => !own.has(nameOf(pair)));
  if (others.length === pairs.length) return;
  if (others.length === 0) delete headers.cookie;
  else headers.cookie = [{ key: 'Cookie', value: others.join('; ') }];
}

function pairsOf(headers: Headers): string[] {
  return (headers.cookie ?? [])
    .flatMap(({ value }) => value.split(';'))
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '');
}

function nameOf(pair: string): string {
  return pair.split('=', 1)[0]?.trim() ?? '';
}
