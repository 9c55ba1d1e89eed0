import { type Duration, milliseconds } from '../../model/mesh/duration.ts';
import { defaults } from '../defaults.ts';
import { type Seconds, seconds } from './vocabulary.ts';

/** Timeouts of `envoy.config.route.v3.RouteAction`; '0s' is for ever. */
export interface RouteTimeouts {
  readonly timeout: Seconds;
  readonly idle_timeout?: Seconds;
}

/** A route's timeouts as App Mesh states them, for HTTP, HTTP/2 and gRPC alike. */
interface StatedTimeouts {
  readonly perRequest?: Duration | undefined;
  readonly idle?: Duration | undefined;
}

/**
 * A route's timeouts. A request with all its tries has 15 s where nothing is stated, a gRPC stream too; 0 turns a
 * timeout off. What a route does not say of silence, the listener says.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpTimeout.html
 */
export function routeTimeouts({ perRequest, idle }: StatedTimeouts = {}): RouteTimeouts {
  return {
    timeout: seconds(perRequest === undefined ? defaults.requestTimeout : milliseconds(perRequest)),
    ...(idle === undefined ? {} : { idle_timeout: seconds(milliseconds(idle)) }),
  };
}

/**
 * How long a TCP connection may be silent; 0 is for ever.
 * https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_TcpTimeout.html
 */
export function connectionTimeout({ idle }: Pick<StatedTimeouts, 'idle'> = {}): {
  readonly idle_timeout: Seconds;
} {
  return { idle_timeout: seconds(idle === undefined ? defaults.idleTimeout : milliseconds(idle)) };
}
