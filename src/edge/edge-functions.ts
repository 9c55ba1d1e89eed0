import type { Readable } from 'node:stream';
import type { EventType } from '../model/sections/access/edge-function.ts';
import type { FieldLines } from './cache/fields.ts';

/** A request as a function at the edge gets it. */
export interface FunctionRequest {
  /** The viewer's address. */
  readonly clientIp: string;
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: FieldLines;
  readonly body?: Readable;
}

/** An answer as a function at the edge gets or makes it; without a body, what the origin sent stays. */
export interface FunctionResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: FieldLines;
  readonly body?: Buffer;
}

/** What came of a function: what goes on, or the status a viewer gets because it failed. */
export type FunctionResult =
  | {
      readonly kind: 'request';
      readonly target: string;
      readonly headers: FieldLines;
      /** What goes on in place of the request's body; undefined where that is untouched. */
      readonly body?: Readable;
    }
  | ({ readonly kind: 'response' } & FunctionResponse)
  | { readonly kind: 'fault'; readonly status: 502 | 503 };

/**
 * Runs the functions at the edge. Never throws: a function that fails is a fault.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-cloudfront-trigger-events.html
 */
export interface EdgeFunctions {
  /** @param response what the function is to change, at the two response events */
  run(
    name: string,
    event: EventType,
    request: FunctionRequest,
    response: FunctionResponse | undefined,
    signal: AbortSignal | undefined,
  ): Promise<FunctionResult>;
}

/** What a viewer reads of a function that failed. */
export const faultMessage = 'A function at the edge failed.';
