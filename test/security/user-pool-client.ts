import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';
import type { Clock } from '../../src/kernel/clock.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { clientIds, type IdentityConfiguration } from '../../src/security/user-pool/configuration.ts';
import { openUserPool, type UserPool } from '../../src/security/user-pool/user-pool.ts';

/** Where the pool under test may send a browser: nothing listens there. */
export const redirectUri = 'http://app.localhost:8080/session/callback';
export const logoutUri = 'http://app.localhost:8080/';

export const password = 'correct horse battery staple';

interface Cleanup {
  after(fn: () => Promise<void>): void;
}

/** A folder for one pool's state, removed at the end. */
export async function stateDirectory(t: Cleanup): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'user-pool-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A configuration with an editor and a reader. */
export function configurationOf(directory: string, port = 0): IdentityConfiguration {
  return {
    port,
    stateDirectory: directory,
    region: 'us-west-2',
    clients: { [clientIds.web]: { redirectUris: [redirectUri], logoutUris: [logoutUri] } },
    users: [
      { username: 'erin', password, groups: ['editor'] },
      { username: 'rene', password: `${password} 2`, groups: ['reader'] },
    ],
  };
}

/** A running pool on a free port, closed at the end. */
export async function startUserPool(
  t: Cleanup,
  configuration: IdentityConfiguration,
  clock: Clock = systemClock,
): Promise<UserPool & { base: string }> {
  const pool = await openUserPool(configuration, { clock });
  t.after(() => pool.close());
  return { ...pool, base: `http://127.0.0.1:${pool.address.port}` };
}

/** A browser as far as sign-in needs one: keeps cookies, follows nothing by itself. */
export function createBrowser(base: string) {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async request(path: string, init: RequestInit = {}): Promise<Response> {
      const headers = new Headers(init.headers);
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
      const response = await fetch(new URL(path, base), { ...init, headers, redirect: 'manual' });
      for (const line of response.headers.getSetCookie()) {
        const [pair = ''] = line.split(';');
        const at = pair.indexOf('=');
        const value = pair.slice(at + 1);
        if (value) cookies.set(pair.slice(0, at), value);
        else cookies.delete(pair.slice(0, at));
      }
      return response;
    },
  };
}

/** A code verifier and its S256 challenge (RFC 7636, section 4). */
export function proofKey(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}

/** The authorize endpoint's path for the web client, with what a test wants otherwise; null leaves one out. */
export function authorizePath(challenge: string, changes: Record<string, string | null> = {}): string {
  const parameters = new URLSearchParams({
    client_id: clientIds.web,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid email',
    state: 'opaque-state',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  });
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  }
  return `/oauth2/authorize?${parameters}`;
}

/** Signs in through the form and answers the code that reached the client. */
export async function signIn(
  base: string,
  challenge: string,
  { username = 'erin', secret = password, browser = createBrowser(base) } = {},
): Promise<{ code: string; browser: ReturnType<typeof createBrowser>; location: URL }> {
  const begun = await browser.request(authorizePath(challenge));
  const page = await browser.request(begun.headers.get('location') ?? '');
  await page.text();
  const submitted = await browser.request('/login', {
    method: 'POST',
    body: new URLSearchParams({ username, password: secret }),
    headers: { origin: base, 'sec-fetch-site': 'same-origin' },
  });
  const finished = await browser.request(submitted.headers.get('location') ?? '');
  const location = new URL(finished.headers.get('location') ?? '');
  return { code: location.searchParams.get('code') ?? '', browser, location };
}

/** What the token endpoint answers. */
export interface TokenAnswer {
  status: number;
  body: {
    access_token: string;
    id_token: string;
    refresh_token: string;
    expires_in: number;
    token_type: string;
    error?: string;
  };
}

/** Calls the token endpoint as the web client. */
export async function requestToken(base: string, form: Record<string, string>): Promise<TokenAnswer> {
  const response = await fetch(`${base}/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: clientIds.web, ...form }),
  });
  return { status: response.status, body: (await response.json()) as TokenAnswer['body'] };
}

/** The whole authorization code flow. */
export async function signInForTokens(base: string): Promise<TokenAnswer['body']> {
  const { verifier, challenge } = proofKey();
  const { code } = await signIn(base, challenge);
  const { body } = await requestToken(base, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  });
  return body;
}

/** Checks a token as the gateway's authorizer does: by the published keys. */
export async function verify(issuer: string, token: string): Promise<JWTPayload> {
  const keySet = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const { payload } = await jwtVerify(token, keySet, { issuer, algorithms: ['RS256'] });
  return payload;
}
