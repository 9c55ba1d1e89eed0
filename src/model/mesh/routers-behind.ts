import type { MeshResources } from './mesh-resources.ts';
import { routeMembers, routeProtocol } from './route-kind.ts';

/** Virtual routers that a request through a gateway may pass: those of its services, of their backends, and so on. */
export function routersBehind(resources: MeshResources, gateway: string): ReadonlySet<string> {
  const routers = new Set<string>();
  const nodes = new Set<string>();
  const pending = gatewayServices(resources, gateway);
  for (let service = pending.pop(); service !== undefined; service = pending.pop()) {
    const { virtualNode, virtualRouter } = resources.virtualServices[service]?.provider ?? {};
    const router = virtualRouter?.virtualRouterName;
    if (router !== undefined) routers.add(router);
    const reached = router === undefined ? [virtualNode?.virtualNodeName] : routerNodes(resources, router);
    for (const node of reached) {
      if (node === undefined || nodes.has(node)) continue;
      nodes.add(node);
      for (const { virtualService } of resources.virtualNodes[node]?.backends ?? []) {
        if (virtualService) pending.push(virtualService.virtualServiceName);
      }
    }
  }
  return routers;
}

function gatewayServices({ virtualGateways }: MeshResources, gateway: string): string[] {
  return Object.values(virtualGateways[gateway]?.gatewayRoutes ?? {}).flatMap((spec) => {
    const protocol = routeProtocol(spec);
    const target = protocol && protocol !== 'tcp' && spec[routeMembers[protocol]]?.action.target;
    return target ? [target.virtualService.virtualServiceName] : [];
  });
}

function routerNodes({ virtualRouters }: MeshResources, router: string): string[] {
  return Object.values(virtualRouters[router]?.routes ?? {}).flatMap((spec) => {
    const protocol = routeProtocol(spec);
    const targets = protocol && spec[routeMembers[protocol]]?.action.weightedTargets;
    return (targets ?? []).map(({ virtualNode }) => virtualNode);
  });
}
