import { below, type Field } from './field.ts';
import { loggingFields } from './logging-fields.ts';
import { clientPolicyFields, listenerTlsFields } from './tls-fields.ts';

const families = '`Cluster.dns_lookup_family`: V4_ONLY, V4_PREFERRED, V6_ONLY, or AUTO, which prefers IPv6';

const discovery: readonly Field[] = below('virtualNode.serviceDiscovery', {
  'dns.hostname': {
    envoy:
      '`ClusterLoadAssignment…SocketAddress.address` of its callers, `UpstreamTlsContext.sni`, and the Host of health checks',
  },
  'dns.responseType': {
    envoy: '`Cluster.type`: LOADBALANCER is LOGICAL_DNS, ENDPOINTS is STRICT_DNS',
    absent: 'LOADBALANCER',
  },
  'dns.ipPreference': { envoy: families, absent: "the mesh's, else IPv6_PREFERRED" },
  'awsCloudMap.namespaceName': {
    envoy:
      '`ClusterLoadAssignment…SocketAddress.address`: `<service>.<namespace>`, `Cluster.type` STRICT_DNS',
    different:
      'App Mesh asked Cloud Map itself and told proxies by EDS; here the namespace has to be one with DNS',
  },
  'awsCloudMap.serviceName': { envoy: 'as `namespaceName`' },
  'awsCloudMap.attributes[].key': {
    envoy: '`Cluster.type` EDS, from a file that the operator keeps; `environment.json` says the attributes',
    absent: 'every instance',
    different:
      'DNS cannot tell instances apart by attributes, so their addresses are listed by hand or by a program',
  },
  'awsCloudMap.attributes[].value': { envoy: 'as `key`' },
  'awsCloudMap.ipPreference': { envoy: families, absent: "the mesh's, else IPv4_PREFERRED" },
});

const routeTimeout = '`RouteAction.timeout` of the route to the app';
const streamIdle = '`RouteAction.idle_timeout` of the route to the app';

const timeouts: readonly Field[] = [
  ...['http', 'http2', 'grpc'].flatMap((protocol) =>
    below(`virtualNode.listeners[].timeout.${protocol}`, {
      perRequest: { envoy: `${routeTimeout}; 0 is no end`, absent: '15 s' },
      idle: { envoy: `${streamIdle}; 0 is no end`, absent: '300 s' },
    }),
  ),
  ...below('virtualNode.listeners[].timeout.tcp', {
    idle: { envoy: '`TcpProxy.idle_timeout` of the way to the app; 0 is no end', absent: '300 s' },
  }),
];

const callersCheck = 'in the clusters of its callers';

const health: readonly Field[] = below('virtualNode.listeners[].healthCheck', {
  timeoutMillis: { envoy: `\`HealthCheck.timeout\` ${callersCheck}` },
  intervalMillis: {
    envoy:
      '`HealthCheck.interval`, `no_traffic_interval` and `no_traffic_healthy_interval`, with 10% of jitter',
  },
  port: {
    envoy: 'the port of the endpoint itself',
    absent: "the listener's port",
    refused: "another port than the listener's, as App Mesh's reference has it",
  },
  path: {
    envoy: '`HttpHealthCheck.path`',
    absent: 'of no meaning but for http and http2',
    refused: 'http and http2 without one',
  },
  healthyThreshold: { envoy: '`HealthCheck.healthy_threshold`' },
  unhealthyThreshold: { envoy: '`HealthCheck.unhealthy_threshold`' },
  protocol: {
    envoy:
      '`HealthCheck.http_health_check` (`codec_client_type` HTTP1 or HTTP2), `grpc_health_check` or `tcp_health_check`',
    refused: 'grpc on a listener of http or tcp: gRPC needs HTTP/2',
  },
});

const outliers: readonly Field[] = below('virtualNode.listeners[].outlierDetection', {
  maxServerErrors: {
    envoy: '`OutlierDetection.consecutive_5xx` in the clusters of its callers, and no other detector',
  },
  interval: { envoy: '`OutlierDetection.interval`', refused: '0, by Envoy' },
  baseEjectionDuration: {
    envoy: '`OutlierDetection.base_ejection_time`',
    different:
      'a host that fails again stays out for at most three times as long; Envoy would go on to 300 s',
    refused: '0, by Envoy',
  },
  maxEjectionPercent: { envoy: '`OutlierDetection.max_ejection_percent`, with `always_eject_one_host`' },
});

const appLimits = 'of the cluster of its own app';
const noLimit = '2147483647: no limit';

const pools: readonly Field[] = below('virtualNode.listeners[].connectionPool', {
  'http.maxConnections': {
    envoy: `\`CircuitBreakers.Thresholds.max_connections\` ${appLimits}`,
    absent: noLimit,
  },
  'http.maxPendingRequests': {
    envoy: `\`CircuitBreakers.Thresholds.max_pending_requests\` ${appLimits}; what exceeds it is answered 503`,
    absent: noLimit,
  },
  'http2.maxRequests': { envoy: `\`CircuitBreakers.Thresholds.max_requests\` ${appLimits}`, absent: noLimit },
  'grpc.maxRequests': { envoy: `\`CircuitBreakers.Thresholds.max_requests\` ${appLimits}`, absent: noLimit },
  'tcp.maxConnections': {
    envoy: `\`CircuitBreakers.Thresholds.max_connections\` ${appLimits}`,
    absent: noLimit,
  },
});

/** Every field of a virtual node. */
export const nodeFields: readonly Field[] = [
  ...discovery,
  ...below('virtualNode.listeners[].portMapping', {
    port: {
      envoy: '`Listener.address` of its sidecar, and the port of the endpoint in the clusters of its callers',
      different:
        'nothing redirects connections (unless asked): the sidecar listens on this port itself, and the app on another',
    },
    protocol: {
      envoy:
        '`HttpConnectionManager` or, for tcp, `TcpProxy`; `HttpProtocolOptions.explicit_http_config` towards the app and by its callers: HTTP/1.1 for http, HTTP/2 for http2 and grpc. Both are understood (`codec_type` AUTO)',
    },
  }),
  ...listenerTlsFields('virtualNode.listeners[].tls'),
  ...health,
  ...timeouts,
  ...outliers,
  ...pools,
  {
    path: 'virtualNode.backends[].virtualService.virtualServiceName',
    envoy:
      "`VirtualHost.domains` of its sidecar's egress listener, and the clusters behind; over TCP a `Listener` of its own",
    absent: 'it calls nobody in the mesh',
    different:
      'the app sends its calls to the egress listener, with the name as the Host; a host that is no backend is answered 502 where the egress filter lets nothing out',
  },
  ...clientPolicyFields('virtualNode.backends[].virtualService.clientPolicy'),
  ...clientPolicyFields('virtualNode.backendDefaults.clientPolicy'),
  ...loggingFields('virtualNode.logging'),
];
