import type { ViewerRequest } from './event.ts';

/** Methods that change nothing (RFC 9110, 9.2.1). */
const safe: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/**
 * Whether a request that a browser sends with the session's cookie comes from a page of ours, or changes nothing. A
 * browser says where it comes from in Sec-Fetch-Site, an older one in Origin; no page can say otherwise.
 * https://www.w3.org/TR/fetch-metadata/
 */
export function mayUseSession(
  { method, headers }: ViewerRequest,
  { host, schemes }: { readonly host?: string; readonly schemes: readonly string[] },
): boolean {
  if (safe.has(method)) return true;
  const site = headers['sec-fetch-site'];
  if (site) return site.length === 1 && site[0]?.value === 'same-origin';
  const origin = headers.origin;
  const own = host ?? headers.host?.[0]?.value.toLowerCase();
  if (origin?.length !== 1 || own === undefined) return false;
  return schemes.some((scheme) => origin[0]?.value === `${scheme}://${own}`);
}
