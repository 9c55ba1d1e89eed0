import { Worker } from 'node:worker_threads';
import type {
  FaultReason,
  FunctionDefinition,
  Invocation,
  Outcome,
  ThreadData,
  ThreadMessage,
} from './definition.ts';

/** Takes what a function prints. */
export type Prints = (name: string, text: string) => void;

/** A place where a function runs, one event at a time: a thread with a heap and an environment of its own. */
export interface Environment {
  /** Gives it an event; never rejects. After a fault of time or memory the environment has ended. */
  invoke(invocation: Omit<Invocation, 'deadline'>): Promise<Outcome>;
  readonly ended: boolean;
  end(): Promise<void>;
}

/** Milliseconds a function may take to load (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html). */
const startTimeout = 10_000;
/** Share of its memory that a function's heap may take; stack, code and buffers take the rest. */
const heapShare = 0.75;

/** Starts an environment of a function. */
export function startEnvironment(
  name: string,
  { file, memory, timeout, variables }: FunctionDefinition,
  prints: Prints,
): Environment {
  const data: ThreadData = { name, file, memory };
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    name,
    workerData: data,
    env: { ...variables },
    stdout: true,
    stderr: true,
    resourceLimits: {
      maxOldGenerationSizeMb: Math.floor(memory * heapShare),
      maxYoungGenerationSizeMb: 8,
      stackSizeMb: 4,
    },
  });
  worker.unref();
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.on('data', (chunk: Buffer) => prints(name, chunk.toString('utf8')));
  }
  const ready = Promise.withResolvers<Outcome | undefined>();
  let waiting: ((outcome: Outcome) => void) | undefined;
  let ended = false;

  const fault = (reason: FaultReason): Outcome => ({ kind: 'fault', reason });
  const settle = (outcome: Outcome) => {
    ready.resolve(outcome);
    waiting?.(outcome);
    waiting = undefined;
  };
  worker.on('message', (message: ThreadMessage) => {
    if (message.kind === 'ready') ready.resolve(undefined);
    else settle(message);
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    ended = true;
    const memoryOut = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    prints(name, memoryOut ? `it needs more than ${memory} MiB\n` : `${error.stack ?? error}\n`);
    settle(fault(memoryOut ? 'memory' : 'error'));
  });
  worker.on('exit', () => {
    ended = true;
    settle(fault('error'));
  });

  const within = async <Result>(limit: number, doing: string, work: Promise<Result>) => {
    const late = Promise.withResolvers<Outcome>();
    const timer = setTimeout(() => {
      prints(name, `it took longer than ${limit / 1000} s to ${doing}\n`);
      ended = true;
      late.resolve(fault('timeout'));
      void worker.terminate();
    }, limit);
    try {
      return await Promise.race([work, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };

  return {
    async invoke(invocation) {
      const failed = await within(startTimeout, 'start', ready.promise);
      if (failed) return failed;
      const answered = new Promise<Outcome>((resolve) => {
        waiting = resolve;
      });
      worker.postMessage({ ...invocation, deadline: Date.now() + timeout } satisfies Invocation);
      return within(timeout, 'answer', answered);
    },
    get ended() {
      return ended;
    },
    async end() {
      ended = true;
      await worker.terminate();
    },
  };
}
