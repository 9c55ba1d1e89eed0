import { credentialSource } from '../../src/data/account/credentials.ts';
import { openSecrets } from '../../src/data/account/secrets.ts';
import { openSessionStore } from '../../src/data/sessions/store.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import type { SessionApplication } from './application.ts';
import { readSettings, type Settings } from './environment.ts';
import { deriveKeys } from './keys.ts';
import { openPool } from './pool.ts';
import { type ProxyEvent, requestOf } from './request.ts';
import type { ProxyResult } from './result.ts';
import { answer } from './routes.ts';
import { openSessions, type SessionEvent } from './sessions.ts';

let opening: Promise<SessionApplication> | undefined;

/** The function's entry: opened at the first event of an environment and kept for the next. */
export async function handler(event: ProxyEvent): Promise<ProxyResult> {
  opening ??= open().catch((error) => {
    opening = undefined;
    throw error;
  });
  return answer(await opening, requestOf(event));
}

async function open(): Promise<SessionApplication> {
  const settings = readSettings(process.env);
  const { AWS_REGION: region, SESSION_SETTINGS: session } = settings;
  const keys = deriveKeys(await secretOf(settings));
  const store = openSessionStore({
    region,
    credentials: credentialSource(process.env),
    ...(settings.AWS_ENDPOINT_URL_DYNAMODB ? { endpoint: settings.AWS_ENDPOINT_URL_DYNAMODB } : {}),
    table: session.table,
    connections: 4,
    timeout: 800,
    tries: 3,
  });
  const pool = openPool(session.pool);
  const { idle, absolute, leeway, origins } = session;
  const shared = { pool, keys, clock: systemClock, tell };
  return { ...shared, origins, sessions: openSessions({ ...shared, store, idle, absolute, leeway }) };
}

async function secretOf(settings: Settings): Promise<string> {
  if (settings.SESSION_SECRET !== undefined) return settings.SESSION_SECRET;
  const id = settings.SESSION_SECRET_ID;
  if (id === undefined) throw new Error('SESSION_SECRET or SESSION_SECRET_ID has to be set');
  const secrets = openSecrets({
    region: settings.AWS_REGION,
    credentials: credentialSource(process.env),
    endpoint: settings.AWS_ENDPOINT_URL_SECRETS_MANAGER,
  });
  const secret = await secrets.read(id, 'AWSCURRENT').finally(() => secrets.close());
  if (secret === undefined) throw new Error('the secret of the sessions is not there');
  return secret;
}

/** A line of the function's log. */
function tell(event: SessionEvent): void {
  console.log(JSON.stringify({ time: new Date().toISOString(), ...event }));
}
