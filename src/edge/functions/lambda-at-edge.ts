import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { EventType } from '../../model/sections/access/edge-function.ts';
import { filterFields } from '../cache/fields.ts';
import type { EdgeFunctions, FunctionRequest, FunctionResult } from '../edge-functions.ts';
import { type BodyBeginning, beginningOf } from './body-beginning.ts';
import type { EdgeFunction } from './edge-function.ts';
import type { CloudFrontRecord } from './event.ts';
import { changedLines } from './event-headers.ts';
import { eventLimits } from './limits.ts';
import { eventRecord } from './record.ts';
import type { ReturnedRequest } from './result-request.ts';
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
  let readers = bodyReaders(functions);

  /** The beginning of the body, one byte more than the function may see; undefined where it sees none. */
  function beginning(name: string, event: EventType, body: Readable | undefined) {
    const reads = body && readers.has(name) && (event === 'viewer-request' || event === 'origin-request');
    return reads ? beginningOf(body, eventLimits[event].exposedBody + 1) : undefined;
  }

  return {
    async run(name, eventType, { body, ...request }, response, signal) {
      const config = { ...distribution, eventType, requestId: randomUUID() };
      let seen: BodyBeginning | undefined;
      try {
        seen = await beginning(name, eventType, body);
      } catch {
        return { kind: 'fault', status: 502 };
      }
      const record = eventRecord(config, seen ? { ...request, body: seen.head } : request, response);
      const outcome = await runtime.invoke(name, record, signal);
      // What nothing goes on of is read away, or the viewer would wait to send it.
      if (outcome.kind !== 'request' || outcome.request.body) seen?.whole.resume();
      if (outcome.kind === 'fault') return { kind: 'fault', status: outcome.status };
      if (outcome.kind === 'request') return changedRequest(request, record, outcome.request, seen);
      const { headers, ...changed } = outcome.response;
      const given = record.cf.response?.headers ?? {};
      return { kind: 'response', ...changed, headers: changedLines(response?.headers ?? [], given, headers) };
    },
    update(next) {
      readers = bodyReaders(next);
      runtime.update(next);
    },
    close: runtime.close,
  };
}

function bodyReaders(functions: readonly EdgeFunction[]): ReadonlySet<string> {
  return new Set(functions.filter(({ includeBody }) => includeBody).map(({ name }) => name));
}

/** What goes on of a request: where the function has read the body, that from its beginning, or another one. */
function changedRequest(
  { headers: lines }: FunctionRequest,
  { cf }: CloudFrontRecord,
  { target, headers: returned, body }: ReturnedRequest,
  seen: BodyBeginning | undefined,
): FunctionResult {
  const headers = changedLines(lines, cf.request.headers, returned);
  if (!body) return { kind: 'request', target, headers, ...(seen ? { body: seen.whole } : {}) };
  const framed = filterFields(headers, (name) => name !== 'content-length' && name !== 'transfer-encoding');
  return {
    kind: 'request',
    target,
    headers: [...framed, 'content-length', String(body.length)],
    body: Readable.from([body], { objectMode: false }),
  };
}
