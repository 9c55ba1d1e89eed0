import type { Credentials } from './credentials.ts';

/**
 * The function's cookies. The `__Host-` prefix has a browser take one only with Secure, for this host alone and for
 * every path; `__Secure-` only with Secure (RFC 6265bis, 4.1.3).
 */
export const cookies = {
  /** The access token: what the edge turns into the Authorization header of the protected API. */
  access: { name: '__Host-session', attributes: 'Path=/; Secure; HttpOnly; SameSite=Strict' },
  /** What gets the next access token; it is sent nowhere else. */
  refresh: { name: '__Secure-refresh', attributes: 'Path=/session; Secure; HttpOnly; SameSite=Strict' },
  /** A sign-in under way. Lax, because the way back from the user pool comes from another site. */
  signIn: { name: '__Host-sign-in', attributes: 'Path=/; Secure; HttpOnly; SameSite=Lax' },
} as const;

type Cookie = (typeof cookies)[keyof typeof cookies];

/** The field that sets a cookie for a number of milliseconds. */
export function setCookie({ name, attributes }: Cookie, value: string, age: number): string {
  return `${name}=${value}; ${attributes}; Max-Age=${Math.max(0, Math.floor(age / 1000))}`;
}

/** The field that takes a cookie away. */
export function clearCookie(cookie: Cookie): string {
  return setCookie(cookie, '', 0);
}

/** The fields that give a browser its credentials. @param now milliseconds since the epoch */
export function credentialCookies(credentials: Credentials, now: number): string[] {
  return [
    setCookie(cookies.access, credentials.accessToken, credentials.accessExpiresAt - now),
    setCookie(cookies.refresh, credentials.refreshToken, credentials.refreshExpiresAt - now),
  ];
}

/** The fields that take them away. */
export function clearedCredentials(): string[] {
  return [clearCookie(cookies.access), clearCookie(cookies.refresh)];
}
