import { below, type Field, type Meanings } from './field.ts';

/** Conditions on headers, and on gRPC metadata, which is headers. */
export function headerMeanings(list: 'headers' | 'metadata'): Meanings {
  return {
    [`${list}[].name`]: {
      envoy: `\`HeaderMatcher.name\`${list === 'headers' ? ', `:authority` for Host' : ''}; without a match \`present_match\``,
    },
    [`${list}[].invert`]: { envoy: '`HeaderMatcher.invert_match`', absent: 'false' },
    [`${list}[].match.exact`]: { envoy: '`HeaderMatcher.string_match.exact`' },
    [`${list}[].match.prefix`]: { envoy: '`HeaderMatcher.string_match.prefix`' },
    [`${list}[].match.suffix`]: { envoy: '`HeaderMatcher.string_match.suffix`' },
    [`${list}[].match.regex`]: {
      envoy: '`HeaderMatcher.string_match.safe_regex.regex`, over the whole value',
      refused: 'what RE2 does not have: lookaround, backreferences',
    },
    [`${list}[].match.range.start`]: { envoy: '`HeaderMatcher.range_match.start`, included' },
    [`${list}[].match.range.end`]: { envoy: '`HeaderMatcher.range_match.end`, not included' },
  };
}

/** Conditions on the path, the query and the method. */
export const requestMeanings: Meanings = {
  prefix: {
    envoy:
      '`RouteMatch.prefix`, or `:path` by `HeaderMatcher.string_match.prefix` behind a gateway route by regular expression',
    absent: 'every path',
  },
  'path.exact': { envoy: '`RouteMatch.path`; the query is not part of it', absent: 'as `prefix`' },
  'path.regex': {
    envoy: '`RouteMatch.safe_regex.regex`, over the whole path without its query',
    absent: 'as `prefix`',
    refused: 'what RE2 does not have: lookaround, backreferences',
  },
  'queryParameters[].name': {
    envoy: '`QueryParameterMatcher.name`, the first of that name; without a match `present_match`',
  },
  'queryParameters[].match.exact': { envoy: '`QueryParameterMatcher.string_match.exact`' },
  method: {
    envoy: '`HeaderMatcher` on `:method`; CONNECT as `RouteMatch.connect_matcher`',
    absent: 'every method',
    refused: 'CONNECT with another path than /: it has none',
  },
};

const targets: Meanings = {
  'action.weightedTargets[].virtualNode': {
    envoy: '`RouteAction.cluster`, or of several `WeightedCluster.clusters[].name`',
  },
  'action.weightedTargets[].weight': {
    envoy: '`WeightedCluster.clusters[].weight`; the proportion counts, whatever the sum, and 0 gets nothing',
    refused: 'all 0',
  },
  'action.weightedTargets[].port': {
    envoy: 'which listener of the node the cluster leads to',
    absent: "the node's only listener",
    refused: 'none where the node has several listeners, or one it does not have',
  },
};

const timeouts: Meanings = {
  'timeout.perRequest': {
    envoy: '`RouteAction.timeout`, all tries together, and a stream as a whole; 0 is no end',
    absent: '15 s',
  },
  'timeout.idle': { envoy: '`RouteAction.idle_timeout`; 0 is no end', absent: '300 s, by the listener' },
};

const byDefault =
  "App Mesh's default policy: 2 retries on connect-failure, refused-stream, reset, 503 and gRPC UNAVAILABLE";

const retries: Meanings = {
  'retryPolicy.perRetryTimeout': {
    envoy: '`RetryPolicy.per_try_timeout`, of the first try too; 0 is none',
    absent: byDefault,
  },
  'retryPolicy.maxRetries': {
    envoy: '`RetryPolicy.num_retries`, each to another host while there is one; 0 is no policy at all',
    absent: byDefault,
  },
  'retryPolicy.httpRetryEvents[]': {
    envoy:
      '`RetryPolicy.retry_on`: server-error is `retriable-status-codes` (its eleven codes) and `reset`, gateway-error is `gateway-error`, client-error `retriable-4xx`, stream-error `refused-stream`',
    absent: 'none of these',
  },
  'retryPolicy.tcpRetryEvents[]': {
    envoy: '`RetryPolicy.retry_on`: `connect-failure`',
    absent: 'none of these',
  },
};

const grpcRetries: Meanings = {
  'retryPolicy.grpcRetryEvents[]': {
    envoy:
      '`RetryPolicy.retry_on`: `cancelled`, `deadline-exceeded`, `internal`, `resource-exhausted`, `unavailable`, where the status comes in place of an answer',
    absent: 'none of these',
  },
};

const http: Meanings = {
  ...prefixed('match', {
    ...requestMeanings,
    scheme: {
      envoy: '`HeaderMatcher` on `:scheme`',
      absent: 'both',
      different: 'App Mesh compared it on HTTP/2 routes only; here on both',
    },
    ...headerMeanings('headers'),
  }),
  'match.port': {
    envoy: '`VirtualHost.domains` with that port, or the `Listener` of it where connections are redirected',
    absent: "the router's only listener",
    refused: 'none where the router has several listeners, or one it does not have',
  },
  ...targets,
  ...retries,
  ...timeouts,
};

const grpc: Meanings = {
  'match.serviceName': {
    envoy: '`RouteMatch.prefix` `/service/`, and `RouteMatch.grpc`',
    absent: 'every service',
  },
  'match.methodName': { envoy: '`RouteMatch.path` `/service/method`', absent: 'every method' },
  ...prefixed('match', headerMeanings('metadata')),
  'match.port': http['match.port'] as Meanings[string],
  ...targets,
  ...retries,
  ...grpcRetries,
  ...timeouts,
};

const tcp: Meanings = {
  'action.weightedTargets[].virtualNode': {
    envoy: '`TcpProxy.cluster`, or of several `TcpProxy.weighted_clusters.clusters[].name`',
  },
  'action.weightedTargets[].weight': {
    envoy:
      '`TcpProxy.weighted_clusters.clusters[].weight`; the proportion of connections counts, whatever the sum',
    refused: 'all 0',
  },
  'action.weightedTargets[].port': targets['action.weightedTargets[].port'] as Meanings[string],
  'timeout.idle': { envoy: '`TcpProxy.idle_timeout`; 0 is no end', absent: '300 s' },
  'match.port': {
    envoy: 'the `Listener` of that port',
    absent: "the router's only listener",
    refused: 'none where the router has several listeners, or one it does not have',
  },
};

/** Meanings below a member. */
export function prefixed(member: string, meanings: Meanings): Meanings {
  return Object.fromEntries(
    Object.entries(meanings).map(([path, meaning]) => [`${member}.${path}`, meaning]),
  );
}

/** Every field of a route. */
export const routeFields: readonly Field[] = [
  {
    path: 'route.priority',
    envoy:
      'the order of `VirtualHost.routes`: 0 first. What App Mesh leaves open is settled: exact paths, regular expressions, longer prefixes, more conditions, the name',
    absent: 'after every route that has one',
  },
  ...below('route.httpRoute', http),
  ...below('route.http2Route', http),
  ...below('route.grpcRoute', grpc),
  ...below('route.tcpRoute', tcp),
];
