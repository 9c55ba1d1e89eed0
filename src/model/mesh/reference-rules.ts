import { type LocatedMistake, located } from '../mistake.ts';
import type { MeshResources } from './mesh-resources.ts';
import { apiPage } from './schema.ts';

/** Backends and providers that do not exist, and backends named twice. */
export function* referenceMistakes(resources: MeshResources): Iterable<LocatedMistake> {
  yield* backendMistakes(resources);
  yield* providerMistakes(resources);
}

function* backendMistakes({ virtualNodes, virtualServices }: MeshResources): Iterable<LocatedMistake> {
  for (const [name, { backends = [] }] of Object.entries(virtualNodes)) {
    const seen = new Set<string>();
    for (const [index, { virtualService }] of backends.entries()) {
      const backend = virtualService?.virtualServiceName;
      if (backend === undefined) continue;
      const at = ['virtualNodes', name, 'backends', index, 'virtualService', 'virtualServiceName'];
      if (!Object.hasOwn(virtualServices, backend)) {
        yield located(
          at,
          backend,
          oneOf(virtualServices, 'virtual service'),
          apiPage('VirtualServiceBackend'),
        );
      } else if (seen.has(backend)) {
        yield located(at, backend, 'each backend once', apiPage('VirtualNodeSpec'));
      }
      seen.add(backend);
    }
  }
}

function* providerMistakes(resources: MeshResources): Iterable<LocatedMistake> {
  const { virtualNodes, virtualRouters, virtualServices } = resources;
  for (const [name, { provider }] of Object.entries(virtualServices)) {
    const at = ['virtualServices', name, 'provider'];
    const node = provider?.virtualNode?.virtualNodeName;
    const router = provider?.virtualRouter?.virtualRouterName;
    if (router !== undefined && !Object.hasOwn(virtualRouters, router)) {
      yield located(
        [...at, 'virtualRouter', 'virtualRouterName'],
        router,
        oneOf(virtualRouters, 'virtual router'),
        apiPage('VirtualRouterServiceProvider'),
      );
    }
    if (node === undefined) continue;
    const nodeAt = [...at, 'virtualNode', 'virtualNodeName'];
    const page = apiPage('VirtualNodeServiceProvider');
    if (!Object.hasOwn(virtualNodes, node)) {
      yield located(nodeAt, node, oneOf(virtualNodes, 'virtual node'), page);
    } else if ((virtualNodes[node]?.listeners ?? []).length === 0) {
      yield located(nodeAt, node, 'a virtual node that has a listener', page);
    }
  }
}

/** The names of resources there are, a few of them where they are many. */
export function oneOf(resources: Readonly<Record<string, unknown>>, kind: string): string {
  const names = Object.keys(resources);
  if (names.length === 0) return `none: the mesh has no ${kind}`;
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} or one of ${names.length - 10} more` : shown;
}
