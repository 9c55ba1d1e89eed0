import type { EdgeFunction } from './edge-function.ts';
import type { CloudFrontRecord } from './event.ts';
import { createProcessPool } from './function-process.ts';
import { eventLimits } from './limits.ts';
import { type Pool, poolLimits } from './pool.ts';
import { type FunctionOutcome, outcomeOf } from './result.ts';

/** Runs the functions at the edge, each in a process of its own. */
export interface EdgeFunctionRuntime {
  /**
   * Runs a function on one event. Never throws: a fault is an answer, 502 for a result that is not valid, 503 for an
   * exception, an exit, and a limit of time, memory or concurrency.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-503-service-unavailable.html
   * @param signal fires when the viewer is gone
   */
  invoke(name: string, record: CloudFrontRecord, signal?: AbortSignal): Promise<FunctionOutcome>;
  /** Takes other functions: one that is another now gets new workers, and what the old ones run comes to its end. */
  update(functions: readonly EdgeFunction[]): void;
  /** Stops every worker; what is under way is 503. */
  close(): Promise<void>;
}

/** How functions are run. */
export interface RuntimeOptions {
  /** Takes a line that a function printed, or that says what became of it. */
  readonly print: (name: string, line: string) => void;
  /** Smaller bounds than the usual ones. */
  readonly bounds?: Partial<Record<'workers' | 'concurrency' | 'initialization' | 'idle', number>>;
}

/** Starts a warm worker for each function. */
export function createEdgeFunctionRuntime(
  functions: readonly EdgeFunction[],
  { print, bounds }: RuntimeOptions,
): EdgeFunctionRuntime {
  let pools = new Map<string, { readonly made: string; readonly pool: Pool }>();

  function poolOf(definition: EdgeFunction): Pool {
    const limits = definition.events.map((event) => eventLimits[event]);
    const memory = Math.min(definition.memory, ...limits.map((limit) => limit.memory));
    const timeout = Math.min(definition.timeout, ...limits.map((limit) => limit.timeout));
    return createProcessPool({ ...definition, memory }, { ...poolLimits, ...bounds, timeout }, (line) =>
      print(definition.name, line),
    );
  }

  function update(next: readonly EdgeFunction[]): void {
    const before = pools;
    pools = new Map();
    for (const definition of next) {
      const made = JSON.stringify(definition);
      const running = before.get(definition.name);
      const stays = running?.made === made;
      pools.set(definition.name, stays ? running : { made, pool: poolOf(definition) });
      if (stays) before.delete(definition.name);
    }
    for (const { pool } of before.values()) pool.retire();
  }

  function fault(name: string, status: 502 | 503, reason: string): FunctionOutcome {
    print(name, reason);
    return { kind: 'fault', status, reason };
  }

  update(functions);

  return {
    async invoke(name, record, signal) {
      const pool = pools.get(name)?.pool;
      if (!pool) return fault(name, 503, 'there is no such function');
      const event = { requestId: record.cf.config.requestId, json: JSON.stringify({ Records: [record] }) };
      const ran = await pool.run(event, signal);
      if (ran.kind === 'invalid') return fault(name, 502, `its result is invalid: ${ran.reason}`);
      if (ran.kind !== 'returned') return fault(name, 503, ran.reason);
      const outcome = outcomeOf(record, ran.json);
      if (outcome.kind === 'fault') print(name, outcome.reason);
      return outcome;
    },
    update,
    async close() {
      await Promise.all([...pools.values()].map(({ pool }) => pool.close()));
    },
  };
}
