import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cacheUrl, defineCache } from '../src/targets/local/cache.ts';
import { acquire } from '../src/targets/local/engines/acquisition.ts';
import { defineProxy } from '../src/targets/local/engines/proxy.ts';
import { createPortAllocator } from '../src/targets/local/ports.ts';
import type { ProcessDefinition } from '../src/targets/local/process.ts';
import { defineRelational, relationalUrl } from '../src/targets/local/relational.ts';
import { defineTable, tableConnection } from '../src/targets/local/table.ts';

/** What a running engine of a test can be made to do. */
export interface Engine {
  readonly pid: number;
  /** Stops it as the platform does. */
  stop(): Promise<void>;
  /** Ends it at once (SIGKILL), its children too. */
  kill(): void;
  /** Starts it again on the same port and data folder, after a stop or a kill or instead of them. */
  restart(): Promise<void>;
  /** Freezes it (SIGSTOP): it keeps its connections and answers nothing. */
  suspend(): void;
  resume(): void;
}

/** A test context, or `{ after }` of node:test for a whole file. */
export interface Lifetime {
  after(release: () => Promise<void>): void;
}

export const projectRoot = resolve(import.meta.dirname, '..');
export const enginesFolder = join(projectRoot, '.strata/engines');
const startTimeout = 30_000;
const running = new Set<ChildProcess>();
const releases = new WeakMap<Lifetime, (() => Promise<unknown>)[]>();

process.on('exit', () => {
  for (const child of running) signalFamily(child.pid, 'SIGKILL');
});

/** A port nothing listens on, out of reach of outgoing connections. */
export const freePort: () => Promise<number> = createPortAllocator();

/** Releases what a test holds in reverse order of having got it: an engine stops before its folder goes. */
export function afterwards(lifetime: Lifetime, release: () => Promise<unknown>): void {
  const known = releases.get(lifetime);
  if (known !== undefined) {
    known.push(release);
    return;
  }
  const stack = [release];
  releases.set(lifetime, stack);
  lifetime.after(async () => {
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) await next();
  });
}

/** A folder that goes with the test and that other users can enter. */
export async function temporaryFolder(lifetime: Lifetime): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'strata-test-'));
  afterwards(lifetime, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  await chmod(folder, 0o755);
  return folder;
}

/** A PostgreSQL with an empty database. */
export async function startPostgres(lifetime: Lifetime): Promise<Engine & { url: string }> {
  const executables = await acquire('postgres', { enginesFolder });
  const folder = await temporaryFolder(lifetime);
  const [port, password] = [await freePort(), newPassword()];
  const options = { name: 'postgres', executables, projectRoot, port, password, connections: 60 };
  const definition = await defineRelational({ ...options, dataFolder: join(folder, 'data') });
  if (!definition.directory.startsWith(folder)) {
    afterwards(lifetime, () => rm(definition.directory, { recursive: true, force: true }));
  }
  return Object.assign(await startEngine(lifetime, definition), { url: relationalUrl({ port, password }) });
}

/** A Valkey, as a cluster of one node. */
export async function startValkey(
  lifetime: Lifetime,
): Promise<Engine & { url: string; port: number; password: string }> {
  const executables = await acquire('valkey', { enginesFolder });
  const dataFolder = await temporaryFolder(lifetime);
  const [port, busPort, password] = [await freePort(), await freePort(), newPassword()];
  const memory = { maximumMemory: 64 * 1024 * 1024 };
  const definition = await defineCache({
    name: 'valkey',
    executables,
    dataFolder,
    port,
    busPort,
    password,
    ...memory,
  });
  return Object.assign(await startEngine(lifetime, definition), {
    url: cacheUrl({ port, password }),
    port,
    password,
  });
}

/** A DynamoDB engine without tables. Any credentials will do. */
export async function startDynamo(lifetime: Lifetime): Promise<Engine & { url: string }> {
  const executables = await acquire('dynoxide', { enginesFolder });
  const dataFolder = await temporaryFolder(lifetime);
  const credentials = { region: 'us-east-1', accessKeyId: 'test', secretAccessKey: newPassword() };
  const options = { port: await freePort(), ...credentials };
  const definition = await defineTable({ name: 'dynoxide', executables, dataFolder, ...options });
  return Object.assign(await startEngine(lifetime, definition), { url: tableConnection(options).endpoint });
}

