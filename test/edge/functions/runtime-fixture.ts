import { join } from 'node:path';
import type { EdgeFunction } from '../../../src/edge/functions/edge-function.ts';
import { eventRecord, type RecordedRequest } from '../../../src/edge/functions/record.ts';
import type { FunctionOutcome } from '../../../src/edge/functions/result.ts';
import { createEdgeFunctionRuntime, type RuntimeOptions } from '../../../src/edge/functions/runtime.ts';
import type { EventType } from '../../../src/model/sections/access/edge-function.ts';

/** Something that ends with a test. */
interface Scope {
  after(end: () => Promise<void> | void): void;
}

/** A program of this folder as a function. */
export function program(name: string, changes: Partial<EdgeFunction> = {}): EdgeFunction {
  const module = join(import.meta.dirname, 'programs', `${name}.ts`);
  return {
    name,
    module,
    events: ['viewer-request' as const],
    includeBody: false,
    memory: 128,
    timeout: 3000,
    configuration: {},
    ...changes,
  };
}

/** A record of an event. */
export function record(eventType: EventType, changes: Partial<RecordedRequest> = {}) {
  return eventRecord(
    {
      distributionDomainName: 'd111111abcdef8.cloudfront.net',
      distributionId: 'EDFDVBD6EXAMPLE',
      eventType,
      requestId: 'request',
    },
    { clientIp: '192.0.2.1', method: 'GET', target: '/', headers: ['Host', 'app.example'], ...changes },
  );
}

/** Starts functions in workers. */
export function startFunctions(
  scope: Scope,
  functions: readonly EdgeFunction[],
  options: Partial<RuntimeOptions> = {},
) {
  const printed: string[] = [];
  const runtime = createEdgeFunctionRuntime(functions, {
    print: (name, line) => printed.push(`${name}: ${line}`),
    ...options,
  });
  scope.after(() => runtime.close());
  return {
    runtime,
    printed,
    /** Runs a function on a viewer's request for a target. */
    run: (target: string, name = functions[0]?.name ?? '', signal?: AbortSignal): Promise<FunctionOutcome> =>
      runtime.invoke(name, record('viewer-request', { target }), signal),
  };
}

/** The JSON body of an answer a function made. */
export function bodyOf(outcome: FunctionOutcome): unknown {
  if (outcome.kind !== 'response') throw new Error(`no answer: ${JSON.stringify(outcome)}`);
  return JSON.parse(String(outcome.response.body));
}
