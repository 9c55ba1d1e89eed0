import type { MeshResources } from '../../src/model/mesh/mesh-resources.ts';

/** How many virtual services each node lists as backends, and over how many nodes a route splits. */
const fanOut = { backends: 5, targets: 2 } as const;

/** Name of the n-th node, counted around. */
export function nodeName(index: number, nodes: number): string {
  return `node-${String(index % nodes).padStart(5, '0')}`;
}

/**
 * A mesh of nodes with health checks, ejection and limits, a virtual service and a route each with retries and
 * timeouts. Node n calls the services n+1 … n+5; the service n is split over the nodes n and n+1.
 */
export function largeMesh(nodes: number): MeshResources {
  const indices = Array.from({ length: nodes }, (_, index) => index);
  const name = (index: number) => nodeName(index, nodes);
  const serviceName = (index: number) => `${name(index)}.large.local`;
  const portMapping = { port: 8080, protocol: 'http' } as const;
  return {
    name: 'large',
    spec: { egressFilter: { type: 'DROP_ALL' } },
    virtualNodes: Object.fromEntries(
      indices.map((index) => [
        name(index),
        {
          serviceDiscovery: { dns: { hostname: serviceName(index) } },
          listeners: [
            {
              portMapping,
              healthCheck: {
                protocol: 'http',
                path: '/health',
                intervalMillis: 5000,
                timeoutMillis: 2000,
                healthyThreshold: 2,
                unhealthyThreshold: 2,
              },
              connectionPool: { http: { maxConnections: 100, maxPendingRequests: 100 } },
              outlierDetection: {
                maxServerErrors: 5,
                interval: { unit: 's', value: 10 },
                baseEjectionDuration: { unit: 's', value: 30 },
                maxEjectionPercent: 50,
              },
            },
          ],
          backends: Array.from({ length: fanOut.backends }, (_, offset) => ({
            virtualService: { virtualServiceName: serviceName(index + 1 + offset) },
          })),
        },
      ]),
    ),
    virtualServices: Object.fromEntries(
      indices.map((index) => [
        serviceName(index),
        { provider: { virtualRouter: { virtualRouterName: `router-${index}` } } },
      ]),
    ),
    virtualRouters: Object.fromEntries(
      indices.map((index) => [
        `router-${index}`,
        {
          spec: { listeners: [{ portMapping }] },
          routes: {
            all: {
              httpRoute: {
                match: { prefix: '/' },
                action: {
                  weightedTargets: Array.from({ length: fanOut.targets }, (_, offset) => ({
                    virtualNode: name(index + offset),
                    weight: 50,
                  })),
                },
                retryPolicy: {
                  maxRetries: 2,
                  perRetryTimeout: { unit: 's', value: 2 },
                  httpRetryEvents: ['server-error', 'gateway-error'],
                  tcpRetryEvents: ['connection-error'],
                },
                timeout: { perRequest: { unit: 's', value: 10 } },
              },
            },
          },
        },
      ]),
    ),
    virtualGateways: {},
  };
}

/** The nodes that the configuration of the n-th node's proxy has to name, sorted: itself, its callees and its callers. */
export function knownTo(index: number, nodes: number): string[] {
  const farthest = fanOut.backends + fanOut.targets - 1;
  const distances = Array.from({ length: 2 * farthest + 1 }, (_, offset) => offset - farthest);
  return distances.map((distance) => nodeName(index + distance + nodes, nodes)).sort();
}
