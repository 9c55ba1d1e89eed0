import { limits } from '../../model/limits.ts';
import type { EventType } from '../../model/sections/access/edge-function.ts';

/** What a function may take and give at one event. Sizes in bytes, times in milliseconds. */
export interface EventLimits {
  /** MiB. */
  readonly memory: number;
  readonly timeout: number;
  /** An answer the function makes itself, header fields and body. */
  readonly generated: number;
  /** As much of a request's body as the function sees. */
  readonly exposedBody: number;
  /** A request's body that the function puts in place of the viewer's, as it is returned. */
  readonly replacedBody: { readonly text: number; readonly base64: number };
  /** The program and all its libraries, as it is sent to the vendor. */
  readonly code: number;
}

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

const viewer: EventLimits = {
  memory: limits.viewerFunctionMemory.value,
  timeout: limits.viewerFunctionTimeout.value,
  generated: 40 * kilobyte,
  exposedBody: 40 * kilobyte,
  replacedBody: { text: 40 * kilobyte, base64: Math.floor(53.2 * kilobyte) },
  code: megabyte,
};

const origin: EventLimits = {
  memory: limits.functionMemory.value,
  timeout: limits.originFunctionTimeout.value,
  generated: megabyte,
  exposedBody: megabyte,
  replacedBody: { text: megabyte, base64: Math.floor(1.33 * megabyte) },
  code: 50 * megabyte,
};

/**
 * The vendor's quotas by event.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
 */
export const eventLimits: Readonly<Record<EventType, EventLimits>> = {
  'viewer-request': viewer,
  'viewer-response': viewer,
  'origin-request': origin,
  'origin-response': origin,
};

/** The vendor's quotas that are the same everywhere. */
export const functionLimits = {
  /**
   * Path and query together must be shorter, in characters.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html#function-restrictions-uri
   */
  target: 8192,
  /**
   * Names and values of the header fields a function adds or changes, in characters.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-custom-headers
   */
  changedHeaders: 10_240,
  /**
   * Events of one function under way or waiting.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-lambda-at-edge
   */
  concurrency: 1000,
  /**
   * What a handler returns, as JSON, in characters.
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  payload: 6 * megabyte,
  /**
   * Time for the module to load, in milliseconds.
   * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
   */
  initialization: 10_000,
} as const;
