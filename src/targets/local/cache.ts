import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Executables } from './engines/acquisition.ts';
import { respond } from './engines/respond.ts';
import type { ProcessDefinition } from './process.ts';

/** The cache as the plan and the supervisor want it. */
export interface CacheOptions {
  /** What `strata status` calls it. */
  readonly name: string;
  readonly executables: Executables<'valkey'>;
  /** Absolute folder for its configuration; it keeps no data. */
  readonly dataFolder: string;
  readonly port: number;
  /** Port of the cluster bus, which a cluster of one node opens too. */
  readonly busPort: number;
  readonly password: string;
  /** Bytes; keys with an expiry make room beyond it. */
  readonly maximumMemory: number;
}

const probeTimeout = 1000;

/** Address of the cache for its driver. Holds the password: never to be logged. */
export function cacheUrl({ port, password }: Pick<CacheOptions, 'port' | 'password'>): string {
  return `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`;
}

/**
 * Writes Valkey's configuration, which holds the password and is closed to others, and says how it is started:
 * as a cluster of one node with every slot, because ElastiCache Serverless always is a cluster.
 */
export async function defineCache(options: CacheOptions): Promise<ProcessDefinition> {
  const { dataFolder, port, password } = options;
  const file = join(dataFolder, 'valkey.conf');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  // The node's own memory of the cluster holds nothing of worth, and a half-written one would stop the server.
  await rm(join(dataFolder, 'nodes.conf'), { force: true });
  await writeFile(`${file}.new`, configuration(options), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return {
    name: options.name,
    kind: 'engine',
    command: options.executables['valkey-server'],
    arguments: [file],
    environment: {},
    directory: dataFolder,
    address: { host: '127.0.0.1', port },
    probe: () => probe(port, password),
    stop: { signal: 'SIGTERM', timeout: 5_000 },
  };
}

/** valkey.conf (https://valkey.io/topics/valkey.conf/). */
function configuration({ dataFolder, port, busPort, password, maximumMemory }: CacheOptions): string {
  const settings: readonly (readonly [string, string | number])[] = [
    ['bind', '127.0.0.1'],
    ['port', port],
    ['protected-mode', 'yes'],
    ['requirepass', quote(password)],
    ['dir', quote(dataFolder)],
    ['cluster-enabled', 'yes'],
    ['cluster-config-file', 'nodes.conf'],
    ['cluster-port', busPort],
    ['cluster-announce-ip', '127.0.0.1'],
    ['cluster-require-full-coverage', 'no'],
    ['save', '""'],
    ['appendonly', 'no'],
    ['maxmemory', maximumMemory],
    ['maxmemory-policy', 'volatile-lru'],
    ['loglevel', 'notice'],
  ];
  return settings.map(([key, value]) => `${key} ${value}\n`).join('');
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Ready is a cluster that accepts every key; the node is given the slots when it has none. */
async function probe(port: number, password: string): Promise<void> {
  const [login = '', pong = '', information = ''] = await respond(
    port,
    [['AUTH', password], ['PING'], ['CLUSTER', 'INFO']],
    probeTimeout,
  );
  if (login !== '+OK' || pong !== '+PONG') throw new Error(`the cache answered ${login} ${pong}`);
  if (information.includes('cluster_slots_assigned:0')) {
    await respond(
      port,
      [
        ['AUTH', password],
        ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383'],
      ],
      probeTimeout,
    );
  }
  if (!information.includes('cluster_state:ok')) throw new Error('the cluster is not formed yet');
}
