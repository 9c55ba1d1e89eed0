import { milliseconds } from '../../mesh/duration.ts';
import type { VirtualRouter } from '../../mesh/mesh-resources.ts';
import type { RouteSpec } from '../../mesh/route.ts';
import { routeMembers, routeProtocol } from '../../mesh/route-kind.ts';
import type { MeshSection } from '../mesh.ts';
import type { Timeouts } from './timeout.ts';

/**
 * How long a node's listener waits for its app where the section says nothing: as long as the longest of the routes
 * that lead there, and of the ingress where it leads there itself. App Mesh would end every longer request after 15 s:
 * its user guide asks to raise the timeout of the listener together with the route's.
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/routes.html
 */
export function listenerTimeouts(
  { gateway, nodes }: MeshSection,
  routers: Readonly<Record<string, VirtualRouter>>,
): (node: string) => Timeouts {
  const found = new Map<string, number[]>();
  const note = (node: string, timeout: number) => found.set(node, [...(found.get(node) ?? []), timeout]);
  for (const { routes } of Object.values(routers)) {
    for (const spec of Object.values(routes)) {
      const timeout = requestTimeout(spec);
      if (timeout !== undefined) for (const node of nodesOf(spec)) note(node, timeout);
    }
  }
  for (const { node } of gateway.routes) if (node !== undefined) note(node, gateway.timeout);
  return (node) => {
    const timeouts = found.get(node) ?? [];
    const off = timeouts.includes(0);
    return timeouts.length === 0 || !nodes[node] ? {} : { perRequest: off ? 0 : Math.max(...timeouts) };
  };
}

function requestTimeout({ httpRoute, http2Route, grpcRoute }: RouteSpec): number | undefined {
  const { perRequest } = (httpRoute ?? http2Route ?? grpcRoute)?.timeout ?? {};
  return perRequest && milliseconds(perRequest);
}

function nodesOf(spec: RouteSpec): string[] {
  const protocol = routeProtocol(spec);
  const targets = protocol && spec[routeMembers[protocol]]?.action.weightedTargets;
  return (targets ?? []).map(({ virtualNode }) => virtualNode);
}
