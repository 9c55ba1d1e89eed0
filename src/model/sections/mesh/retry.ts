import { z } from 'zod';
import { durationOf } from '../../mesh/duration.ts';
import {
  type GrpcRetryPolicy,
  grpcRetryEvent,
  httpRetryEvent,
  tcpRetryEvent,
} from '../../mesh/retry-policy.ts';
import { count, duration } from '../../scalars.ts';
import { durationText } from './timeout.ts';

/** The platform's own bound; App Mesh has none. More tries only add load to what is failing already. */
const mostRetries = 10;

const members = {
  /** Retries, not attempts. */
  maxRetries: count({ max: mostRetries }),
  perRetryTimeout: duration(),
  httpRetryEvents: z.array(httpRetryEvent).default([]),
  tcpRetryEvents: z.array(tcpRetryEvent).default([]),
};

/** When the platform's ingress tries again. */
export const ingressRetrySection = z.strictObject(members);

/** When a route tries again; App Mesh's default policy when left out. */
export const retrySection = z.strictObject({
  ...members,
  grpcRetryEvents: z.array(grpcRetryEvent).default([]),
});

/** The API's words for a retry policy. */
export function expandRetry({
  maxRetries,
  perRetryTimeout,
  ...events
}: z.output<typeof retrySection>): GrpcRetryPolicy {
  return {
    maxRetries,
    perRetryTimeout: durationOf(perRetryTimeout),
    ...Object.fromEntries(Object.entries(events).filter(([, list]) => list.length > 0)),
  };
}

/** The section's words for a retry policy. */
export function foldRetry(policy: GrpcRetryPolicy): z.input<typeof retrySection> {
  return { ...policy, perRetryTimeout: durationText(policy.perRetryTimeout) };
}
