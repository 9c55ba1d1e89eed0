import type { MeshResources } from '../../../model/mesh/resources.ts';
import type { RouteSpec } from '../../../model/mesh/route.ts';
import { routeMembers, routeProtocol } from '../../../model/mesh/route-kind.ts';

/** Resources under names the platform can have, and what was renamed. */
export interface Renamed {
  readonly resources: MeshResources;
  readonly notes: readonly string[];
}

/** Longest name of the platform. */
const longest = 64;

/**
 * Gives nodes and gateways names the platform can have: letters, digits and hyphens, no name twice, because each is
 * an identity.
 */
export function withPlatformNames(resources: MeshResources): Renamed {
  const taken = new Set<string>();
  const nodes = new Map(Object.keys(resources.virtualNodes).map((name) => [name, nameFor(name, taken)]));
  const gateways = new Map(
    Object.keys(resources.virtualGateways).map((name) => [name, nameFor(name, taken)]),
  );
  const mesh = nameFor(resources.name, new Set());
  const renamed = [...nodes, ...gateways, [resources.name, mesh] as const].filter(
    ([from, to]) => from !== to,
  );
  const nodeName = (name: string) => nodes.get(name) ?? name;
  return {
    resources: {
      ...resources,
      name: mesh,
      virtualNodes: mapped(resources.virtualNodes, nodeName, (node) => node),
      virtualGateways: mapped(
        resources.virtualGateways,
        (name) => gateways.get(name) ?? name,
        (gateway) => gateway,
      ),
      virtualServices: mapped(
        resources.virtualServices,
        (name) => name,
        ({ provider }) => {
          if (!provider?.virtualNode) return provider ? { provider } : {};
          const { virtualNodeName } = provider.virtualNode;
          return { provider: { virtualNode: { virtualNodeName: nodeName(virtualNodeName) } } };
        },
      ),
      virtualRouters: mapped(
        resources.virtualRouters,
        (name) => name,
        ({ spec, routes }) => ({
          spec,
          routes: mapped(
            routes,
            (name) => name,
            (route) => withTargets(route, nodeName),
          ),
        }),
      ),
    },
    notes: renamed.map(([from, to]) => `${from} is called ${to} here.`),
  };
}

function withTargets(route: RouteSpec, nodeName: (name: string) => string): RouteSpec {
  const protocol = routeProtocol(route);
  if (protocol === undefined) return route;
  const member = routeMembers[protocol];
  const { action } = route[member] ?? { action: { weightedTargets: [] } };
  const weightedTargets = action.weightedTargets.map((target) => ({
    ...target,
    virtualNode: nodeName(target.virtualNode),
  }));
  return { ...route, [member]: { ...route[member], action: { ...action, weightedTargets } } };
}

function nameFor(name: string, taken: Set<string>): string {
  const plain =
    name
      .replace(/[^A-Za-z0-9-]+/g, '-')
      .replace(/^[^A-Za-z]+/, '')
      .slice(0, longest) || 'unnamed';
  let free = plain;
  for (let number = 2; taken.has(free); number += 1) {
    free = `${plain.slice(0, longest - 1 - String(number).length)}-${number}`;
  }
  taken.add(free);
  return free;
}

function mapped<Value, Result>(
  record: Readonly<Record<string, Value>>,
  nameOf: (name: string) => string,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [nameOf(name), change(value)]));
}
