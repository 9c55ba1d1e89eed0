/** Where a sign-in comes back to. It works for a link that was followed before any script ran, too. */
export const signedInPath = '/signed-in';

/**
 * Where somebody goes on who arrives at an address of this origin from a sign-in: the path it names, or the first page
 * where that leads elsewhere by any reading of it. Undefined of every other address.
 */
export function arrivalOf(address: string): string | undefined {
  const { origin, pathname, searchParams } = new URL(address);
  if (pathname.replace(/\/$/, '') !== signedInPath) return undefined;
  const to = searchParams.get('to') ?? '/';
  const url = to.startsWith('/') ? URL.parse(to, origin) : null;
  return url?.origin === origin ? `${url.pathname.replace(/^\/{2,}/, '/')}${url.search}${url.hash}` : '/';
}
