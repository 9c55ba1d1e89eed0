import type { VirtualServiceSpec } from '../../mesh/virtual-service.ts';
import type { MeshSection } from '../mesh.ts';

/** The virtual services of a section, and which one stands for a node. */
export interface Services {
  readonly all: Readonly<Record<string, VirtualServiceSpec>>;
  /** The virtual service that a node provides itself. */
  readonly of: (node: string) => string;
}

/**
 * The virtual services of a section: those under `services`, those that routers name, and one for each node that a
 * gateway's route leads straight to, under the node's host name where no other has it.
 */
export function servicesOf(section: MeshSection): Services {
  const all: Record<string, VirtualServiceSpec> = {};
  const ofNode = new Map<string, string>();
  for (const [name, { router, node }] of Object.entries(section.services)) {
    all[name] = node !== undefined ? byNode(node) : router !== undefined ? byRouter(router) : {};
    if (node !== undefined && !ofNode.has(node)) ofNode.set(node, name);
  }
  for (const [router, { virtualService }] of Object.entries(section.routers)) {
    if (virtualService !== undefined) all[virtualService] = byRouter(router);
  }
  for (const gateway of [section.gateway, ...Object.values(section.gateways)]) {
    for (const { node } of gateway.routes) {
      if (node === undefined || ofNode.has(node) || !Object.hasOwn(section.nodes, node)) continue;
      const name = freeName(section, node, all);
      ofNode.set(node, name);
      all[name] = byNode(node);
    }
  }
  return { all, of: (node) => ofNode.get(node) ?? node };
}

function byNode(node: string): VirtualServiceSpec {
  return { provider: { virtualNode: { virtualNodeName: node } } };
}

function byRouter(router: string): VirtualServiceSpec {
  return { provider: { virtualRouter: { virtualRouterName: router } } };
}

function freeName(section: MeshSection, node: string, taken: Readonly<Record<string, unknown>>): string {
  const { hostname, serviceDiscovery } = section.nodes[node] ?? {};
  let name = hostname ?? serviceDiscovery?.dns?.hostname ?? `${node}.${section.name}`;
  while (Object.hasOwn(taken, name)) name = `${node}.${name}`;
  return name;
}
