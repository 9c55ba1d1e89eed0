import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StrataError } from '../../kernel/errors.ts';
import type { PasswordSource } from '../account/password.ts';
import { ConnectionLost, codeOf, isLostRace, isUnavailable } from './failure.ts';
import { type Query, queryOn, type Transaction, transactionOn } from './query.ts';

/** A pool of connections; a query takes any of them. */
export interface Database extends Query {
  /**
   * Runs work in a transaction (read committed), and commits it. When it rejects, nothing is changed, but for one
   * case: a connection lost while committing leaves open which.
   */
  begin<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value>;
  /** Calls back at each notification, and whenever some may have been missed, until the signal is aborted. */
  listen(channel: string, onNotification: () => void, signal: AbortSignal): Promise<void>;
  /** Closes the connections; what is under way has a second to end. */
  end(): Promise<void>;
}

/** How a pool is opened; times are milliseconds. */
export interface ConnectionSettings {
  /** Where the database is and as whom, with its password unless `password` gives it. Never logged. */
  readonly url: string;
  /** Asked at each new connection, which then has to be encrypted: `sslrootcert` of the URL names whom to trust. */
  readonly password?: PasswordSource | undefined;
  /** The most connections held, but for those that listen. */
  readonly connections: number;
  /** What the database's own views call the holder. */
  readonly name: string;
  /** The longest one statement, and one wait for a lock, may take. */
  readonly statementTimeout: number;
  /** Settings of the session beside those. */
  readonly session?: Readonly<Record<string, string>>;
  /** Told of each notice the server sends. */
  readonly onNotice?: (message: string) => void;
}

/** A connection that cannot be had within this time (milliseconds) counts as refused. */
const connectTimeout = 1000;

/** A server that says nothing for this long (milliseconds) after a statement's time is over counts as lost. */
const silence = 500;

/** A transaction in which nothing happens for this long (milliseconds) is ended by the server: its locks are leases. */
const idleTransactionTimeout = 15_000;

/** Milliseconds until a lost connection that listens is made again. */
const listenPause = 200;

/** Opens a pool; connections are made as they are needed, and again after they were lost. */
export function openDatabase(settings: ConnectionSettings): Database {
  const configuration = configurationOf(settings);
  const pool = new pg.Pool({ ...configuration, max: settings.connections, idleTimeoutMillis: 0 });
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    // A connection lost between two statements is told by the next one; the event has nobody else to tell.
    client.on('error', () => {});
    client.on('notice', (notice) => settings.onNotice?.(notice.message ?? ''));
  });

  const query = queryOn(async (statement) => {
    const client = await connect(pool);
    let failure: unknown;
    try {
      return await client.query(statement);
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      client.release(failure !== undefined && isUnavailable(failure));
    }
  });

  return Object.assign(query, {
    async begin<Value>(work: (transaction: Transaction) => Promise<Value>): Promise<Value> {
      const client = await connect(pool);
      return transactionOn(client, work);
    },
    async listen(channel: string, onNotification: () => void, signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await listenOnce(configuration, channel, onNotification, signal);
        await delay(listenPause, undefined, { signal }).catch(() => {});
      }
    },
    async end(): Promise<void> {
      await Promise.race([pool.end(), delay(1000, undefined, { ref: false })]);
    },
  });
}

function configurationOf(settings: ConnectionSettings): pg.ClientConfig {
  const { name, statementTimeout, session = {} } = settings;
  return {
    ...addressOf(settings),
    application_name: name,
    connectionTimeoutMillis: connectTimeout,
    query_timeout: statementTimeout + silence,
    statement_timeout: statementTimeout,
    lock_timeout: statementTimeout,
    idle_in_transaction_session_timeout: idleTransactionTimeout,
    keepAlive: true,
    options: Object.entries(session)
      .map(([setting, value]) => `-c ${setting}=${value}`)
      .join(' '),
  };
}

/** The driver lets whatever password a URL has, and be it none, win over another: with a source, parts replace the URL. */
function addressOf({ url, password }: ConnectionSettings): pg.ClientConfig {
  if (password === undefined) return { connectionString: url };
  const { hostname, port, username, pathname, searchParams } = new URL(url);
  const authority = searchParams.get('sslrootcert');
  return {
    host: hostname,
    port: Number(port || 5432),
    user: decodeURIComponent(username),
    database: decodeURIComponent(pathname.slice(1)),
    password,
    ssl: authority === null ? true : { ca: readFileSync(authority, 'utf8') },
  };
}

async function connect(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw codeOf(error) === undefined ? new ConnectionLost(error) : error;
  }
}

/** Listens on a connection of its own until that is lost or the signal is aborted. */
async function listenOnce(
  configuration: pg.ClientConfig,
  channel: string,
  onNotification: () => void,
  signal: AbortSignal,
): Promise<void> {
  const client = new pg.Client(configuration);
  const over = Promise.withResolvers<void>();
  const finish = () => over.resolve();
  client.on('error', finish);
  client.on('end', finish);
  client.on('notification', onNotification);
  signal.addEventListener('abort', finish, { once: true });
  try {
    await client.connect();
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    onNotification();
    await over.promise;
  } catch {
    // As good as lost: the caller tries again.
  } finally {
    signal.removeEventListener('abort', finish);
    await Promise.race([client.end().catch(() => {}), delay(silence, undefined, { ref: false })]);
  }
}

/** How often a transaction that lost against another is tried, all in all. */
const attempts = 5;

/**
 * Runs work on the database within a time, again when it lost against another transaction.
 * @param timeout milliseconds; when they have passed the work may still end either way
 * @throws StrataError database-unavailable when the database does not answer; what the work throws otherwise
 */
export async function bounded<Value>(timeout: number, work: () => Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const reason = `nothing heard for ${timeout} ms`;
    timer = setTimeout(() => reject(new StrataError('database-unavailable', { reason })), timeout);
  });
  try {
    return await Promise.race([repeated(work), late]);
  } catch (error) {
    throw isUnavailable(error)
      ? new StrataError('database-unavailable', { reason: codeOf(error) ?? 'unknown' }, { cause: error })
      : error;
  } finally {
    clearTimeout(timer);
  }
}

async function repeated<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === attempts || !isLostRace(error)) throw error;
    }
  }
}
