import type { MeshResources } from '../../mesh/mesh-resources.ts';
import type { MeshSectionInput } from '../mesh.ts';
import { foldGateway } from './gateway.ts';
import { mapValues } from './map-values.ts';
import { foldNode } from './node.ts';
import { foldRouter } from './router.ts';

/** What the blueprint's ingress has and App Mesh's gateways have not: how it repeats and bounds requests. */
export type Ingress = Pick<MeshSectionInput['gateway'], 'name' | 'retry' | 'timeout'>;

/**
 * The mesh section that stands for some resources: `expandMesh` of it gives them back, durations in their simplest
 * unit. Certificates stay what the resources say (`mutualTls: false`). Names of nodes and gateways must already be
 * names of the platform, and one of the gateways is the ingress.
 */
export function foldMesh(resources: MeshResources, ingress: Ingress): MeshSectionInput {
  const { spec, virtualNodes, virtualServices, virtualRouters, virtualGateways } = resources;
  const { [ingress.name]: own, ...others } = mapValues(virtualGateways, foldGateway);
  const ownService = ownServices(resources);
  const ipPreference = spec.serviceDiscovery?.ipPreference;
  return {
    name: resources.name,
    egressFilter: spec.egressFilter?.type ?? 'DROP_ALL',
    ...(ipPreference ? { ipPreference } : {}),
    mutualTls: false,
    nodes: mapValues(virtualNodes, foldNode),
    ...optional('services', foldServices(virtualServices, new Set(ownService.values()))),
    routers: mapValues(virtualRouters, (router, name) => {
      const virtualService = ownService.get(name);
      return { ...(virtualService === undefined ? {} : { virtualService }), ...foldRouter(router) };
    }),
    gateway: { routes: [], ...own, ...ingress },
    ...optional('gateways', others),
  };
}

/** The first virtual service of each router that provides any: the one the router names itself. */
function ownServices({ virtualServices, virtualRouters }: MeshResources): ReadonlyMap<string, string> {
  const own = new Map<string, string>();
  for (const [service, { provider }] of Object.entries(virtualServices)) {
    const router = provider?.virtualRouter?.virtualRouterName;
    if (router === undefined || own.has(router) || !Object.hasOwn(virtualRouters, router)) continue;
    own.set(router, service);
  }
  return own;
}

function foldServices(services: MeshResources['virtualServices'], named: ReadonlySet<string>) {
  const entries = Object.entries(services).filter(([name]) => !named.has(name));
  return Object.fromEntries(
    entries.map(([name, { provider }]) => {
      const node = provider?.virtualNode?.virtualNodeName;
      const router = provider?.virtualRouter?.virtualRouterName;
      return [name, { ...(node === undefined ? {} : { node }), ...(router === undefined ? {} : { router }) }];
    }),
  );
}

function optional<Name extends string, Value extends object>(name: Name, record: Value) {
  return (Object.keys(record).length === 0 ? {} : { [name]: record }) as { [Key in Name]?: Value };
}
