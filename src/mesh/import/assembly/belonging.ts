import type { Finding, FoundResource } from '../found-resource.ts';
import { titleOf } from './resource-title.ts';

/** A resource that knows its mesh, and its parent where it has one. */
export type PlacedResource = FoundResource & { readonly mesh: string };

/** Resources with their meshes and parents, and what had to be assumed for that. */
export interface Belonging {
  readonly resources: readonly PlacedResource[];
  readonly findings: readonly Finding[];
}

/** What stands in for a mesh nothing names. */
const unnamed = 'mesh';

/**
 * Finds the mesh of what does not name one, and the router or gateway of a route that does not: the only one there is
 * in its file, else in its folder, else in the folder around that, and so on.
 */
export function belonging(found: readonly FoundResource[]): Belonging {
  const meshes = nearest(found, ({ mesh }) => mesh);
  const guesses: Guess[] = [];
  const placed = found.map((resource) => {
    if (resource.mesh !== undefined) return { ...resource, mesh: resource.mesh };
    const guess = meshFor(resource, meshes);
    guesses.push(guess);
    return { ...resource, mesh: guess.mesh };
  });
  const findings = guessFindings(guesses);
  const routers = nearest(placed, parentCandidate('virtualRouter'));
  const gateways = nearest(placed, parentCandidate('virtualGateway'));
  const resources = placed.map((resource) => {
    if (resource.parent !== undefined) return resource;
    if (resource.kind === 'route') return withParent(resource, 'virtual router', routers, findings);
    if (resource.kind === 'gatewayRoute') return withParent(resource, 'virtual gateway', gateways, findings);
    return resource;
  });
  return { resources, findings };
}

/** Names near a resource: of the first of its file and the folders around it that has any. */
type Nearest = (resource: FoundResource) => readonly string[];

function nearest<Resource extends FoundResource>(
  resources: readonly Resource[],
  nameOf: (resource: Resource) => string | undefined,
): Nearest {
  const near = new Map<string, Set<string>>();
  for (const resource of resources) {
    const name = nameOf(resource);
    if (name === undefined) continue;
    for (const key of keysOf(resource)) near.set(key, (near.get(key) ?? new Set()).add(name));
  }
  return (resource) => [
    ...(keysOf(resource)
      .map((key) => near.get(key))
      .find((names) => names) ?? []),
  ];
}

/** A file, and the folders around it from the innermost one. */
function keysOf({ origin: { file } }: FoundResource): string[] {
  const folders = file.split('/').slice(0, -1);
  return [file, ...folders.map((_, index) => `${folders.slice(0, folders.length - index).join('/')}/`), ''];
}

function parentCandidate(kind: FoundResource['kind']) {
  return (resource: FoundResource) => (resource.kind === kind ? resource.name : undefined);
}

/** How the mesh of a resource was found that names none. */
interface Guess {
  readonly resource: FoundResource;
  readonly mesh: string;
  /** Meshes it might be in. */
  readonly candidates: readonly string[];
}

function meshFor(resource: FoundResource, meshes: Nearest): Guess {
  const candidates = meshes(resource);
  const [name] = candidates;
  return { resource, candidates, mesh: name !== undefined && candidates.length === 1 ? name : unnamed };
}

/** What to tell of resources that name no mesh: those that were taken to be in one are told of together. */
function guessFindings(guesses: readonly Guess[]): Finding[] {
  const groups = Map.groupBy(guesses, ({ candidates }) => candidates.join(', '));
  return [...groups].flatMap(([names, [first, ...others]]): Finding[] => {
    if (first === undefined) return [];
    const { resource, mesh, candidates } = first;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    const title = `${titleOf(resource)}${more} ${others.length === 0 ? 'names' : 'name'} no mesh`;
    const { origin } = resource;
    if (candidates.length === 1) {
      return [
        { severity: 'note', code: 'mesh-assumed', message: `${title}; ${mesh} is the only one near`, origin },
      ];
    }
    const remedy = 'Give --set meshName=NAME, or the document that defines the mesh, too.';
    return candidates.length === 0
      ? [
          {
            severity: 'warning',
            code: 'mesh-unnamed',
            message: `${title}; ${mesh} stands in for its name`,
            origin,
            remedy,
          },
        ]
      : [
          {
            severity: 'error',
            code: 'mesh-ambiguous',
            message: `${title}, and there are several: ${names}`,
            origin,
            remedy,
          },
        ];
  });
}

function withParent(
  resource: PlacedResource,
  kind: string,
  parents: Nearest,
  findings: Finding[],
): PlacedResource {
  const [name, ...others] = parents(resource);
  const title = titleOf(resource);
  const parent = name ?? `${resource.name}-${kind.slice('virtual '.length)}`;
  findings.push({
    severity: others.length > 0 ? 'error' : 'warning',
    code: others.length > 0 ? 'parent-ambiguous' : 'parent-assumed',
    message:
      others.length > 0
        ? `${title} names no ${kind}, and there are several: ${[name, ...others].join(', ')}`
        : `${title} names no ${kind}; it is taken to be of ${parent}`,
    origin: resource.origin,
    remedy: `Say ${kind === 'virtual router' ? 'virtualRouterName' : 'virtualGatewayName'} in the document.`,
  });
  return { ...resource, parent };
}
