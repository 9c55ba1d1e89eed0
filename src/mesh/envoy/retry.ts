import type { RetryPolicy } from '../mesh.ts';
import { extension, seconds } from './vocabulary.ts';

/**
 * How often another host is looked for. Of two hosts, least-request finds the other one in a quarter of the attempts
 * only while the dead one, having no request under way, looks the least loaded.
 */
const selectionAttempts = 32;

/**
 * Header a sidecar puts on its 503 when it could not connect to its app, so that the caller knows the request
 * was not delivered. Never leaves the mesh.
 */
export const undeliveredHeader = 'x-mesh-undelivered';

/**
 * Header a sidecar puts on its 503 when its app went away in the middle of a request: the request may have been
 * carried out. Never leaves the mesh.
 */
export const interruptedHeader = 'x-mesh-interrupted';

/** Status codes of App Mesh's `server-error`: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpRetryPolicy.html */
const serverErrors = [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511];

/**
 * App Mesh's events as Envoy's conditions. `server-error` is the exact list of codes, plus `reset`, because a
 * try that is cut off or times out ends as 503 or 504 here, not as an answer of the upstream's own;
 * `gateway-error` includes both in Envoy itself.
 */
const conditions = {
  'server-error': ['retriable-status-codes', 'reset'],
  'gateway-error': ['gateway-error'],
  'client-error': ['retriable-4xx'],
  'stream-error': ['refused-stream'],
  'connection-error': ['connect-failure'],
} as const;

/** A retry of what certainly did not reach an app is always safe. */
const undelivered = ['connect-failure', 'refused-stream', 'retriable-headers'] as const;

/** The definition's policy as it is, for calls between services. */
export function retryPolicy(policy: RetryPolicy) {
  return { ...envoyPolicy(policy, conditionsOf(policy)), ...perTry(policy) };
}

/**
 * The definition's policy for a request that may be repeated though it may have been carried out (RFC 9110,
 * section 9.2.2): also when its connection breaks, or its app's.
 */
export function idempotentRetryPolicy(policy: RetryPolicy) {
  const retryOn = [...conditionsOf(policy), ...undelivered, 'reset'];
  return { ...envoyPolicy(policy, retryOn, [undeliveredHeader, interruptedHeader]), ...perTry(policy) };
}

/** For a request that must not be carried out twice: retried only when it was not delivered; it may use all the time there is. */
export function undeliveredRetryPolicy(policy: RetryPolicy) {
  return envoyPolicy(policy, undelivered);
}

function conditionsOf(policy: RetryPolicy): string[] {
  return [...policy.httpRetryEvents, ...policy.tcpRetryEvents].flatMap((event) => conditions[event]);
}

function perTry(policy: RetryPolicy) {
  return { per_try_timeout: seconds(policy.perRetryTimeout) };
}

function envoyPolicy(policy: RetryPolicy, retryOn: readonly string[], headers = [undeliveredHeader]) {
  const unique = [...new Set(retryOn)];
  return {
    retry_on: unique.join(','),
    num_retries: policy.maxRetries,
    ...(unique.includes('retriable-status-codes') ? { retriable_status_codes: serverErrors } : {}),
    ...(unique.includes('retriable-headers')
      ? { retriable_headers: headers.map((name) => ({ name, present_match: true })) }
      : {}),
    // A retry goes to another host while there is one.
    retry_host_predicate: [
      extension(
        'envoy.retry_host_predicates.previous_hosts',
        'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
      ),
    ],
    host_selection_retry_max_attempts: selectionAttempts,
    retry_back_off: { base_interval: '0.025s', max_interval: '0.25s' },
  };
}
