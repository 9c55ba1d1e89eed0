import { z } from 'zod';
import { duration } from './duration.ts';
import { type Complaint, rule, structure } from './schema.ts';
import { whole } from './terms.ts';

/** What of HTTP is tried again; the statuses of each are in the API reference. */
export const httpRetryEvent = z.enum(['server-error', 'gateway-error', 'client-error', 'stream-error']);

/** What of TCP is tried again. */
export const tcpRetryEvent = z.enum(['connection-error']);

/** Which gRPC statuses are tried again. */
export const grpcRetryEvent = z.enum([
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
]);

const members = {
  perRetryTimeout: duration,
  /** Retries, not attempts. */
  maxRetries: whole(0),
  httpRetryEvents: z.array(httpRetryEvent).min(1).max(25).optional(),
  tcpRetryEvents: z.array(tcpRetryEvent).min(1).max(1).optional(),
};

/** When an HTTP request is tried again. */
export const httpRetryPolicy = structure('HttpRetryPolicy', members).superRefine(
  ...rule(someEvent(['httpRetryEvents', 'tcpRetryEvents'])),
);

/** When a gRPC call is tried again. */
export const grpcRetryPolicy = structure('GrpcRetryPolicy', {
  ...members,
  grpcRetryEvents: z.array(grpcRetryEvent).min(1).max(5).optional(),
}).superRefine(...rule(someEvent(['httpRetryEvents', 'tcpRetryEvents', 'grpcRetryEvents'])));

/** What of HTTP is tried again. */
export type HttpRetryEvent = z.infer<typeof httpRetryEvent>;

/** What of TCP is tried again. */
export type TcpRetryEvent = z.infer<typeof tcpRetryEvent>;

/** When an HTTP request is tried again. */
export type HttpRetryPolicy = z.infer<typeof httpRetryPolicy>;

/** When a gRPC call is tried again. */
export type GrpcRetryPolicy = z.infer<typeof grpcRetryPolicy>;

function someEvent(lists: readonly string[]) {
  return function* (policy: Readonly<Record<string, unknown>>): Iterable<Complaint> {
    if (lists.every((list) => policy[list] === undefined)) {
      yield { allowed: `an event in at least one of ${lists.join(', ')}` };
    }
  };
}
