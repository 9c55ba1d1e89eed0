import { Readable } from 'node:stream';
import type { EventType } from '../model/sections/access/edge-function.ts';
import type { CachePolicyPlan } from '../model/sections/access/managed-policies.ts';
import type { Behavior } from './behavior.ts';
import type { BehaviorRequest } from './behavior-request.ts';
import { type FieldLines, filterFields, replaceField } from './cache/fields.ts';
import type { Fetch, OriginAnswer, OriginRequest } from './cache/message.ts';
import { compressing } from './compression/compress.ts';
import { codingFor } from './compression/negotiation.ts';
import { type EdgeFunctions, type FunctionResult, faultMessage } from './edge-functions.ts';
import { errorAnswer } from './error-answer.ts';
import { viewerFields } from './forwarding.ts';
import type { Origin } from './origin.ts';
import type { ForwardedRequest } from './policies/forwarded-request.ts';

/** What stands between a behaviour's cache and its origin. */
export interface OriginFetchParts {
  readonly behavior: Behavior;
  readonly policy: CachePolicyPlan;
  readonly forwarded: ForwardedRequest;
  readonly origin: Origin;
  readonly functions: EdgeFunctions | undefined;
  /** Whether answers are compressed on their way into the cache. */
  readonly compresses: boolean;
}

/** Makes the way to the origin for a viewer's request: what the policies let through and the functions make of it. */
export function createOriginFetch(parts: OriginFetchParts): (request: BehaviorRequest) => Fetch {
  const { policy, forwarded, origin, compresses } = parts;
  const coding = codingFor(policy.compression);
  return (request) => {
    const ask: Fetch = async (asked) => {
      const headers = viewerFields(asked.headers, request.viewer, request.host);
      const answer = await origin.fetch({ ...asked, headers });
      return forwarded.cookies ? answer : { ...answer, headers: withoutCookies(answer.headers) };
    };
    const called = throughFunctions(ask, parts, request.viewer.address);
    const sent: Fetch = (asked) =>
      called({
        ...asked,
        target: forwarded.target(request.target),
        headers: forwarded.headers(asked.headers),
      });
    if (policy.compression.length === 0) return sent;
    const coded = compresses ? compressing(sent) : sent;
    return (asked) =>
      coded({ ...asked, headers: replaceField(asked.headers, 'accept-encoding', coding(asked.headers)) });
  };
}

/** Calls the functions between cache and origin; without any the fetch stays as it is. */
function throughFunctions(ask: Fetch, { behavior, functions }: OriginFetchParts, clientIp: string): Fetch {
  const { 'origin-request': before, 'origin-response': after } = behavior.functions;
  if (!functions || (before === undefined && after === undefined)) return ask;
  const run = (name: string | undefined, event: EventType, asked: OriginRequest, answer?: OriginAnswer) => {
    if (name === undefined) return undefined;
    const { method, target, headers, body, signal } = asked;
    const response = answer && { status: answer.status, reason: answer.reason, headers: answer.headers };
    return functions.run(
      name,
      event,
      { clientIp, method, target, headers, ...(body && { body }) },
      response,
      signal,
    );
  };
  return async (asked) => {
    const changed = await run(before, 'origin-request', asked);
    if (changed && changed.kind !== 'request') return generated(changed);
    const next = { ...asked, ...changed };
    const answer = await ask(next);
    const result = await run(after, 'origin-response', next, answer);
    if (!result || result.kind === 'request') return answer;
    if (result.kind === 'response' && result.body === undefined) return { ...result, body: answer.body };
    answer.body.destroy();
    return generated(result);
  };
}

/** An answer that a function made, in the place of the origin's. */
function generated(result: Exclude<FunctionResult, { kind: 'request' }>): OriginAnswer {
  if (result.kind === 'fault') {
    const { status, reason, headers, body } = errorAnswer(result.status, faultMessage);
    return { status, reason, headers, body: Readable.from([body]) };
  }
  const { status, reason, headers, body = Buffer.alloc(0) } = result;
  const sized = replaceField(headers, 'content-length', String(body.length));
  return { status, reason, headers: sized, body: Readable.from([body]) };
}

function withoutCookies(headers: FieldLines): string[] {
  return filterFields(headers, (name) => name !== 'set-cookie');
}
