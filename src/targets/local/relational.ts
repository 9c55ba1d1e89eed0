import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pingRelational } from '../../data/relational/ping.ts';
import { type Account, unprivilegedAccount } from './engines/account.ts';
import type { Executables } from './engines/acquisition.ts';
import { execute, lastLine } from './engines/execution.ts';
import { placeBinaries, placeData } from './engines/placement.ts';
import type { ProcessDefinition } from './process.ts';

/** The relational database as the plan and the supervisor want it. */
export interface RelationalOptions {
  /** What `strata status` calls it. */
  readonly name: string;
  readonly executables: Executables<'postgres'>;
  /** The project's folder; decides where data goes when the database's user cannot enter it. */
  readonly projectRoot: string;
  /** Where the data is wanted, absolute. The definition's `directory` says where it is. */
  readonly dataFolder: string;
  readonly port: number;
  /** The superuser's password, set when the data folder is made. */
  readonly password: string;
  /** Connections of all pools together. */
  readonly connections: number;
}

const user = 'strata';
const initializationTimeout = 60_000;
/** Superuser sessions and the readiness probe on top of the pools. */
const furtherConnections = 10;

/** Address of the database for its driver. Holds the password: never to be logged. */
export function relationalUrl({ port, password }: Pick<RelationalOptions, 'port' | 'password'>): string {
  return `postgres://${user}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
}

/**
 * Prepares PostgreSQL's data folder and says how the server is started.
 *
 * A server killed with SIGKILL leaves children that end by themselves within moments; until then a new one refuses
 * to start ("pre-existing shared memory block is still in use"), so a restart has to be tried again.
 * @throws StrataError folder-unwritable | engine-override-unusable; Error when the data folder cannot be made
 */
export async function defineRelational(options: RelationalOptions): Promise<ProcessDefinition> {
  const account = await unprivilegedAccount();
  const executables = await placeBinaries(options.projectRoot, options.executables, account);
  const folder = await placeData(options.projectRoot, options.dataFolder, account);
  await initialize(executables.initdb, folder, options.password, account);
  await removeStaleLock(folder);
  const url = relationalUrl(options);
  return {
    name: options.name,
    kind: 'engine',
    command: executables.postgres,
    arguments: [
      '-D',
      folder,
      ...Object.entries(settings(options)).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    environment: {},
    directory: folder,
    ...(account === undefined ? {} : { user: account }),
    address: { host: '127.0.0.1', port: options.port },
    probe: () => pingRelational(url),
    // Fast shutdown: ends sessions, writes a checkpoint (postgres documentation, "Shutting Down the Server").
    stop: { signal: 'SIGINT', timeout: 10_000 },
  };
}

/** An acknowledged write is on disk before it is acknowledged, so it survives a crash of the server. */
function settings({ port, connections }: RelationalOptions): Record<string, string | number> {
  return {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: connections + furtherConnections,
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    fsync: 'on',
    synchronous_commit: 'on',
    jit: 'off',
    password_encryption: 'scram-sha-256',
    log_min_messages: 'warning',
    log_line_prefix: '%m [%p] ',
    log_timezone: 'UTC',
    timezone: 'UTC',
  };
}

/** Makes the data folder under another name and renames it when it is complete: one that is there is whole. */
async function initialize(
  initdb: string,
  folder: string,
  password: string,
  account: Account | undefined,
): Promise<void> {
  if (await exists(join(folder, 'PG_VERSION'))) return;
  const work = join(dirname(folder), `.${basename(folder)}-initializing`);
  const passwordFile = join(work, 'password');
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { mode: 0o700 });
  try {
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account !== undefined)
      for (const path of [passwordFile, work]) await chown(path, account.uid, account.gid);
    const encoding = [
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ];
    const access = ['--auth=scram-sha-256', `--username=${user}`, `--pwfile=${passwordFile}`];
    const execution = await execute(initdb, [`--pgdata=${join(work, 'data')}`, ...access, ...encoding], {
      directory: work,
      timeout: initializationTimeout,
      ...(account === undefined ? {} : { user: account }),
    });
    if (!execution.succeeded)
      throw new Error(`the database could not be made: ${lastLine(execution.errors)}`);
    await rm(folder, { recursive: true, force: true });
    await rename(join(work, 'data'), folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/**
 * After a crash the lock file's pid may belong to some other program of the same user by now, for which PostgreSQL
 * would refuse to start. A lock held by a server stays: PostgreSQL then says so itself.
 */
async function removeStaleLock(folder: string): Promise<void> {
  const path = join(folder, 'postmaster.pid');
  const pid = Number((await readFile(path, 'utf8').catch(() => '')).split('\n')[0]);
  if (!(pid > 0)) return;
  const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (process.platform === 'linux' && program.trim() !== 'postgres') await rm(path, { force: true });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
