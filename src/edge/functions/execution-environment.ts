import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { claimsOf, following, offer, takeBack } from './claims.ts';
import { compileCache } from './compile-cache.ts';
import type { EdgeFunction } from './edge-function.ts';
import type { EnvironmentData, EnvironmentMessage, EventMessage } from './environment.ts';
import { passOnLines } from './printed-lines.ts';

/** An event and who waits for what comes of it. */
export interface Invocation {
  readonly requestId: string;
  /** The whole event. */
  readonly json: string;
  /** When it came: monotonic milliseconds. */
  readonly since: number;
  /** Called once. */
  readonly settle: (outcome: InvocationOutcome) => void;
}

/** What came of a handler; `unavailable` when it did not come to an end by itself. */
export type InvocationOutcome =
  | { readonly kind: 'returned'; readonly json: string | undefined }
  | { readonly kind: 'failed' | 'invalid' | 'unavailable'; readonly reason: string };

/** One worker and the events before it. */
export interface ExecutionEnvironment {
  readonly state: 'starting' | 'ready' | 'slow' | 'ended';
  /** Events given and not settled. */
  readonly size: number;
  /** Gives an event. */
  run(invocation: Invocation): void;
  /** Takes one back that has not begun. @returns whether it could be */
  withdraw(invocation: Invocation): boolean;
  /** Looks how the event in front goes on; to be called regularly. */
  watch(now: number): void;
  end(): Promise<void>;
}

/** How an environment ended. */
export interface EnvironmentEnd {
  /** Undefined when it was told to. */
  readonly reason: string | undefined;
  /** Whether it ever took events. */
  readonly loaded: boolean;
  /** Whether it was ever given one. */
  readonly served: boolean;
  /** Whether the caller of an event has heard the reason. */
  readonly told: boolean;
  /** What it had not begun. */
  readonly back: readonly Invocation[];
}

/** Whom an environment tells. */
export interface EnvironmentListener {
  /** It can take events: it is loaded, or has become quick again. */
  readonly free: () => void;
  /** It gives back events it has not begun. */
  readonly returned: (invocations: Invocation[]) => void;
  readonly ended: (end: EnvironmentEnd) => void;
  readonly printed: (text: string) => void;
}

/** An event that has run for so long does not keep others waiting behind it. Milliseconds. */
const patience = 20;

/** Looks at an event between two at its worker's buffers: what is garbage by the second is gone by then. */
const looksAtBuffers = 5;

/** In front of a worker that is not loaded, or was given nothing it has not settled or given back. */
const unloaded = -2;
const nothing = -1;

/** The young generation of a worker, of its whole memory. MiB. */
const youngGeneration = 16;

const program = join(import.meta.dirname, 'worker.ts');

/** Starts a worker for a function. */
export function startEnvironment(
  definition: EdgeFunction,
  limits: { readonly timeout: number; readonly initialization: number },
  listener: EnvironmentListener,
): ExecutionEnvironment {
  const claims = claimsOf();
  const worker = new Worker(program, {
    name: definition.name,
    workerData: {
      module: definition.module,
      name: definition.name,
      memory: definition.memory,
      timeout: limits.timeout,
      configuration: definition.configuration,
      claims: claims.buffer,
    } satisfies EnvironmentData,
    // Nothing of the edge's own: a function has no environment. The worker takes the cache's folder out again.
    env: { AWS_LAMBDA_FUNCTION_NAME: definition.name, AWS_REGION: 'us-east-1', ...compileCache() },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: definition.memory - youngGeneration,
      maxYoungGenerationSizeMb: youngGeneration,
    },
  });
  worker.unref();
  for (const output of [worker.stdout, worker.stderr]) passOnLines(output, listener.printed);

  const exceeded = `it took more than ${definition.memory} MiB`;
  /** By number, in the order they were given. */
  const given = new Map<number, Invocation>();
  let number = 0;
  let state: ExecutionEnvironment['state'] = 'starting';
  let loaded = false;
  let cause: string | undefined;
  /** The event in front, and since when and how many looks it has been there. */
  let front = { number: nothing, since: performance.now(), looks: 0 };
  /** How often in a row its buffers were more than they may be. */
  let above = 0;

  worker.on('message', (message: EnvironmentMessage) => {
    if (message === 'ready') loaded = true;
    else if (message === 'exceeded') {
      void end(exceeded);
      return;
    } else if (message !== 'passed') {
      const [at, kind, value] = message;
      const invocation = given.get(at);
      given.delete(at);
      invocation?.settle(kind === 'returned' ? { kind, json: value } : { kind, reason: value });
    }
    if (state !== 'ended') state = 'ready';
    listener.free();
  });
  worker.on('error', (error: Error & { code?: string }) => {
    cause ??= error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? exceeded : String(error);
  });
  worker.on('exit', (code) => {
    const ending = state === 'ended';
    state = 'ended';
    cause ??= ending ? undefined : `it exited with ${code}`;
    const back = takeAllBack();
    const told = given.size > 0;
    for (const invocation of given.values()) {
      invocation.settle({ kind: 'unavailable', reason: cause ?? 'it was stopped' });
    }
    given.clear();
    listener.ended({ reason: cause, loaded, served: number > 0, told, back });
  });

  /** Takes back what the worker has not begun. */
  function takeAllBack(): Invocation[] {
    const back: Invocation[] = [];
    for (const [at, invocation] of given) {
      if (!takeBack(claims, at)) continue;
      given.delete(at);
      back.push(invocation);
    }
    return back;
  }

  async function lookAtBuffers(): Promise<void> {
    const { external_memory } = await worker.getHeapStatistics();
    above = external_memory > definition.memory * 1024 ** 2 ? above + 1 : 0;
    if (above > 1) await end(exceeded);
  }

  function end(reason?: string): Promise<unknown> {
    cause ??= reason;
    state = 'ended';
    return worker.terminate();
  }

  return {
    get state() {
      return state;
    },
    get size() {
      return given.size;
    },
    run(invocation) {
      number = following(number);
      given.set(number, invocation);
      offer(claims, number);
      worker.postMessage([number, invocation.requestId, invocation.json] satisfies EventMessage);
    },
    withdraw(invocation) {
      for (const [at, one] of given) {
        if (one !== invocation) continue;
        if (!takeBack(claims, at)) return false;
        given.delete(at);
        return true;
      }
      return false;
    },
    watch(now) {
      if (state === 'ended') return;
      const first: number = state === 'starting' ? unloaded : (given.keys().next().value ?? nothing);
      if (first !== front.number || (first === nothing && state !== 'slow')) {
        front = { number: first, since: now, looks: 0 };
        return;
      }
      front.looks += 1;
      if (state !== 'starting' && front.looks % looksAtBuffers === 0) lookAtBuffers().catch(() => undefined);
      const passed = now - front.since;
      if (state === 'starting') {
        if (passed >= limits.initialization) void end(`it did not load within ${limits.initialization} ms`);
      } else if (passed >= limits.timeout) {
        void end(
          first === nothing
            ? `it took no event for ${limits.timeout} ms`
            : `it ran longer than ${limits.timeout} ms`,
        );
      } else if (front.looks > 1 && passed >= patience && state === 'ready') {
        state = 'slow';
        listener.returned(takeAllBack());
      }
    },
    async end() {
      await end();
    },
  };
}
