import { deriveKeys } from '../../../functions/session/keys.ts';
import { openPool, type Pool } from '../../../functions/session/pool.ts';
import { readRefreshToken } from '../../../functions/session/refresh-token.ts';
import { requestOf } from '../../../functions/session/request.ts';
import type { ProxyResult } from '../../../functions/session/result.ts';
import { answer } from '../../../functions/session/routes.ts';
import { openSessions, type SessionEvent } from '../../../functions/session/sessions.ts';
import { openSessionStore, type SessionStore } from '../../../src/data/sessions/store.ts';
import type { Clock } from '../../../src/kernel/clock.ts';
import { clientIds } from '../../../src/security/user-pool/configuration.ts';
import { refreshTokenGrace } from '../../../src/security/user-pool/limits.ts';
import { afterwards, type Engine, type Lifetime, startDynamo } from '../../engines.ts';
import { configurationOf, password, startUserPool, stateDirectory } from '../../security/user-pool-client.ts';
import { CookieJar } from './cookie-jar.ts';
import { signInAtPool } from './pool-sign-in.ts';

export const origins = ['http://app.localhost:8080', 'http://127.0.0.1:8080'];
export const [origin = ''] = origins;
export const table = { name: 'Sessions', partitionKey: 'pk', sortKey: 'sk', timeToLive: 'expiresAt' };
export const connection = {
  region: 'us-west-2',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
};
export const secret = 'a secret of the tests, long enough for it';

/** The machine's time, moved on by hand. */
export class MovableClock implements Clock {
  ahead = 0;
  now(): number {
    return Date.now() + this.ahead;
  }
  monotonic(): number {
    return performance.now() + this.ahead;
  }
}

/** A user pool with an editor, a reader, and somebody without a role; its app client as the platform has it. */
export async function startPool(lifetime: Lifetime, redirectOrigins: readonly string[] = origins) {
  const configuration = configurationOf(await stateDirectory(lifetime));
  const web = {
    redirectUris: redirectOrigins.map((each) => `${each}/session/callback`),
    accessTokenLifetime: 900,
    refreshTokenGrace,
  };
  const settings = {
    ...configuration,
    clients: { [clientIds.web]: web },
    users: [...configuration.users, { username: 'nora', password, groups: [] }],
  };
  const pool = await startUserPool(lifetime, settings);
  return { ...pool, settings: { ...settings, port: pool.address.port } };
}

/** What a request of a test has. */
export interface Sent {
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** What came back. */
export interface Received extends ProxyResult {
  readonly json: { readonly [name: string]: unknown };
  readonly cookies: readonly string[];
}

/** A browser on a page of the platform. */
export interface Browser {
  readonly jar: CookieJar;
  readonly send: (method: string, path: string, sent?: Sent) => Promise<Received>;
  /** Signs in from the first page to the last redirect. */
  readonly signIn: (username?: string) => Promise<Received>;
  /** The session's refresh cookie as it is now. */
  readonly token: () => string;
}

/** The session function, on a real table and a real user pool, with a clock that can be moved on. */
export interface UnderTest {
  readonly clock: MovableClock;
  readonly store: SessionStore;
  readonly events: SessionEvent[];
  readonly keys: ReturnType<typeof deriveKeys>;
  readonly dynamo: Engine;
  readonly pool: Awaited<ReturnType<typeof startPool>>;
  readonly browser: (jar?: CookieJar) => Browser;
}

/** Times of the tests' sessions, milliseconds. */
export const times = { idle: 3_600_000, absolute: 10 * 3_600_000, leeway: 10_000 };

export async function startSessions(
  lifetime: Lifetime,
  around: (pool: Pool) => Pool = (pool) => pool,
): Promise<UnderTest> {
  const [dynamo, pool] = await Promise.all([startDynamo(lifetime), startPool(lifetime)]);
  const store = openSessionStore({ ...connection, endpoint: dynamo.url, table, timeout: 800, tries: 2 });
  afterwards(lifetime, store.close);
  await store.createTable();
  const clock = new MovableClock();
  const keys = deriveKeys(secret);
  const events: SessionEvent[] = [];
  const tell = (event: SessionEvent) => events.push(event);
  const client = around(openPool({ issuer: pool.issuer, endpoint: pool.base, clientId: clientIds.web }));
  const parts = { pool: client, keys, clock, tell };
  const application = { ...parts, origins, sessions: openSessions({ ...parts, store, ...times }) };

  async function send(jar: CookieJar, method: string, target: string, sent: Sent = {}): Promise<Received> {
    const [path = '', query = ''] = target.split('?', 2);
    const fields: Record<string, string | readonly string[]> = {
      cookie: jar.fieldFor(path),
      ...sent.headers,
    };
    const parameters: Record<string, string[]> = {};
    const search = new URLSearchParams(query);
    for (const name of search.keys()) parameters[name] = search.getAll(name);
    const event = {
      path,
      httpMethod: method,
      multiValueHeaders: Object.fromEntries(
        Object.entries(fields).map(([name, value]) => [name, [value].flat()]),
      ),
      multiValueQueryStringParameters: parameters,
      body: sent.body ?? null,
      isBase64Encoded: false,
    };
    const result = await answer(application, requestOf(event));
    const cookies = result.multiValueHeaders['set-cookie'] ?? [];
    jar.take(cookies);
    const json = result.body === '' ? {} : JSON.parse(result.body);
    return { ...result, json, cookies };
  }

  const browser = (jar = new CookieJar()): Browser => {
    const sameOrigin = { 'sec-fetch-site': 'same-origin' };
    const own: Browser['send'] = (method, path, sent = {}) =>
      send(jar, method, path, { ...sent, headers: { ...sameOrigin, ...sent.headers } });
    return {
      jar,
      send: own,
      token: () => jar.value('__Secure-refresh') ?? '',
      signIn: async (username = 'erin') => {
        const word = username === 'rene' ? `${password} 2` : password;
        const begun = await own('GET', '/session/sign-in?return=/entities%3Fname%3DA');
        const back = await signInAtPool(begun.headers.location ?? '', {
          username,
          secret: word,
        });
        const fromPool = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
        return own('GET', `/session/callback${back.search}`, { headers: fromPool });
      },
    };
  };
  return { clock, store, events, keys, dynamo, pool, browser };
}

/** What a refresh cookie says. */
export function tokenIn({ keys }: Pick<UnderTest, 'keys'>, text: string) {
  const token = readRefreshToken(text, keys);
  if (!token) throw new Error('no refresh token of ours');
  return token;
}
