import { below, type Field, type Meanings } from './field.ts';
import { loggingFields } from './logging-fields.ts';
import { headerMeanings, prefixed, requestMeanings } from './route-fields.ts';
import { clientPolicyFields, listenerTlsFields } from './tls-fields.ts';

const unchecked =
  'no proxy of the mesh calls a gateway: who does (a load balancer, Kubernetes) checks it, by its own settings';

const behind =
  'of a cluster inside of the gateway that all its requests pass, so that it holds for all backends together';
const noLimit = '2147483647: no limit';

/** Every field of a virtual gateway. */
export const gatewayFields: readonly Field[] = [
  ...clientPolicyFields('virtualGateway.backendDefaults.clientPolicy'),
  ...below('virtualGateway.listeners[].portMapping', {
    port: { envoy: '`Listener.address`' },
    protocol: {
      envoy:
        '`CommonTlsContext.alpn_protocols`: `h2` alone for http2 and grpc; with a connection pool `HttpProtocolOptions.explicit_http_config` inside. Without TLS a client is understood by its first bytes (`HttpConnectionManager.codec_type` AUTO)',
    },
  }),
  ...listenerTlsFields('virtualGateway.listeners[].tls'),
  ...[
    'timeoutMillis',
    'intervalMillis',
    'port',
    'path',
    'healthyThreshold',
    'unhealthyThreshold',
    'protocol',
  ].map((member) => ({
    path: `virtualGateway.listeners[].healthCheck.${member}`,
    envoy: '',
    unused: unchecked,
  })),
  ...below('virtualGateway.listeners[].connectionPool', {
    'http.maxConnections': {
      envoy: `\`CircuitBreakers.Thresholds.max_connections\` ${behind}`,
      absent: noLimit,
    },
    'http.maxPendingRequests': {
      envoy: `\`CircuitBreakers.Thresholds.max_pending_requests\` ${behind}`,
      absent: noLimit,
    },
    'http2.maxRequests': { envoy: `\`CircuitBreakers.Thresholds.max_requests\` ${behind}`, absent: noLimit },
    'grpc.maxRequests': { envoy: `\`CircuitBreakers.Thresholds.max_requests\` ${behind}`, absent: noLimit },
  }),
  ...loggingFields('virtualGateway.logging'),
];

const common: Meanings = {
  'match.hostname.exact': {
    envoy: '`VirtualHost.domains`',
    absent: 'every host',
    refused: "a '*': a suffix says what others use it for",
  },
  'match.hostname.suffix': {
    envoy: '`VirtualHost.domains`: `*` and the suffix, and the suffix itself',
    absent: 'every host',
    refused: "a '*'",
  },
  'match.port': {
    envoy: 'the `Listener` whose `RouteConfiguration` the route is in',
    absent: "the gateway's only listener",
    refused: 'none where the gateway has several listeners, or one it does not have',
  },
  'action.target.virtualService.virtualServiceName': {
    envoy:
      'a `Route` for each route of the virtual service, whose conditions are joined with those of the gateway route; a request that none of them takes is answered 404',
    different:
      "App Mesh's gateway sent a request to itself a second time for the virtual service's routes; here it goes straight to a node",
    refused: 'conditions of both that Envoy cannot join, such as two regular expressions for the path',
  },
  'action.target.port': {
    envoy: "which of the virtual service's routes those are: by the port of its provider",
    absent: "the provider's only listener",
    refused: 'none where the provider has several listeners, or one it does not have',
  },
  'action.rewrite.hostname.defaultTargetHostname': {
    envoy: '`RouteAction.host_rewrite_literal`: the name of the virtual service; DISABLED: none',
    absent: 'ENABLED',
  },
};

const http: Meanings = {
  ...prefixed('match', { ...requestMeanings, ...headerMeanings('headers') }),
  ...common,
  'action.rewrite.prefix.defaultPrefix': {
    envoy: '`RouteAction.regex_rewrite`: the matched prefix becomes `/`; DISABLED: none',
    absent: 'ENABLED, for a route that matches by prefix',
  },
  'action.rewrite.prefix.value': {
    envoy: '`RouteAction.regex_rewrite`: the matched prefix becomes the value',
    refused: 'one that does not begin and end in /, as by the controller for Kubernetes',
  },
  'action.rewrite.path.exact': {
    envoy: '`RouteAction.regex_rewrite` of the whole path; the query stays',
    absent: 'the path stays',
  },
};

const grpc: Meanings = {
  'match.serviceName': {
    envoy: '`RouteMatch.prefix` `/service/`, and `RouteMatch.grpc`',
    absent: 'every service',
  },
  ...prefixed('match', headerMeanings('metadata')),
  ...common,
};

/** Every field of a gateway route. */
export const gatewayRouteFields: readonly Field[] = [
  {
    path: 'gatewayRoute.priority',
    envoy:
      'the order of `VirtualHost.routes`: 0 first. What App Mesh leaves open is settled: whole host names, longer suffixes, then as for routes (longest prefix first)',
    absent: 'after every route that has one',
  },
  ...below('gatewayRoute.httpRoute', http),
  ...below('gatewayRoute.http2Route', http),
  ...below('gatewayRoute.grpcRoute', grpc),
];