/** An Envoy; the bootstrap file (JSON) names its admin address. A base id is not needed, hot restart is off. */
export async function startEnvoy(
  lifetime: Lifetime,
  { bootstrapFile }: { bootstrapFile: string; baseId?: number },
): Promise<Engine> {
  const executables = await acquire('envoy', { enginesFolder });
  const bootstrap = JSON.parse(await readFile(bootstrapFile, 'utf8'));
  const { address: host, port_value: port } = bootstrap.admin.address.socket_address;
  const directory = dirname(bootstrapFile);
  const definition = defineProxy({
    name: 'envoy',
    executables,
    bootstrapFile,
    directory,
    admin: { host, port },
  });
  return startEngine(lifetime, definition);
}

/** Runs any definition for the length of a test. */
export async function startEngine(lifetime: Lifetime, definition: ProcessDefinition): Promise<Engine> {
  const folder = await temporaryFolder(lifetime);
  const log = join(folder, `${definition.name}.log`);
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (child === undefined || ended(child)) return;
    const exit = once(child, 'exit');
    const deadline = setTimeout(() => signalFamily(child?.pid, 'SIGKILL'), definition.stop.timeout);
    signalFamily(child.pid, 'SIGCONT');
    child.kill(definition.stop.signal);
    await exit;
    clearTimeout(deadline);
  };
  const start = async () => {
    child = await started(definition, log);
  };
  afterwards(lifetime, stop);
  await start();
  return {
    get pid() {
      return child?.pid ?? 0;
    },
    stop,
    kill: () => void signalFamily(child?.pid, 'SIGKILL'),
    restart: async () => {
      await stop();
      await start();
    },
    suspend: () => {
      for (const pid of signalFamily(child?.pid, 'SIGSTOP')) waitUntilStopped(pid);
    },
    resume: () => void signalFamily(child?.pid, 'SIGCONT'),
  };
}

/** Starts the process and waits for its probe. One that ends at once (its predecessor is not quite gone) is tried again. */
async function started(definition: ProcessDefinition, log: string): Promise<ChildProcess> {
  const deadline = performance.now() + startTimeout;
  for (;;) {
    const child = spawned(definition, log);
    let failure: unknown;
    while (!ended(child)) {
      try {
        await definition.probe();
        if (!ended(child)) return child;
      } catch (error) {
        failure = error;
      }
      if (performance.now() > deadline) {
        signalFamily(child.pid, 'SIGKILL');
        throw new Error(
          `${definition.name} is not ready: ${failure}\n${readFileSync(log, 'utf8').slice(-2000)}`,
        );
      }
      await delay(25);
    }
    if (performance.now() > deadline) {
      throw new Error(`${definition.name} ended by itself\n${readFileSync(log, 'utf8').slice(-2000)}`);
    }
    await delay(100);
  }
}

function spawned(definition: ProcessDefinition, log: string): ChildProcess {
  const output = openSync(log, 'a');
  const child = spawn(definition.command, definition.arguments, {
    cwd: definition.directory,
    env: { ...process.env, ...definition.environment },
    stdio: ['ignore', output, output],
    ...definition.user,
  });
  closeSync(output);
  // Hooks of a whole file run when nothing is left to wait for: a running engine must not count.
  child.unref();
  running.add(child);
  child.on('error', () => running.delete(child));
  child.on('exit', () => running.delete(child));
  return child;
}

function ended(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** Signals a process, then its descendants (PostgreSQL's are in sessions of their own). @returns those that were there */
function signalFamily(pid: number | undefined, signal: NodeJS.Signals): number[] {
  if (pid === undefined) return [];
  const descendants = childrenOf(pid);
  try {
    process.kill(pid, signal);
  } catch {
    return [];
  }
  return [pid, ...descendants.flatMap((descendant) => signalFamily(descendant, signal))];
}

/** A stop reaches the threads of a process one by one: until it has reached all, one of them may still answer. */
function waitUntilStopped(pid: number): void {
  const moment = new Int32Array(new SharedArrayBuffer(4));
  for (const end = performance.now() + startTimeout; performance.now() < end; Atomics.wait(moment, 0, 0, 1)) {
    if (statesOf(pid).every((state) => state === 'T' || state === 'Z')) return;
  }
  throw new Error(`process ${pid} did not stop`);
}

/** The state of each thread of a process (proc_pid_stat(5)). */
function statesOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
    });
  } catch {
    return [];
  }
}

function childrenOf(pid: number): number[] {
  const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return processes.map(Number).filter((candidate) => {
    try {
      const stat = readFileSync(`/proc/${candidate}/stat`, 'utf8');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid;
    } catch {
      return false;
    }
  });
}

function newPassword(): string {
  return randomBytes(18).toString('base64url');
}
