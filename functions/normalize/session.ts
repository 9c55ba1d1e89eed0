import { isBelow } from './behavior.ts';
import type { NormalizeConfiguration } from './configuration.ts';
import { cookieValues, dropOwnCookies, sessionCookie } from './cookies.ts';
import type { ViewerRequest } from './event.ts';
import { mayUseSession } from './same-origin.ts';

/** A token of Bearer authentication (RFC 6750, 2.1), as long as a cookie may be. */
const token = /^[\w.~+/-]{1,4096}=*$/;

/**
 * Turns the session's cookie into the Authorization field where a token is asked for, and takes the platform's cookies
 * off everywhere but where sessions are kept. A viewer that sends a token of its own is taken by its word. @returns
 * whether the request may go on: one that would change something with a cookie has to come from a page of ours
 */
export function applySession(
  request: ViewerRequest,
  path: string,
  { session, ...origin }: Pick<NormalizeConfiguration, 'session' | 'host' | 'schemes'>,
): boolean {
  const { headers } = request;
  if (isBelow(session.cookies, path)) return true;
  const values = new Set(cookieValues(headers, sessionCookie));
  const [value = ''] = values;
  dropOwnCookies(headers);
  if (!isBelow(session.token, path) || headers.authorization !== undefined) return true;
  // Two different ones: at least one is not from here.
  if (values.size !== 1 || !token.test(value)) return true;
  if (!mayUseSession(request, origin)) return false;
  headers.authorization = [{ key: 'Authorization', value: `Bearer ${value}` }];
  return true;
}
