import type { MeshPlan } from '../model/mesh/mesh-plan.ts';
import type { MeshDefinition } from './definition.ts';
import { withMutualTls } from './mutual-tls.ts';

/** Slow enough for a line in the access log though it succeeded. Milliseconds. */
const slow = 1_000;

/**
 * The mesh of a plan as the platform runs it, the same wherever that is. All proxies are its own: they speak HTTP/2
 * and TLS 1.3 to each other, a request has been named and cleaned before it comes in, and nobody may hold a
 * connection by sending nothing.
 * @param earlier what running proxies still have: its callers are let in too, so that none is refused on the way
 */
export function platformMesh(plan: MeshPlan, earlier: MeshPlan = plan): MeshDefinition {
  const { resources, mutualTls, panicThreshold, limits, gateway } = plan;
  const mesh: MeshDefinition = {
    ...resources,
    policy: {
      panicThreshold,
      limits,
      applicationLimits: { maxConnections: 1024, maxPendingRequests: 4096, maxRequests: 4096 },
      gateways: { [gateway.name]: { retry: gateway.retry, timeout: gateway.timeout } },
      requestTimeout: 30_000,
      idleTimeout: 30_000,
      transport: 'http2',
      transparent: true,
      accessLog: { slow },
    },
  };
  return mutualTls ? withMutualTls(mesh, trustDomainOf(resources.name), earlier.resources) : mesh;
}

/** The trust domain of a mesh's proxies: its name, in the lower case that SPIFFE asks for. */
export function trustDomainOf(mesh: string): string {
  return mesh.toLowerCase();
}
