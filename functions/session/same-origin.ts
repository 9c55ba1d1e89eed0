import type { SessionRequest } from './request.ts';

const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Whether a request may do what it asks for, whoever's page has sent it. What changes something has to come from a page
 * of this very origin: the browser says so in Sec-Fetch-Site, or, one that does not, in Origin. What has neither is
 * refused. Reading is refused only where the browser says that another site's page asks.
 * Source: https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function isAllowedFrom(request: SessionRequest, origins: readonly string[]): boolean {
  const sites = request.headers('sec-fetch-site');
  if (safeMethods.includes(request.method)) return sites.every(isOwn) || isNavigation(request);
  if (sites.length > 0) return sites.every((site) => site === 'same-origin');
  const named = request.headers('origin');
  return named.length === 1 && origins.includes(named[0] ?? '');
}

/** `none` is what the person has asked for: typed in, or a bookmark. */
function isOwn(site: string): boolean {
  return site === 'same-origin' || site === 'none';
}

/** A link followed from elsewhere shows a page and lets nobody read it. */
function isNavigation(request: SessionRequest): boolean {
  const modes = request.headers('sec-fetch-mode');
  return modes.length === 1 && modes[0] === 'navigate';
}
