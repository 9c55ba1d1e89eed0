import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { compileCache } from './compile-cache.ts';
import type { EdgeFunction } from './edge-function.ts';
import type { InvocationOutcome } from './execution-environment.ts';
import { type FromProcess, openChannel, type ToProcess } from './function-channel.ts';
import type { Pool, PoolLimits } from './pool.ts';
import { passOnLines } from './printed-lines.ts';

/** A process that runs, and how it is spoken to. */
interface Running {
  readonly child: ChildProcess;
  readonly tell: (message: ToProcess) => void;
}

/** Its own thread only hands on; a worker collects garbage before it is said to hold too much. */
const options = [
  '--disable-warning=ExperimentalWarning',
  '--expose-gc',
  '--v8-pool-size=1',
  '--max-semi-space-size=2',
];
const program = join(import.meta.dirname, 'process-program.ts');

/**
 * A function's pool in a process of its own. A thread can be stopped when it runs too long, but one that asks for more
 * memory than there is in one go, or ends its process, takes the process with it: here that is the function's alone. A
 * process that ended is started again, at once if it was of use.
 */
export function createProcessPool(
  definition: EdgeFunction,
  limits: PoolLimits,
  print: (text: string) => void,
): Pool {
  const waiting = new Map<number, (outcome: InvocationOutcome) => void>();
  let running: Running | undefined;
  let number = 0;
  let served = false;
  let closed = false;
  let retired = false;

  function settle(id: number, outcome: InvocationOutcome): void {
    const waits = waiting.get(id);
    waiting.delete(id);
    waits?.(outcome);
    if (retired && waiting.size === 0) void close();
  }

  function settleAll(reason: string): void {
    for (const id of [...waiting.keys()]) settle(id, { kind: 'unavailable', reason });
  }

  function take(message: FromProcess): void {
    if ('printed' in message) print(message.printed);
    else settle(message.id, message.outcome);
  }

  function start(): Running {
    const child = spawn(process.execPath, [...options, program], {
      // Nothing of the edge's own: a function has no environment.
      env: { ...compileCache(), MALLOC_ARENA_MAX: '2' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const [stdout, stderr, channel] = child.stdio.filter((stream) => stream instanceof Socket);
    for (const output of [stdout, stderr]) if (output) passOnLines(output, print);
    // The edge is not kept alive by its functions.
    for (const held of [child, stdout, stderr, channel]) held?.unref();
    if (!channel) throw new Error('a process without its channel');
    const tell = openChannel<ToProcess, FromProcess>(channel, take);
    const made: Running = { child, tell };
    let over = false;
    const ended = (how: string) => {
      if (over) return;
      over = true;
      if (running === made) running = undefined;
      if (closed) return;
      if (waiting.size === 0) print(how);
      settleAll(how);
      if (served) {
        served = false;
        running = start();
      }
    };
    child.once('error', (error) => ended(`its process did not start: ${error.message}`));
    child.once('exit', (code, signal) => ended(`its process ended with ${signal ?? code}`));
    tell({ definition, limits });
    return made;
  }

  async function close(): Promise<void> {
    closed = true;
    settleAll('it was stopped');
    const { child } = running ?? {};
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.ref();
    child.kill('SIGKILL');
    await gone;
  }

  running = start();

  return {
    run({ requestId, json }, signal) {
      if (closed || signal?.aborted)
        return Promise.resolve({ kind: 'unavailable', reason: 'nobody waits for it' });
      running ??= start();
      const { tell } = running;
      served = true;
      number += 1;
      const id = number;
      const { promise, resolve } = Promise.withResolvers<InvocationOutcome>();
      const leave = () => tell({ left: id });
      waiting.set(id, (outcome) => {
        signal?.removeEventListener('abort', leave);
        resolve(outcome);
      });
      signal?.addEventListener('abort', leave, { once: true });
      tell({ id, requestId, json });
      return promise;
    },
    retire() {
      retired = true;
      if (waiting.size === 0) void close();
    },
    close,
  };
}
