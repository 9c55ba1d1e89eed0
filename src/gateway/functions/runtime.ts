import type { FunctionDefinition, Invocation, Outcome } from './definition.ts';
import { type Environment, type Prints, startEnvironment } from './environment.ts';

/** Runs functions: as many environments of each as there are events at a time, up to a limit. */
export interface FunctionRuntime {
  /**
   * Gives a function an event; never rejects.
   * @param patience aborted, the event is no longer waiting for an environment; one that has one goes on
   */
  invoke(name: string, invocation: Omit<Invocation, 'deadline'>, patience: AbortSignal): Promise<Outcome>;
  /** Goes on with other definitions: what is under way ends where it began. */
  update(definitions: Readonly<Record<string, FunctionDefinition>>): void;
  /** Ends every environment. */
  close(): Promise<void>;
}

/** Environments of one function at a time. */
const environmentLimit = 4;
/** Events that wait for one; beyond it a function counts as throttled. */
const waitingLimit = 256;
/** Milliseconds after which an environment that got no event ends. */
const idleTimeout = 300_000;

/** A function and its environments. */
interface Pool {
  readonly invoke: (invocation: Omit<Invocation, 'deadline'>, patience: AbortSignal) => Promise<Outcome>;
  /** Ends environments as they become idle. */
  readonly retire: () => void;
  readonly close: () => Promise<void>;
}

/** Makes a runtime; an environment starts with the first event that needs it. */
export function createFunctionRuntime(
  definitions: Readonly<Record<string, FunctionDefinition>>,
  prints: Prints,
): FunctionRuntime {
  const pools = new Map<string, { readonly definition: string; readonly pool: Pool }>();
  update(definitions);

  function update(next: Readonly<Record<string, FunctionDefinition>>): void {
    for (const [name, { definition, pool }] of pools) {
      if (JSON.stringify(next[name]) === definition) continue;
      pool.retire();
      pools.delete(name);
    }
    for (const [name, definition] of Object.entries(next)) {
      if (pools.has(name)) continue;
      pools.set(name, {
        definition: JSON.stringify(definition),
        pool: createPool(() => startEnvironment(name, definition, prints)),
      });
    }
  }

  return {
    async invoke(name, invocation, patience) {
      const found = pools.get(name);
      return found ? found.pool.invoke(invocation, patience) : { kind: 'fault', reason: 'error' };
    },
    update,
    async close() {
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()));
    },
  };
}

function createPool(start: () => Environment): Pool {
  const all = new Set<Environment>();
  const idle: Environment[] = [];
  const waiting = new Set<(environment: Environment) => void>();
  let retired = false;
  let sweep: NodeJS.Timeout | undefined;

  const end = (environment: Environment) => {
    all.delete(environment);
    void environment.end();
  };
  const endIdle = () => {
    for (const environment of idle.splice(0)) end(environment);
  };
  const begin = (): Environment => {
    const environment = start();
    all.add(environment);
    return environment;
  };
  const free = (environment: Environment) => {
    const usable = !environment.ended;
    if (!usable) all.delete(environment);
    const [next] = waiting;
    if (next) {
      waiting.delete(next);
      next(usable ? environment : begin());
    } else if (usable && retired) end(environment);
    else if (usable) idle.push(environment);
    clearTimeout(sweep);
    sweep = setTimeout(endIdle, idleTimeout).unref();
  };
  const take = (patience: AbortSignal): Environment | Promise<Environment | undefined> | undefined => {
    for (let environment = idle.pop(); environment; environment = idle.pop()) {
      if (!environment.ended) return environment;
      all.delete(environment);
    }
    if (all.size < environmentLimit) return begin();
    if (waiting.size >= waitingLimit) return undefined;
    return new Promise((resolve) => {
      waiting.add(resolve);
      patience.addEventListener('abort', () => waiting.delete(resolve) && resolve(undefined), { once: true });
    });
  };

  return {
    async invoke(invocation, patience) {
      const environment = await take(patience);
      if (!environment) return { kind: 'fault', reason: 'concurrency' };
      try {
        return await environment.invoke(invocation);
      } finally {
        free(environment);
      }
    },
    retire() {
      retired = true;
      endIdle();
    },
    async close() {
      clearTimeout(sweep);
      await Promise.all([...all].map((environment) => environment.end()));
    },
  };
}
