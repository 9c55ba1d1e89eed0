import { spiffeId } from '../kernel/spiffe.ts';
import type { Mesh } from './mesh.ts';

/**
 * SPIFFE ids that may call a node: of every node that lists a virtual service routed to it as a backend,
 * and of the virtual gateway when one of its routes leads there. Sorted, so that files do not change needlessly.
 */
export function callersOf(mesh: Mesh, node: string, trustDomain: string): string[] {
  const services = new Set(
    Object.values(mesh.routers)
      .filter((router) => router.routes.some((route) => route.targets.some((target) => target.node === node)))
      .map((router) => router.virtualService),
  );
  const names = Object.entries(mesh.nodes)
    .filter(([, { backends }]) => backends.some((backend) => services.has(backend)))
    .map(([name]) => name);
  if (mesh.gateway.routes.some((route) => route.node === node)) names.push(mesh.gateway.name);
  return names.map((name) => spiffeId(trustDomain, name)).sort();
}
