import { z } from 'zod';
import { limits } from '../../limits.ts';
import { count, duration } from '../../scalars.ts';
import { folder } from '../../terms.ts';

/** When a function runs: before and after the cache, on the way there and back. */
export const eventTypes = ['viewer-request', 'origin-request', 'origin-response', 'viewer-response'] as const;

/** When a function runs. */
export type EventType = (typeof eventTypes)[number];

/**
 * A function at the edge: Lambda@Edge. Defaults are Lambda's.
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export const edgeFunction = z.strictObject({
  /** The folder with `handler.ts`, which exports `handler`. */
  source: folder,
  /**
   * Whether it sees the bodies of requests, as far as the limits of its events go.
   * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-generating-http-responses.html#lambda-include-body-access
   */
  includeBody: z.boolean().default(false),
  /** MiB. */
  memory: count({ min: 128, max: limits.functionMemory }).default(128),
  timeout: duration({ min: 1000, max: limits.originFunctionTimeout }).prefault('3s'),
});
