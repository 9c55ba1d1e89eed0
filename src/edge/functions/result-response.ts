import type { CloudFrontRecord, EventHeaders } from './event.ts';
import { isMembers, require } from './invalid-result.ts';
import { eventLimits } from './limits.ts';
import { resultBody } from './result-body.ts';
import { resultHeaders } from './result-headers.ts';

/** An answer as a function returned it. */
export interface ReturnedResponse {
  readonly status: number;
  /** The function's own words, or those of the answer it got. */
  readonly reason: string;
  readonly headers: EventHeaders;
  /** Undefined when what the origin sent stays. */
  readonly body?: Buffer;
}

/** The same in both. @see ReturnedResponse */
const reason = /^[\t\x20-\x7e]*$/;

/**
 * The answer a function made itself at a request event, or changed at a response event.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses.html
 * @throws InvalidResult
 */
export function resultResponse({ cf }: CloudFrontRecord, returned: unknown): ReturnedResponse {
  const { eventType } = cf.config;
  const { response: given } = cf;
  require(isMembers(returned), 'it is no response');
  const { status, statusDescription = given?.statusDescription ?? '', body, bodyEncoding } = returned;
  require(typeof status === 'string' &&
    /^[2-5]\d\d$/.test(status), 'status is not text between "200" and "599"');
  require(typeof statusDescription === 'string' && reason.test(statusDescription), 'bad statusDescription');
  const headers = resultHeaders(eventType, given?.headers ?? {}, returned.headers);
  const result = { status: Number(status), reason: statusDescription, headers };
  if (eventType === 'viewer-response') {
    require(status === given?.status, 'the status cannot be changed at this event');
    require(body === undefined, 'the body cannot be changed at this event');
    return result;
  }
  const content = body === undefined || body === null ? undefined : resultBody(body, bodyEncoding);
  if (content) {
    require(status !== '204' || content.length === 0, 'status 204 has no body');
    const size = content.length + (given ? 0 : sizeOf(headers));
    require(size <= eventLimits[eventType].generated, `the response has ${size} bytes`);
  }
  if (content === undefined) return given ? result : { ...result, body: Buffer.alloc(0) };
  return { ...result, body: content };
}

/** Bytes of header fields on the wire: name, colon, space, value, line end. */
function sizeOf(headers: EventHeaders): number {
  let size = 0;
  for (const [name, values] of Object.entries(headers)) {
    for (const { value } of values) size += name.length + Buffer.byteLength(value) + 4;
  }
  return size;
}
