import { milliseconds } from '../../model/mesh/duration.ts';
import type { GrpcRetryPolicy, HttpRetryPolicy } from '../../model/mesh/retry-policy.ts';
import { defaults } from '../defaults.ts';
import type { HeaderMatcher } from './header-match.ts';
import { type Extension, extension, type Seconds, seconds } from './vocabulary.ts';

/**
 * How often another host is looked for. Of two hosts, least-request finds the other one in a quarter of the attempts
 * only while the dead one, having no request under way, looks the least loaded.
 */
const selectionAttempts = 32;

/** App Mesh counts retries in 64 bits, Envoy in 32. */
const mostRetries = 4_294_967_295;

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

/** `envoy.config.route.v3.RetryPolicy`, as far as it is written here. */
export interface EnvoyRetryPolicy {
  readonly retry_on: string;
  readonly num_retries: number;
  readonly retriable_status_codes?: readonly number[];
  readonly retriable_headers?: readonly HeaderMatcher[];
  readonly retry_host_predicate: readonly Extension[];
  readonly host_selection_retry_max_attempts: number;
  readonly retry_back_off: { readonly base_interval: Seconds; readonly max_interval: Seconds };
  readonly per_try_timeout?: Seconds;
}

/** Status codes of App Mesh's `server-error`: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpRetryPolicy.html */
const serverErrors = [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511];

/**
 * App Mesh's events as Envoy's conditions. `server-error` is the exact list of codes, plus `reset`, because a
 * try that is cut off or times out ends as 503 or 504 here, not as an answer of the upstream's own;
 * `gateway-error` includes both in Envoy itself. A gRPC status counts where it comes as the answer's headers: a
 * stream that has begun is not repeated.
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter#x-envoy-retry-on
 */
const conditions = {
  'server-error': ['retriable-status-codes', 'reset'],
  'gateway-error': ['gateway-error'],
  'client-error': ['retriable-4xx'],
  'stream-error': ['refused-stream'],
  'connection-error': ['connect-failure'],
  cancelled: ['cancelled'],
  'deadline-exceeded': ['deadline-exceeded'],
  internal: ['internal'],
  'resource-exhausted': ['resource-exhausted'],
  unavailable: ['unavailable'],
} as const;

/** An event after which App Mesh tries again. */
type RetryEvent = keyof typeof conditions;

/**
 * A route's own policy, or App Mesh's default where it states none; undefined when nothing is to be repeated.
 * A try's timeout holds for the first one as well; 0 is none.
 */
export function routeRetryPolicy(
  policy: HttpRetryPolicy | GrpcRetryPolicy | undefined,
): EnvoyRetryPolicy | undefined {
  if (policy === undefined) {
    const { maxRetries, retryOn, statusCodes } = defaults.retry;
    return retryPolicy(maxRetries, retryOn, { retriable_status_codes: statusCodes });
  }
  if (policy.maxRetries === 0) return undefined;
  return retryPolicy(policy.maxRetries, conditionsOf(policy), perTry(milliseconds(policy.perRetryTimeout)));
}

/** The conditions of a policy's events, each once. */
export function conditionsOf(events: {
  readonly httpRetryEvents?: readonly RetryEvent[] | undefined;
  readonly tcpRetryEvents?: readonly RetryEvent[] | undefined;
  readonly grpcRetryEvents?: readonly RetryEvent[] | undefined;
}): string[] {
  const { httpRetryEvents = [], tcpRetryEvents = [], grpcRetryEvents = [] } = events;
  return [...httpRetryEvents, ...tcpRetryEvents, ...grpcRetryEvents].flatMap((event) => conditions[event]);
}

/** The field for a try's timeout of some milliseconds. */
export function perTry(timeout: number): Pick<EnvoyRetryPolicy, 'per_try_timeout'> {
  return timeout === 0 ? {} : { per_try_timeout: seconds(timeout) };
}

/** A policy of Envoy's: a retry goes to another host while there is one, after a short random wait. */
export function retryPolicy(
  maxRetries: number,
  retryOn: readonly string[],
  more: Partial<EnvoyRetryPolicy> = {},
): EnvoyRetryPolicy {
  const unique = [...new Set(retryOn)];
  return {
    retry_on: unique.join(','),
    num_retries: Math.min(maxRetries, mostRetries),
    ...(unique.includes('retriable-status-codes') ? { retriable_status_codes: serverErrors } : {}),
    retry_host_predicate: [
      extension(
        'envoy.retry_host_predicates.previous_hosts',
        'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
      ),
    ],
    host_selection_retry_max_attempts: selectionAttempts,
    retry_back_off: { base_interval: '0.025s', max_interval: '0.25s' },
    ...more,
  };
}
