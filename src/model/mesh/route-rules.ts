import { type LocatedMistake, located } from '../mistake.ts';
import { choiceMistakes, chosenListener, portsOf, routeListenerMistakes } from './listener-rules.ts';
import type { MeshResources, VirtualRouter } from './mesh-resources.ts';
import { oneOf } from './reference-rules.ts';
import type { RouteSpec } from './route.ts';
import { routeMembers, routeProtocol } from './route-kind.ts';
import { apiPage } from './schema.ts';
import type { PortProtocol } from './terms.ts';
import type { WeightedTarget } from './weighted-target.ts';

const guide = 'https://docs.aws.amazon.com/app-mesh/latest/userguide/routes.html';

/** Routes that their router cannot have, and targets that cannot be reached. */
export function* routeMistakes(resources: MeshResources): Iterable<LocatedMistake> {
  for (const [name, router] of Object.entries(resources.virtualRouters)) {
    for (const [route, spec] of Object.entries(router.routes)) {
      const protocol = routeProtocol(spec);
      if (protocol === undefined) continue;
      const at = ['virtualRouters', name, 'routes', route, routeMembers[protocol]];
      yield* matchMistakes(name, router, spec, protocol, at);
      yield* targetMistakes(resources, spec, protocol, at);
    }
  }
}

function* matchMistakes(
  name: string,
  { spec: { listeners } }: VirtualRouter,
  spec: RouteSpec,
  protocol: PortProtocol,
  at: readonly PropertyKey[],
): Iterable<LocatedMistake> {
  const choice = {
    at: [...at, 'match', 'port'],
    port: spec[routeMembers[protocol]]?.match?.port,
    owner: `the virtual router ${name}`,
    listeners: portsOf(listeners),
    page: guide,
  };
  yield* routeListenerMistakes(choice, { at, protocol, parent: 'router' });
}

function* targetMistakes(
  resources: MeshResources,
  spec: RouteSpec,
  protocol: PortProtocol,
  at: readonly PropertyKey[],
): Iterable<LocatedMistake> {
  const targets = spec[routeMembers[protocol]]?.action.weightedTargets ?? [];
  const targetsAt = [...at, 'action', 'weightedTargets'];
  for (const [index, target] of targets.entries()) {
    yield* oneTarget(resources, target, protocol, [...targetsAt, index]);
  }
  if (targets.every(({ weight }) => weight === 0)) {
    yield located(targetsAt, targets, 'at least one weight above 0', apiPage('WeightedTarget'));
  }
}

function* oneTarget(
  { virtualNodes }: MeshResources,
  { virtualNode, port }: WeightedTarget,
  protocol: PortProtocol,
  at: readonly PropertyKey[],
): Iterable<LocatedMistake> {
  const nodeAt = [...at, 'virtualNode'];
  const page = apiPage('WeightedTarget');
  if (!Object.hasOwn(virtualNodes, virtualNode)) {
    yield located(nodeAt, virtualNode, oneOf(virtualNodes, 'virtual node'), page);
    return;
  }
  const listeners = portsOf(virtualNodes[virtualNode]?.listeners);
  if (listeners.length === 0) yield located(nodeAt, virtualNode, 'a virtual node that has a listener', page);
  const choice = {
    at: [...at, 'port'],
    port,
    owner: `the virtual node ${virtualNode}`,
    listeners,
    page: guide,
  };
  yield* choiceMistakes(choice);
  const listener = chosenListener(choice);
  if (listener && (listener.protocol === 'tcp') !== (protocol === 'tcp')) {
    yield located(nodeAt, virtualNode, `a listener that speaks ${protocol}, not ${listener.protocol}`, guide);
  }
}
