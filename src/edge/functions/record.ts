import type { EventType } from '../../model/sections/access/edge-function.ts';
import type { FieldLines } from '../cache/fields.ts';
import type { CloudFrontRecord, EventBody, EventConfig, EventRequest } from './event.ts';
import { eventHeaders } from './event-headers.ts';
import { textOf } from './event-text.ts';
import { eventLimits } from './limits.ts';

/** A request as the edge has it. */
export interface RecordedRequest {
  /** The viewer's address. */
  readonly clientIp: string;
  readonly method: string;
  /** Path and query, as sent. */
  readonly target: string;
  /** As sent, with everything. */
  readonly headers: FieldLines;
  /** Only where the function is to see it: the first bytes, one more than it may see when there are more. */
  readonly body?: Buffer;
  /** In origin events. */
  readonly origin?: EventRequest['origin'];
}

/** An answer as the edge has it. */
export interface RecordedResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: FieldLines;
}

/**
 * The record a function gets.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
 */
export function eventRecord(
  config: EventConfig,
  { clientIp, method, target, headers, body, origin }: RecordedRequest,
  response?: RecordedResponse,
): CloudFrontRecord {
  const at = target.indexOf('?');
  const request: EventRequest = {
    clientIp,
    method,
    uri: textOf(at < 0 ? target : target.slice(0, at)),
    querystring: at < 0 ? '' : textOf(target.slice(at + 1)),
    headers: eventHeaders(headers),
    ...(body ? { body: eventBody(config.eventType, body) } : {}),
    ...(origin ? { origin } : {}),
  };
  return {
    cf: {
      config,
      request,
      ...(response
        ? {
            response: {
              status: String(response.status),
              statusDescription: response.reason,
              headers: eventHeaders(response.headers),
            },
          }
        : {}),
    },
  };
}

function eventBody(eventType: EventType, body: Buffer): EventBody {
  const { exposedBody } = eventLimits[eventType];
  return {
    inputTruncated: body.length > exposedBody,
    action: 'read-only',
    encoding: 'base64',
    data: body.subarray(0, exposedBody).toString('base64'),
  };
}
