import { randomUUID } from 'node:crypto';
import type { EdgeFunctions } from '../edge-functions.ts';
import type { EdgeFunction } from './edge-function.ts';
import { changedLines } from './event-headers.ts';
import { eventRecord } from './record.ts';
import { createEdgeFunctionRuntime, type EdgeFunctionRuntime, type RuntimeOptions } from './runtime.ts';

/** The functions of an edge, as Lambda@Edge runs them. */
export type LambdaAtEdge = EdgeFunctions & Pick<EdgeFunctionRuntime, 'update' | 'close'>;

/** What an event says of the distribution: here there is one. */
const distribution = { distributionDomainName: 'edge.localhost', distributionId: 'LOCAL' };

/** Starts functions, each in workers of its own. */
export function createLambdaAtEdge(
  functions: readonly EdgeFunction[],
  options: RuntimeOptions,
): LambdaAtEdge {
  const runtime = createEdgeFunctionRuntime(functions, options);
  return {
    async run(name, eventType, request, response, signal) {
      const config = { ...distribution, eventType, requestId: randomUUID() };
      const record = eventRecord(config, request, response);
      const outcome = await runtime.invoke(name, record, signal);
      if (outcome.kind === 'fault') return { kind: 'fault', status: outcome.status };
      const given = record.cf.response ?? record.cf.request;
      const lines = response ?? request;
      if (outcome.kind === 'request') {
        const { headers, ...changed } = outcome.request;
        return { kind: 'request', ...changed, headers: changedLines(lines.headers, given.headers, headers) };
      }
      const { headers, ...changed } = outcome.response;
      const kept = response
        ? changedLines(response.headers, given.headers, headers)
        : changedLines([], {}, headers);
      return { kind: 'response', ...changed, headers: kept };
    },
    update: runtime.update,
    close: runtime.close,
  };
}
