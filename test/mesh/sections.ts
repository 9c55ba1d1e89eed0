/** Host name of the called service. */
export const backend = 'catalog.local';

/** A mesh section of two nodes and a gateway, with times short enough for a test. */
export function section({
  retries = 3,
  pool = {},
  ejection = { maxServerErrors: 5, interval: '50ms', baseEjectionDuration: '500ms' },
}: {
  retries?: number;
  pool?: object;
  ejection?: object | false;
} = {}) {
  const listener = { port: 8080, protocol: 'http' };
  return {
    name: 'mesh',
    nodes: {
      entities: { hostname: 'entities.local', listener, backends: [backend] },
      catalog: {
        hostname: backend,
        listener,
        connectionPool: pool,
        ...(ejection ? { outlierDetection: ejection } : {}),
      },
      stranger: { hostname: 'stranger.local', listener },
    },
    routers: {
      'catalog-router': {
        virtualService: backend,
        listener,
        routes: [
          {
            name: 'catalog-route',
            match: { prefix: '/' },
            targets: [{ node: 'catalog', weight: 1 }],
            retry: { maxRetries: retries, perRetryTimeout: '1s', httpRetryEvents: ['server-error'] },
          },
        ],
      },
    },
    gateway: {
      name: 'ingress',
      listener,
      routes: [{ prefix: '/', node: 'entities' }],
      retry: {
        maxRetries: 2,
        perRetryTimeout: '4100ms',
        httpRetryEvents: ['stream-error'],
        tcpRetryEvents: ['connection-error'],
      },
    },
  };
}
