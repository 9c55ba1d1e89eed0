import type { MeshDefinition } from '../../src/mesh/definition.ts';
import { platformMesh } from '../../src/mesh/platform-mesh.ts';
import type { MeshResources } from '../../src/model/mesh/mesh-resources.ts';

/** The virtual service that is called. */
export const service = 'callee.local';

/** Resources as the platform runs them: mutual TLS on every hop, and all that it adds to App Mesh. */
export function asPlatform(resources: MeshResources): MeshDefinition {
  return platformMesh({
    resources,
    mutualTls: true,
    panicThreshold: 0,
    limits: {},
    gateway: {
      name: 'none',
      retry: { maxRetries: 0, perRetryTimeout: 1000, httpRetryEvents: [], tcpRetryEvents: [] },
      timeout: 1000,
    },
    fullTries: {},
  });
}

/** Two nodes, one calling the other, with retries and a timeout as a service of the platform has them. */
export const pairResources: MeshResources = {
  name: 'bench',
  spec: {},
  virtualNodes: {
    caller: { backends: [{ virtualService: { virtualServiceName: service } }] },
    callee: {
      serviceDiscovery: { dns: { hostname: service } },
      listeners: [{ portMapping: { port: 8080, protocol: 'http' } }],
    },
  },
  virtualServices: { [service]: { provider: { virtualRouter: { virtualRouterName: 'router' } } } },
  virtualRouters: {
    router: {
      spec: { listeners: [{ portMapping: { port: 8080, protocol: 'http' } }] },
      routes: {
        all: {
          httpRoute: {
            match: { prefix: '/' },
            action: { weightedTargets: [{ virtualNode: 'callee', weight: 100 }] },
            retryPolicy: {
              maxRetries: 3,
              perRetryTimeout: { unit: 's', value: 2 },
              httpRetryEvents: ['server-error', 'gateway-error'],
            },
            timeout: { perRequest: { unit: 's', value: 4 } },
          },
        },
      },
    },
  },
  virtualGateways: {},
};
