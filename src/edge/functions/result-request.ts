import { isDeepStrictEqual } from 'node:util';
import type { CloudFrontRecord, EventHeaders } from './event.ts';
import { isMembers, require } from './invalid-result.ts';
import { eventLimits } from './limits.ts';
import { resultBody } from './result-body.ts';
import { resultHeaders } from './result-headers.ts';
import { resultTarget } from './result-target.ts';

/** A request as a function returned it. */
export interface ReturnedRequest {
  /** Path and query. */
  readonly target: string;
  readonly headers: EventHeaders;
  /** What goes on in place of the viewer's body; undefined when that stays. */
  readonly body?: Buffer;
}

/**
 * The request a function sends on.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html#lambda-event-structure-request
 * @throws InvalidResult
 */
export function resultRequest({ cf }: CloudFrontRecord, returned: unknown): ReturnedRequest {
  const { eventType } = cf.config;
  const { request: given } = cf;
  require(isMembers(returned), 'it is neither request nor response');
  require(returned.method === given.method, 'method is read-only');
  require(returned.clientIp === undefined || returned.clientIp === given.clientIp, 'clientIp is read-only');
  require(isDeepStrictEqual(returned.origin, given.origin), 'another origin is not supported');
  const target = resultTarget(returned.uri, returned.querystring);
  const headers = resultHeaders(eventType, given.headers, returned.headers);
  const body = replacedBody({ cf }, returned.body);
  return body === undefined ? { target, headers } : { target, headers, body };
}

function replacedBody({ cf }: CloudFrontRecord, returned: unknown): Buffer | undefined {
  if (returned === undefined) return undefined;
  require(isMembers(returned), 'body is not an object');
  const { action, encoding = 'base64', data } = returned;
  require(action === 'read-only' || action === 'replace', 'body.action is not one of its words');
  if (action === 'read-only') return undefined;
  require(cf.request.body !== undefined, 'the body is not part of this event');
  const body = resultBody(data, encoding);
  const allowed = eventLimits[cf.config.eventType].replacedBody[encoding as 'text' | 'base64'];
  const size = encoding === 'text' ? body.length : String(data).length;
  require(size <= allowed, `the body has ${size} bytes`);
  return body;
}
