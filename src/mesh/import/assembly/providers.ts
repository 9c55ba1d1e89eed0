import { discoveredName } from '../../service-discovery.ts';
import type { Draft } from './draft.ts';
import { routeTargets } from './stand-ins.ts';

/** What provides virtual services, by the name it is found under in service discovery. */
export interface Providers {
  /** Routers that no virtual service has. */
  readonly free: Set<string>;
  readonly routers: ReadonlyMap<string | undefined, readonly string[]>;
  readonly nodes: ReadonlyMap<string | undefined, readonly string[]>;
}

/** What could provide virtual services that no document defines. */
export function providersOf({ nodes, services, routers, routes }: Draft): Providers {
  const taken = new Set(
    [...services.values()].map(({ provider }) => provider?.virtualRouter?.virtualRouterName),
  );
  const free = [...routers.keys()].filter((router) => !taken.has(router));
  const listening = [...nodes].filter(([, { listeners = [] }]) => listeners.length > 0);
  const names = new Map(listening.map(([name, node]) => [name, discoveredName(node)]));
  const leading = free.flatMap((router) => {
    const targets = [...(routes.get(router)?.values() ?? [])].flatMap(routeTargets);
    const found = new Set(targets.map(({ virtualNode }) => names.get(virtualNode)));
    return [...found].map((name) => [name, router] as const);
  });
  return {
    free: new Set(free),
    routers: grouped(leading),
    nodes: grouped([...names].map(([node, name]) => [name, node] as const)),
  };
}

function grouped(pairs: readonly (readonly [string | undefined, string])[]) {
  return new Map(
    [...Map.groupBy(pairs, ([name]) => name)].map(
      ([name, all]) => [name, all.map(([, value]) => value)] as const,
    ),
  );
}

/** What plainly provides a service: a router that no service has, or the node that is found under its name. */
export function providerFor({ free, routers, nodes }: Providers, service: string, onlyMissing: boolean) {
  const router =
    only((routers.get(service) ?? []).filter((name) => free.has(name))) ??
    (onlyMissing ? only([...free]) : undefined);
  if (router !== undefined) {
    free.delete(router);
    const reason = `the virtual router ${router}, which no other virtual service has`;
    return { spec: { virtualRouter: { virtualRouterName: router } }, reason };
  }
  const node = only(nodes.get(service) ?? []);
  if (node === undefined) return undefined;
  const reason = `the virtual node ${node}, which is found under this name`;
  return { spec: { virtualNode: { virtualNodeName: node } }, reason };
}

function only<Value>(values: readonly Value[]): Value | undefined {
  return values.length === 1 ? values[0] : undefined;
}
