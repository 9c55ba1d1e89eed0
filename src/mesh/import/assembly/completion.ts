import { oneOf } from '../../../model/mesh/reference-rules.ts';
import type { ResourceKind } from '../../../model/mesh/specification.ts';
import type { Finding, Origin } from '../found-resource.ts';
import type { Draft } from './draft.ts';
import { providerFor, providersOf } from './providers.ts';
import { kindNames } from './resource-title.ts';
import {
  backendPort,
  gatewayTarget,
  onePortEach,
  type Port,
  routeTargets,
  standInGateway,
  standInNode,
  standInRouter,
  targetPort,
} from './stand-ins.ts';

/** Says where a path in a resource's specification stands. */
export type LocateIn = (
  resource: { readonly kind: ResourceKind; readonly name: string; readonly parent?: string },
  path: readonly PropertyKey[],
) => Origin;

/** The documents of a mesh. */
export interface Documents {
  /** Whether they are the whole mesh, so that what they name has to be in them. */
  readonly whole: boolean;
  /** Whether they hold a resource, be it valid or not. */
  readonly isFound: (kind: ResourceKind, name: string) => boolean;
  readonly locateIn: LocateIn;
}

/** A resource that no document defines. */
export interface Supplied {
  readonly kind: ResourceKind;
  readonly name: string;
}

/** What was added to a mesh, and what to tell about it. */
export interface Completion {
  readonly supplied: readonly Supplied[];
  readonly findings: readonly Finding[];
}

/**
 * Adds to a mesh what its resources name and no document defines. A virtual service is supplied when it is plain what
 * provides it. For anything else a stand-in is put in its place: with a warning where the documents are only a part of
 * the mesh, as an error where they are all of it, because then the reference leads nowhere.
 */
export function complete(draft: Draft, { whole, isFound, locateIn }: Documents): Completion {
  const supplied: Supplied[] = [];
  const findings: Finding[] = [];
  const tell: Tell = (kind, name, finding) => {
    // What is in the documents and was left out has its own error.
    if (isFound(kind, name)) return;
    supplied.push({ kind, name });
    findings.push(finding);
  };
  const standIn: StandIn = (kind, name, there, origin, instead) =>
    tell(kind, name, standInFinding(kind, name, whole ? there : undefined, origin, instead));
  const context = { draft, locateIn, tell, standIn };
  completeParents(context);
  completeServices(context);
  completeProviders(context);
  completeTargets(context);
  return { supplied, findings };
}

type Tell = (kind: ResourceKind, name: string, finding: Finding) => void;

type StandIn = (
  kind: ResourceKind,
  name: string,
  there: ReadonlyMap<string, unknown>,
  origin: Origin,
  instead: string,
) => void;

interface Context {
  readonly draft: Draft;
  readonly locateIn: LocateIn;
  readonly tell: Tell;
  readonly standIn: StandIn;
}

/** Routers and gateways of which there are only routes. */
function completeParents({ draft, locateIn, standIn }: Context): void {
  for (const [parent, routes] of draft.routes) {
    const [name] = routes.keys();
    if (draft.routers.has(parent) || name === undefined) continue;
    const spec = standInRouter(draft, parent);
    standIn(
      'virtualRouter',
      parent,
      draft.routers,
      locateIn({ kind: 'route', name, parent }, []),
      portsText(spec),
    );
    draft.routers.set(parent, spec);
  }
  for (const [parent, routes] of draft.gatewayRoutes) {
    const [name] = routes.keys();
    if (draft.gateways.has(parent) || name === undefined) continue;
    const spec = standInGateway(draft, parent);
    const origin = locateIn({ kind: 'gatewayRoute', name, parent }, []);
    standIn('virtualGateway', parent, draft.gateways, origin, portsText(spec));
    draft.gateways.set(parent, spec);
  }
}

/** A virtual service that something asks for and nothing defines. */
interface MissingService {
  readonly origin: Origin;
  readonly port: Port;
}

/** Virtual services that are called and not defined. */
function completeServices(context: Context): void {
  const { draft, tell, standIn } = context;
  const missing = missingServices(context);
  const providers = providersOf(draft);
  for (const [name, { origin, port }] of missing) {
    const provider = providerFor(providers, name, missing.size === 1);
    if (provider) {
      draft.services.set(name, { provider: provider.spec });
      tell('virtualService', name, {
        severity: 'warning',
        code: 'virtual-service-supplied',
        message: `nothing defines the virtual service ${name}; it is supplied, with ${provider.reason}`,
        origin,
        remedy: 'Look whether that is what you had.',
      });
    } else {
      const instead = `a node that listens on ${port.port} (${port.protocol}), found in DNS as ${name}`;
      standIn('virtualService', name, draft.services, origin, instead);
      if (!draft.nodes.has(name)) draft.nodes.set(name, standInNode(name, [port]));
      draft.services.set(name, { provider: { virtualNode: { virtualNodeName: name } } });
    }
  }
}

