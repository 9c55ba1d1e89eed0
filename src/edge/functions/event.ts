import type { EventType } from '../../model/sections/access/edge-function.ts';

/** Header fields as a function sees them: by lower-case name, one entry a line. `key` is the name as it was sent. */
export type EventHeaders = Record<string, { key?: string; value: string }[]>;

/** A request's body, as far as the function may see it. */
export interface EventBody {
  /** Whether the body went on beyond what is in `data`. */
  readonly inputTruncated: boolean;
  /** `replace` sends on what the function has put into `data`. */
  action: 'read-only' | 'replace';
  encoding: 'base64' | 'text';
  data: string;
}

/** A request in an event. */
export interface EventRequest {
  readonly clientIp: string;
  readonly method: string;
  /** The path. */
  uri: string;
  /** Without the question mark; empty when there is none. */
  querystring: string;
  headers: EventHeaders;
  /** Only where the blueprint asks for it. */
  body?: EventBody;
  /** Only in origin events: where the request goes. */
  readonly origin?: Readonly<Record<string, unknown>>;
}

/** An answer in an event; the body is never in it. */
export interface EventResponse {
  status: string;
  statusDescription: string;
  headers: EventHeaders;
}

/** What an event says of where and why it happened. */
export interface EventConfig {
  readonly distributionDomainName: string;
  readonly distributionId: string;
  readonly eventType: EventType;
  readonly requestId: string;
}

/**
 * The one record of an event.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-event-structure.html
 */
export interface CloudFrontRecord {
  readonly cf: {
    readonly config: EventConfig;
    readonly request: EventRequest;
    /** In response events. */
    readonly response?: EventResponse;
  };
}
