import { type LocatedMistake, located } from '../mistake.ts';
import type { GatewayRouteSpec } from './gateway-route.ts';
import {
  choiceMistakes,
  chosenListener,
  type Port,
  portsOf,
  routeListenerMistakes,
} from './listener-rules.ts';
import type { MeshResources, VirtualGateway } from './mesh-resources.ts';
import { oneOf } from './reference-rules.ts';
import { routeMembers, routeProtocol } from './route-kind.ts';
import { apiPage } from './schema.ts';
import type { PortProtocol } from './terms.ts';

const guide = 'https://docs.aws.amazon.com/app-mesh/latest/userguide/gateway-routes.html';

/** Gateway routes that their gateway cannot have, and virtual services that cannot be reached. */
export function* gatewayRouteMistakes(resources: MeshResources): Iterable<LocatedMistake> {
  for (const [name, gateway] of Object.entries(resources.virtualGateways)) {
    for (const [route, spec] of Object.entries(gateway.gatewayRoutes)) {
      const protocol = routeProtocol(spec);
      if (protocol === undefined || protocol === 'tcp') continue;
      const at = ['virtualGateways', name, 'gatewayRoutes', route, routeMembers[protocol]];
      yield* matchMistakes(name, gateway, spec, protocol, at);
      yield* targetMistakes(resources, spec, protocol, at);
    }
  }
}

type GatewayProtocol = Exclude<PortProtocol, 'tcp'>;

function* matchMistakes(
  name: string,
  { spec: { listeners } }: VirtualGateway,
  spec: GatewayRouteSpec,
  protocol: GatewayProtocol,
  at: readonly PropertyKey[],
): Iterable<LocatedMistake> {
  const choice = {
    at: [...at, 'match', 'port'],
    port: spec[routeMembers[protocol]]?.match.port,
    owner: `the virtual gateway ${name}`,
    listeners: portsOf(listeners),
    page: guide,
  };
  yield* routeListenerMistakes(choice, { at, protocol, parent: 'gateway' });
}

function* targetMistakes(
  resources: MeshResources,
  spec: GatewayRouteSpec,
  protocol: GatewayProtocol,
  at: readonly PropertyKey[],
): Iterable<LocatedMistake> {
  const target = spec[routeMembers[protocol]]?.action.target;
  if (!target) return;
  const service = target.virtualService.virtualServiceName;
  const targetAt = [...at, 'action', 'target'];
  const serviceAt = [...targetAt, 'virtualService', 'virtualServiceName'];
  if (!Object.hasOwn(resources.virtualServices, service)) {
    const page = apiPage('GatewayRouteVirtualService');
    yield located(serviceAt, service, oneOf(resources.virtualServices, 'virtual service'), page);
    return;
  }
  const choice = {
    at: [...targetAt, 'port'],
    port: target.port,
    owner: `the provider of ${service}`,
    listeners: providedPorts(resources, service),
    page: guide,
  };
  yield* choiceMistakes(choice);
  if (chosenListener(choice)?.protocol === 'tcp') {
    yield located(serviceAt, service, `a virtual service that speaks ${protocol}, not tcp`, guide);
  }
}

function providedPorts(
  { virtualNodes, virtualRouters, virtualServices }: MeshResources,
  service: string,
): readonly Port[] {
  const { virtualNode, virtualRouter } = virtualServices[service]?.provider ?? {};
  if (virtualNode) return portsOf(virtualNodes[virtualNode.virtualNodeName]?.listeners);
  if (virtualRouter) return portsOf(virtualRouters[virtualRouter.virtualRouterName]?.spec.listeners);
  return [];
}