function missingServices({ draft, locateIn }: Context): Map<string, MissingService> {
  const missing = new Map<string, MissingService>();
  for (const [name, node] of draft.nodes) {
    for (const [index, { virtualService }] of (node.backends ?? []).entries()) {
      const backend = virtualService?.virtualServiceName;
      if (backend === undefined || draft.services.has(backend) || missing.has(backend)) continue;
      const origin = locateIn({ kind: 'virtualNode', name }, [
        'backends',
        index,
        'virtualService',
        'virtualServiceName',
      ]);
      missing.set(backend, { origin, port: backendPort(node) });
    }
  }
  for (const [parent, routes] of draft.gatewayRoutes) {
    for (const [name, route] of routes) {
      const { service, port } = gatewayTarget(route);
      if (service === undefined || draft.services.has(service) || missing.has(service)) continue;
      const own = backendPort(draft.gateways.get(parent));
      const origin = locateIn({ kind: 'gatewayRoute', name, parent }, []);
      missing.set(service, { origin, port: { ...own, port: port ?? own.port } });
    }
  }
  return missing;
}

/** Routers and nodes that virtual services name. */
function completeProviders({ draft, locateIn, standIn }: Context): void {
  for (const [name, { provider }] of draft.services) {
    const router = provider?.virtualRouter?.virtualRouterName;
    const node = provider?.virtualNode?.virtualNodeName;
    const origin = () => locateIn({ kind: 'virtualService', name }, ['provider']);
    if (router !== undefined && !draft.routers.has(router)) {
      const spec = standInRouter(draft, router);
      standIn('virtualRouter', router, draft.routers, origin(), `${portsText(spec)} and without a route`);
      draft.routers.set(router, spec);
    }
    if (node !== undefined && !draft.nodes.has(node)) {
      const port = backendPort(undefined);
      standIn(
        'virtualNode',
        node,
        draft.nodes,
        origin(),
        `one that listens on ${port.port} (${port.protocol}), found in DNS as ${node}`,
      );
      draft.nodes.set(node, standInNode(node, [port]));
    }
  }
}

/** Nodes that routes lead to, with every port that is meant. */
function completeTargets({ draft, locateIn, standIn }: Context): void {
  const missing = new Map<string, { readonly origin: Origin; readonly ports: Port[] }>();
  for (const [parent, routes] of draft.routes) {
    for (const [name, route] of routes) {
      for (const { virtualNode, port } of routeTargets(route)) {
        if (draft.nodes.has(virtualNode)) continue;
        const known = missing.get(virtualNode) ?? {
          origin: locateIn({ kind: 'route', name, parent }, []),
          ports: [],
        };
        known.ports.push(targetPort(draft, parent, route, port));
        missing.set(virtualNode, known);
      }
    }
  }
  for (const [node, { origin, ports }] of missing) {
    const spec = standInNode(node, onePortEach(ports));
    standIn('virtualNode', node, draft.nodes, origin, `${portsText(spec)}, found in DNS as ${node}`);
    draft.nodes.set(node, spec);
  }
}

function standInFinding(
  kind: ResourceKind,
  name: string,
  there: ReadonlyMap<string, unknown> | undefined,
  origin: Origin,
  instead: string,
): Finding {
  const title = `${kindNames[kind]} ${name}`;
  if (there === undefined) {
    return {
      severity: 'warning',
      code: 'stand-in',
      message: `the ${title} is defined elsewhere; in its place stands ${instead}`,
      origin,
      remedy: 'Give the document that defines it, too.',
    };
  }
  return {
    severity: 'error',
    code: 'reference-dangling',
    message: `this names the ${title}, and the mesh has ${oneOf(Object.fromEntries(there), kindNames[kind])}`,
    origin,
    remedy: `Define ${name}, or correct the name.`,
  };
}

function portsText({ listeners = [] }: { listeners?: readonly { portMapping: Port }[] | undefined }): string {
  const ports = listeners.map(({ portMapping }) => `${portMapping.port} (${portMapping.protocol})`);
  return `one that listens on ${ports.join(', ')}`;
}
