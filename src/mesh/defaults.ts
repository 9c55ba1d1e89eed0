/** What App Mesh does where a document says nothing; each default once, with its page. Durations are milliseconds. */
export const defaults = {
  /** A request with all its tries: https://docs.aws.amazon.com/app-mesh/latest/userguide/route-http.html */
  requestTimeout: 15_000,
  /** A stream or connection without traffic: https://docs.aws.amazon.com/app-mesh/latest/userguide/route-http.html */
  idleTimeout: 300_000,
  /**
   * A route without a retry policy, and a virtual service that a node provides itself. `reset` counts as well.
   * https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-defaults.html#default-retry-policy
   */
  retry: {
    maxRetries: 2,
    retryOn: ['connect-failure', 'refused-stream', 'unavailable', 'reset', 'retriable-status-codes'],
    statusCodes: [503],
  },
  /**
   * Each limit of a circuit breaker that no connection pool states: in effect none.
   * https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-defaults.html#default-circuit-breaker
   */
  circuitBreaker: 2_147_483_647,
  /** https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_EgressFilter.html */
  egressFilter: 'DROP_ALL',
  /** https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_DnsServiceDiscovery.html */
  dnsResponseType: 'LOADBALANCER',
  /** Of names in DNS: https://docs.aws.amazon.com/app-mesh/latest/userguide/virtual_nodes.html */
  dnsIpPreference: 'IPv6_PREFERRED',
  /** Of services in Cloud Map: https://docs.aws.amazon.com/app-mesh/latest/userguide/virtual_nodes.html */
  cloudMapIpPreference: 'IPv4_PREFERRED',
  /** https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_ClientPolicyTls.html */
  enforceTls: true,
} as const;
