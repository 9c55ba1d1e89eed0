import type { EdgeFunction } from './edge-function.ts';
import type { CloudFrontRecord, EventType } from './event.ts';
import { eventLimits } from './limits.ts';
import { createPool, type Pool, poolLimits } from './pool.ts';
import { type FunctionOutcome, outcomeOf } from './result.ts';

/** Runs the functions at the edge, each in workers of its own. */
export interface EdgeFunctionRuntime {
  /**
   * Runs a function on one event. Never throws: a fault is an answer, 502 for a result that is not valid, 503 for an
   * exception, an exit, and a limit of time, memory or concurrency.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/http-503-service-unavailable.html
   * @param signal fires when the viewer is gone
   */
  invoke(
    name: string,
    eventType: EventType,
    record: CloudFrontRecord,
    signal?: AbortSignal,
  ): Promise<FunctionOutcome>;
  /** Stops every worker; what is under way is 503. */
  close(): Promise<void>;
}

/** How functions are run. */
export interface RuntimeOptions {
  readonly functions: readonly EdgeFunction[];
  /** The events each function is for: the strictest limits of them apply to it. By name. */
  readonly events: Readonly<Record<string, readonly EventType[]>>;
  /** Takes a line that a function printed, or that says what became of it. */
  readonly print: (name: string, line: string) => void;
  /** Smaller bounds than the usual ones. */
  readonly bounds?: Partial<Record<'workers' | 'concurrency' | 'initialization' | 'idle', number>>;
}

/** Starts a warm worker for each function. */
export function createEdgeFunctionRuntime({
  functions,
  events,
  print,
  bounds,
}: RuntimeOptions): EdgeFunctionRuntime {
  const pools = new Map<string, Pool>();
  for (const definition of functions) {
    const { name } = definition;
    const limits = (events[name] ?? []).map((event) => eventLimits[event]);
    const memory = Math.min(definition.memory, ...limits.map((limit) => limit.memory));
    const timeout = Math.min(definition.timeout, ...limits.map((limit) => limit.timeout));
    const pool = createPool({ ...definition, memory }, { ...poolLimits, ...bounds, timeout }, (line) =>
      print(name, line),
    );
    pools.set(name, pool);
  }

  function fault(name: string, status: 502 | 503, reason: string): FunctionOutcome {
    print(name, reason);
    return { kind: 'fault', status, reason };
  }

  return {
    async invoke(name, _eventType, record, signal) {
      const pool = pools.get(name);
      if (!pool) return fault(name, 503, 'there is no such function');
      const event = { requestId: record.cf.config.requestId, json: JSON.stringify({ Records: [record] }) };
      const ran = await pool.run(event, signal);
      if (ran.kind === 'invalid') return fault(name, 502, `its result is invalid: ${ran.reason}`);
      if (ran.kind !== 'returned') return fault(name, 503, ran.reason);
      const outcome = outcomeOf(record, ran.json);
      if (outcome.kind === 'fault') print(name, outcome.reason);
      return outcome;
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}
