import type { MeshSection } from '../mesh.ts';
import { type GatewaySection, gatewayRouteNames } from './gateway.ts';
import type { NodeSection } from './node.ts';
import type { RouterSection } from './router.ts';

type Path = readonly PropertyKey[];

/** Where in blueprint.ts something of the expanded resources comes from: `expandMesh` backwards, for mistakes. */
export function sectionPath(section: MeshSection, [kind, name, ...rest]: Path): Path {
  const key = String(name);
  if (kind === 'virtualNodes') return ['mesh', 'nodes', key, ...inNode(section.nodes[key], rest)];
  if (kind === 'virtualServices') return ['mesh', ...ofService(section, key, rest)];
  if (kind === 'virtualRouters') return ['mesh', 'routers', key, ...inRouter(section.routers[key], rest)];
  if (kind === 'virtualGateways') {
    const ingress = key === section.gateway.name;
    const at = ingress ? ['gateway'] : ['gateways', key];
    return ['mesh', ...at, ...inGateway(ingress ? section.gateway : section.gateways[key], rest)];
  }
  return ['mesh'];
}

function inNode(node: NodeSection | undefined, [member, ...rest]: Path): Path {
  if (member === 'serviceDiscovery') {
    return node?.serviceDiscovery === undefined ? ['hostname'] : [member, ...rest];
  }
  if (member === 'listeners') {
    const listener = node?.listener ?? node?.listeners?.[Number(rest[0])];
    if (rest[1] === 'outlierDetection' && listener?.outlierDetection === undefined) {
      return ['outlierDetection', ...withoutUnit(rest.slice(2))];
    }
    return inListeners(node, rest);
  }
  if (member === 'backends') {
    const [index, , inside, ...policy] = rest;
    return inside === 'clientPolicy' ? [member, Number(index), inside, ...policy] : [member, Number(index)];
  }
  if (member === 'logging') return [member];
  return member === undefined ? [] : [member, ...rest];
}

function inListeners(
  owner: { readonly listener?: unknown; readonly listeners?: readonly unknown[] | undefined } | undefined,
  [index, member, ...rest]: Path,
): Path {
  const listener = owner?.listeners === undefined ? ['listener'] : ['listeners', Number(index)];
  if (member === 'portMapping') return [...listener, ...rest];
  if (member === 'timeout') return [...listener, member];
  if (member === 'connectionPool') return [...listener, member, ...rest.slice(1)];
  if (member === 'healthCheck') {
    return [...listener, member, ...rest.map((key) => String(key).replace(/Millis$/, ''))];
  }
  return member === undefined ? listener : [...listener, member, ...withoutUnit(rest)];
}

function ofService(section: MeshSection, service: string, [, provider]: Path): Path {
  const member = provider === 'virtualNode' ? 'node' : 'router';
  if (Object.hasOwn(section.services, service)) return ['services', service, member];
  const router = Object.entries(section.routers).find(([, { virtualService }]) => virtualService === service);
  if (router) return ['routers', router[0], 'virtualService'];
  const node = Object.entries(section.nodes).find(([, { hostname }]) => hostname === service);
  return node ? ['nodes', node[0], 'listener'] : ['services', service];
}

function inRouter(router: RouterSection | undefined, [member, ...rest]: Path): Path {
  if (member !== 'routes') return inListeners(router, rest.slice(1));
  const [name, , part, ...inside] = rest;
  const index = router?.routes.findIndex((route) => route.name === name) ?? 0;
  return ['routes', index, ...inRoute(part, inside)];
}

function inRoute(part: PropertyKey | undefined, inside: Path): Path {
  if (part === 'action') {
    const [, index, member] = inside;
    const renamed = member === 'virtualNode' ? 'node' : member;
    return ['targets', ...(index === undefined ? [] : [index]), ...(renamed === undefined ? [] : [renamed])];
  }
  if (part === 'retryPolicy') return ['retry', ...withoutUnit(inside)];
  if (part === 'timeout') return [part];
  return part === undefined ? ['protocol'] : [part, ...inside];
}

function inGateway(gateway: GatewaySection | undefined, [member, ...rest]: Path): Path {
  if (member === 'spec') {
    const [part, ...inside] = rest;
    if (part === 'listeners') return inListeners(gateway, inside);
    return part === 'logging' || part === undefined ? ['logging'] : [part, ...inside];
  }
  if (!gateway) return [];
  const [name, , part, ...inside] = rest;
  const index = gatewayRouteNames(gateway).indexOf(String(name));
  return ['routes', index, ...inGatewayRoute(gateway.routes[index], part, inside)];
}

function inGatewayRoute(
  route: GatewaySection['routes'][number] | undefined,
  part: PropertyKey | undefined,
  inside: Path,
): Path {
  if (part === undefined) return ['protocol'];
  if (part === 'match') return route?.match === undefined ? ['prefix'] : [part, ...inside];
  const [member, ...rest] = inside;
  if (member !== 'target') return inside;
  if (rest[0] === 'port') return ['port'];
  return [route?.node === undefined ? 'service' : 'node'];
}

/** A duration of the section is one text. */
function withoutUnit(path: Path): Path {
  return path.filter((key) => key !== 'unit' && key !== 'value');
}
