import { fullTries } from '../../mesh/full-tries.ts';
import type { MeshPlan } from '../../mesh/mesh-plan.ts';
import type { MeshResources } from '../../mesh/mesh-resources.ts';
import type { MeshSection } from '../mesh.ts';
import { expandGateway } from './gateway.ts';
import { listenerTimeouts } from './listener-timeouts.ts';
import { mapValues } from './map-values.ts';
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
    limits: mapValues(section.nodes, ({ connectionPool }) => connectionPool),
    gateway: { name: gateway.name, retry: gateway.retry, timeout: gateway.timeout },
    fullTries: mapValues(resources.virtualRouters, ({ routes }) => mapValues(routes, fullTries)),
  };
}

function expandResources(section: MeshSection): MeshResources {
  const routers = mapValues(section.routers, expandRouter);
  const services = servicesOf(section);
  const timeouts = listenerTimeouts(section, routers);
  const gateways = { [section.gateway.name]: section.gateway, ...section.gateways };
  return {
    name: section.name,
    spec: {
      egressFilter: { type: section.egressFilter },
      ...(section.ipPreference ? { serviceDiscovery: { ipPreference: section.ipPreference } } : {}),
    },
    virtualNodes: mapValues(section.nodes, (node, name) => expandNode(node, timeouts(name))),
    virtualServices: services.all,
    virtualRouters: routers,
    virtualGateways: mapValues(gateways, (gateway) =>
      expandGateway(gateway, ({ node, service }) => service ?? services.of(node ?? '')),
    ),
  };
}
