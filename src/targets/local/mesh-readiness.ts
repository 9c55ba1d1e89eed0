import { meshIndex } from '../../mesh/mesh-index.ts';
import type { Plan } from '../../model/plan.ts';

/**
 * A path of the ingress whose answer shows that a service can be reached through the mesh: its health path, behind a
 * route that takes every path as it is. Undefined when the blueprint has no such route.
 */
export function readinessPath({ mesh, compute }: Plan): string | undefined {
  const { services } = meshIndex(mesh.resources);
  const routes = mesh.resources.virtualGateways[mesh.gateway.name]?.gatewayRoutes ?? {};
  for (const { httpRoute } of Object.values(routes)) {
    const { prefix, ...conditions } = httpRoute?.match ?? {};
    const plain = Object.values(conditions).every((condition) => condition === undefined);
    if (!httpRoute || prefix !== '/' || !plain) continue;
    const target = services.get(httpRoute.action.target.virtualService.virtualServiceName)?.targets[0];
    const path = target && compute.services[target.node]?.health.path;
    if (path !== undefined) return path;
  }
  return undefined;
}
