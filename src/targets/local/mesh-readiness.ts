import { setTimeout as delay } from 'node:timers/promises';
import { meshIndex } from '../../mesh/mesh-index.ts';
import type { Plan } from '../../model/plan.ts';
import { expectAnswer, expectStatus } from './http-probe.ts';
import type { Address } from './process.ts';

const readyTimeout = 20_000;

/**
 * A path of the ingress whose answer shows that a service can be reached through the mesh: its health path, behind a
 * route that takes every path as it is. Undefined when the blueprint has no such route.
 */
function readinessPath({ mesh, compute }: Plan): string | undefined {
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

/** Ready is a platform whose ingress brings a request to a task and its answer back. @throws the last probe's error after 20 s */
export async function throughMesh(plan: Plan, ingress: Address): Promise<void> {
  const path = readinessPath(plan);
  const probe = path === undefined ? expectAnswer(ingress, '/') : expectStatus(ingress, path, 200);
  const deadline = performance.now() + readyTimeout;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await delay(50);
    }
  }
}
