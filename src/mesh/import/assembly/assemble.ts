import type { MeshResources } from '../../../model/mesh/resources.ts';
import { locatedResourceMistakes } from '../../../model/mesh/resources.ts';
import { type LocatedMistake, pathText } from '../../../model/mistake.ts';
import { refusals } from '../../refusals.ts';
import type { Finding, FoundResource } from '../found-resource.ts';
import { belonging, type PlacedResource } from './belonging.ts';
import { complete, type LocateIn, type Supplied } from './completion.ts';
import { resourcesOf } from './draft.ts';
import { identityOf, titleOf } from './resource-title.ts';
import { draftOf, specified } from './specified.ts';
import { succession } from './succession.ts';

/** A mesh put together from documents. */
export interface ImportedMesh {
  readonly name: string;
  /** Whether a document defines the mesh itself. */
  readonly given: boolean;
  /** The account that owns the mesh, when a document names one. */
  readonly owner: string | undefined;
  /** What can be compiled; without errors, everything. */
  readonly resources: MeshResources;
  /** What the documents hold, each resource once. */
  readonly found: readonly FoundResource[];
  /** What no document defines and others name. */
  readonly supplied: readonly Supplied[];
}

/** The meshes documents define, and what to tell about them. */
export interface Assembly {
  readonly meshes: readonly ImportedMesh[];
  readonly findings: readonly Finding[];
}

/** Puts the resources that documents hold together to meshes, and judges them by App Mesh's rules. */
export function assemble(found: readonly FoundResource[]): Assembly {
  const placed = belonging(found);
  const meshes = [...Map.groupBy(placed.resources, ({ mesh }) => mesh)].map(([name, own]) =>
    assembleMesh(name, own),
  );
  return {
    meshes: meshes.map(({ mesh }) => mesh),
    findings: [...placed.findings, ...meshes.flatMap(({ findings }) => findings)],
  };
}

/** So often what does not fit is left out and the rest is judged again; then nothing is left. */
const rounds = 6;

function assembleMesh(
  name: string,
  all: readonly PlacedResource[],
): { mesh: ImportedMesh; findings: Finding[] } {
  const { resources: found, findings: repeated } = succession(all);
  const judged = specified(found);
  const findings: Finding[] = [...repeated, ...judged.findings];
  const given = found.some(({ kind }) => kind === 'mesh');
  // A mesh that comes with its gateways alone is only a part of one.
  const whole = given && found.some(({ kind }) => kind === 'virtualNode');
  const byIdentity = new Map(found.map((resource) => [identityOf(resource), resource]));
  const locateIn: LocateIn = (resource, path) => {
    const known = byIdentity.get(identityOf(resource));
    return known?.locate(path) ?? known?.origin ?? { file: '', line: 1, path: '' };
  };
  let kept = judged.resources;
  for (let round = 0; round < rounds; round += 1) {
    const draft = draftOf(name, kept);
    const isFound = (kind: FoundResource['kind'], own: string) =>
      byIdentity.has(identityOf({ kind, name: own }));
    const completion = complete(draft, { whole, isFound, locateIn });
    const resources = resourcesOf(draft);
    const wrong = locatedResourceMistakes(resources);
    // What does not fit together cannot be looked at by the compiler yet.
    const mistakes = wrong.length > 0 ? wrong : refusals(resources);
    if (round === 0) {
      findings.push(...completion.findings);
      findings.push(...mistakes.map((mistake) => mistakeFinding(mistake, name, locateIn)));
    }
    if (mistakes.length === 0) {
      return {
        mesh: { name, given, owner: ownerOf(found), resources, found, supplied: completion.supplied },
        findings,
      };
    }
    const offending = new Set(mistakes.map(({ at }) => identityOf(ownerAt(at, name).resource)));
    kept = kept.filter(({ found: resource }) => !offending.has(identityOf(resource)));
  }
  const resources = resourcesOf(draftOf(name, []));
  return { mesh: { name, given, owner: ownerOf(found), resources, found, supplied: [] }, findings };
}

function ownerOf(found: readonly FoundResource[]): string | undefined {
  return found.find(({ meshOwner }) => meshOwner !== undefined)?.meshOwner;
}

function mistakeFinding({ at, mistake }: LocatedMistake, mesh: string, locateIn: LocateIn): Finding {
  const { resource, path } = ownerAt(at, mesh);
  return {
    severity: 'error',
    code: 'resource-invalid',
    message: `${titleOf(resource)}: ${pathText(path)} is ${mistake.found}, allowed: ${mistake.allowed}`,
    origin: locateIn(resource, path),
    ...(mistake.reference === undefined ? {} : { remedy: `See ${mistake.reference}.` }),
  };
}

/** Which resource a path in a mesh's resources is about, and the path within it. */
function ownerAt(at: readonly PropertyKey[], mesh: string) {
  const [section, name = '', member, inner = ''] = at.map((key) =>
    typeof key === 'number' ? key : String(key),
  );
  const own = { name: String(name) };
  switch (section) {
    case 'virtualNodes':
      return { resource: { kind: 'virtualNode', ...own }, path: at.slice(2) } as const;
    case 'virtualServices':
      return { resource: { kind: 'virtualService', ...own }, path: at.slice(2) } as const;
    case 'virtualRouters':
      return member === 'routes'
        ? ({ resource: { kind: 'route', name: String(inner), parent: own.name }, path: at.slice(4) } as const)
        : ({ resource: { kind: 'virtualRouter', ...own }, path: at.slice(3) } as const);
    case 'virtualGateways':
      return member === 'gatewayRoutes'
        ? ({
            resource: { kind: 'gatewayRoute', name: String(inner), parent: own.name },
            path: at.slice(4),
          } as const)
        : ({ resource: { kind: 'virtualGateway', ...own }, path: at.slice(3) } as const);
    default:
      return { resource: { kind: 'mesh', name: mesh }, path: at.slice(1) } as const;
  }
}
