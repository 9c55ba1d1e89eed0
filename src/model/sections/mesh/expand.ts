import { fullTries } from '../../mesh/full-tries.ts';
import type { MeshPlan } from '../../mesh/mesh-plan.ts';
import type { MeshResources } from '../../mesh/mesh-resources.ts';
import type { MeshSection } from '../mesh.ts';
import { expandGateway } from './gateway.ts';
import { listenerTimeouts } from './listener-timeouts.ts';
import { expandNode } from './node.ts';
import { expandRouter } from './router.ts';
import { servicesOf } from './services.ts';

/** Spells out the mesh section: every short form in App Mesh's terms, and Strata's additions beside them. */
export function expandMesh(section: MeshSection): MeshPlan {
  const { gateway, mutualTls, panicThreshold } = section;
  const resources = expandResources(section);
  return {
    resources,
    mutualTls,
    panicThreshold,
    limits: mapped(section.nodes, ({ connectionPool }) => connectionPool),
    gateway: { name: gateway.name, retry: gateway.retry, timeout: gateway.timeout },
    fullTries: mapped(resources.virtualRouters, ({ routes }) => mapped(routes, fullTries)),
  };
}

function expandResources(section: MeshSection): MeshResources {
  const routers = mapped(section.routers, expandRouter);
  const services = servicesOf(section);
  const timeouts = listenerTimeouts(section, routers);
  const gateways = { [section.gateway.name]: section.gateway, ...section.gateways };
  return {
    name: section.name,
    spec: {
      egressFilter: { type: section.egressFilter },
      ...(section.ipPreference ? { serviceDiscovery: { ipPreference: section.ipPreference } } : {}),
    },
    virtualNodes: mapped(section.nodes, (node, name) => expandNode(node, timeouts(name))),
    virtualServices: services.all,
    virtualRouters: routers,
    virtualGateways: mapped(gateways, (gateway) =>
      expandGateway(gateway, ({ node, service }) => service ?? services.of(node ?? '')),
    ),
  };
}

function mapped<Value, Result>(
  record: Readonly<Record<string, Value>>,
  change: (value: Value, name: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
