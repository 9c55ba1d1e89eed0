import type { EdgeFunction } from './edge-function.ts';
import {
  type ExecutionEnvironment,
  type Invocation,
  type InvocationOutcome,
  startEnvironment,
} from './execution-environment.ts';
import { functionLimits } from './limits.ts';

/** The workers of one function. */
export interface Pool {
  /**
   * Runs the handler on an event.
   * @param signal fires when nobody waits any more: what has not begun never does
   */
  run(event: { requestId: string; json: string }, signal?: AbortSignal): Promise<InvocationOutcome>;
  /** Ends when what is under way has come to its end. */
  retire(): void;
  /** Ends at once. */
  close(): Promise<void>;
}

/** How a pool is bounded. */
export interface PoolLimits {
  /** Workers at most. */
  readonly workers: number;
  /** Events under way or waiting at most. */
  readonly concurrency: number;
  /** Longest run of a handler, milliseconds. */
  readonly timeout: number;
  /** Longest time for the module to load, milliseconds. */
  readonly initialization: number;
  /** A worker beyond the first that had nothing to do for so long is stopped, milliseconds. */
  readonly idle: number;
}

export const poolLimits = {
  workers: 8,
  concurrency: functionLimits.concurrency,
  initialization: functionLimits.initialization,
  idle: 60_000,
} as const;

/** Events that are given to one worker at a time: they save the way there and back, and can be taken back. */
const depth = 64;

/** How often workers with something to do are looked at, milliseconds. */
const period = 10;

/**
 * Makes a function's pool with one warm worker. Events go to a worker that is free, else they wait behind those that
 * are not slow. A worker whose event takes longer than others should wait for gives back what has not begun, and
 * another one is started: so only the callers of an event wait for it.
 */
export function createPool(
  definition: EdgeFunction,
  limits: PoolLimits,
  print: (text: string) => void,
): Pool {
  const workers = new Set<ExecutionEnvironment>();
  /** With no worker to take them. */
  let waiting: Invocation[] = [];
  let active = 0;
  let closed = false;
  let retired = false;
  let watching: NodeJS.Timeout | undefined;
  let shrinking: NodeJS.Timeout | undefined;

  function start(): void {
    const worker = startEnvironment(definition, limits, {
      free: dispatch,
      returned(invocations) {
        waiting = [...invocations, ...waiting];
        dispatch();
      },
      ended({ reason, loaded, served, told, back }) {
        workers.delete(worker);
        waiting = [...back, ...waiting];
        if (reason && !told) print(reason);
        // What does not load would not load the next time.
        if (!loaded && workers.size === 0) refuse(waiting.splice(0), reason ?? 'it did not load');
        // One that ends by itself, whatever it is asked, is started again when something is.
        else if (workers.size === 0 && served && !closed) start();
        dispatch();
      },
      printed: print,
    });
    workers.add(worker);
  }

  /** The worker with the least before it, or none where all have enough. */
  function leastBusy(): ExecutionEnvironment | undefined {
    let least: ExecutionEnvironment | undefined;
    for (const worker of workers) {
      if (worker.state !== 'ready' || worker.size >= depth) continue;
      if (worker.size === 0) return worker;
      if (!least || worker.size < least.size) least = worker;
    }
    return least;
  }

  function dispatch(): void {
    let given = 0;
    for (const invocation of waiting) {
      const worker = leastBusy();
      if (!worker) break;
      worker.run(invocation);
      given += 1;
    }
    if (given > 0) waiting = waiting.slice(given);
    if (waiting.length > 0) grow();
  }

  /** Starts a worker where all others are slow; one at a time, as each makes room for many events. */
  function grow(): void {
    if (closed || workers.size >= limits.workers) return;
    for (const { state } of workers) if (state === 'starting' || state === 'ready') return;
    start();
  }

  function refuse(invocations: readonly Invocation[], reason: string): void {
    for (const { settle } of invocations) settle({ kind: 'unavailable', reason });
  }

  /** Waiting for a worker that starts does not count: it has a time limit of its own. */
  function refuseLate(now: number): void {
    for (const { state } of workers) if (state === 'starting') return;
    const first = waiting.findIndex(({ since }) => now - since < limits.timeout);
    const late = waiting.splice(0, first < 0 ? waiting.length : first);
    refuse(late, 'no worker was free in time');
  }

  function watch(): void {
    const now = performance.now();
    for (const worker of workers) worker.watch(now);
    refuseLate(now);
    if (active > 0) return;
    clearInterval(watching);
    watching = undefined;
  }

  function shrink(): void {
    for (const worker of workers) {
      if (workers.size > 1 && worker.state === 'ready' && worker.size === 0) {
        workers.delete(worker);
        void worker.end();
      }
    }
  }

  async function close(): Promise<void> {
    closed = true;
    clearInterval(watching);
    clearTimeout(shrinking);
    refuse(waiting.splice(0), 'it was stopped');
    await Promise.all([...workers].map((worker) => worker.end()));
  }

  start();

  return {
    run(event, signal) {
      if (closed || signal?.aborted)
        return Promise.resolve({ kind: 'unavailable', reason: 'nobody waits for it' });
      if (active >= limits.concurrency) {
        return Promise.resolve({ kind: 'unavailable', reason: `${limits.concurrency} events are under way` });
      }
      active += 1;
      watching ??= setInterval(watch, period);
      clearTimeout(shrinking);
      const { promise, resolve } = Promise.withResolvers<InvocationOutcome>();
      const invocation: Invocation = {
        ...event,
        since: performance.now(),
        settle(outcome) {
          active -= 1;
          signal?.removeEventListener('abort', abandon);
          if (active === 0 && workers.size > 1) shrinking = setTimeout(shrink, limits.idle).unref();
          resolve(outcome);
          if (retired && active === 0) void close();
        },
      };
      function abandon(): void {
        const inQueue = waiting.includes(invocation);
        if (inQueue) waiting = waiting.filter((one) => one !== invocation);
        if (inQueue || [...workers].some((worker) => worker.withdraw(invocation))) {
          invocation.settle({ kind: 'unavailable', reason: 'nobody waits for it' });
        }
      }
      signal?.addEventListener('abort', abandon, { once: true });
      const worker = waiting.length === 0 ? leastBusy() : undefined;
      if (worker) worker.run(invocation);
      else {
        waiting.push(invocation);
        grow();
      }
      return promise;
    },
    retire() {
      retired = true;
      if (active === 0) void close();
    },
    close,
  };
}
