import type { ImportedMesh } from './assembly/assemble.ts';
import { becomingIn } from './becoming.ts';
import { differences } from './differences.ts';
import type { Finding, ResourceKind } from './found-resource.ts';
import type { MeshImport } from './import.ts';
import type { RefusedProxy, SidecarProxy } from './sidecar/proxies.ts';

/** A mesh, and the proxies it was compiled to. */
export interface CompiledMesh {
  readonly mesh: ImportedMesh;
  readonly compiled: readonly SidecarProxy[];
  readonly refused: readonly RefusedProxy[];
}

/** What an import found and made of it: for people to act on and for programs to read. */
export interface ImportReport {
  readonly files: number;
  readonly documents: MeshImport['documents'];
  readonly meshes: readonly ReportedMesh[];
  /** What could not be resolved or compiled; nothing is written while there is any, unless that is allowed. */
  readonly unresolved: readonly ReportedFinding[];
  /** What was assumed, because no document says it. */
  readonly warnings: readonly ReportedFinding[];
  /** What behaves in another way on plain Envoy. */
  readonly differences: readonly ReportedFinding[];
  readonly notes: readonly ReportedFinding[];
}

interface ReportedMesh {
  readonly name: string;
  /** Whether a document defines the mesh itself. */
  readonly given: boolean;
  readonly owner?: string;
  readonly resources: Readonly<Partial<Record<ResourceKind, number>>>;
  readonly becomes: readonly ReportedResource[];
  readonly supplied: readonly { readonly kind: ResourceKind; readonly name: string }[];
  readonly proxies: readonly string[];
}

interface ReportedResource {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly parent?: string;
  readonly file: string;
  readonly line: number;
  /** Undefined when it is not in the result. */
  readonly becomes?: string;
}

/** A finding as a report has it. */
export interface ReportedFinding {
  readonly code: string;
  readonly message: string;
  readonly file: string;
  readonly line: number;
  readonly path: string;
  readonly remedy?: string;
}

/** The report of an import. */
export function importReport(imported: MeshImport, meshes: readonly CompiledMesh[]): ImportReport {
  const refusals = meshes.flatMap(({ mesh, refused }) => refused.map((proxy) => refusalOf(mesh, proxy)));
  const findings = [...imported.findings, ...refusals];
  const reported = (severity: Finding['severity']) =>
    findings.filter((finding) => finding.severity === severity).map(findingOf);
  return {
    files: imported.files,
    documents: imported.documents,
    meshes: meshes.map(reportedMesh),
    unresolved: reported('error'),
    warnings: reported('warning'),
    differences: meshes.flatMap(({ mesh, compiled }) => differences(mesh, compiled)).map(findingOf),
    notes: reported('note'),
  };
}

function reportedMesh({ mesh, compiled }: CompiledMesh): ReportedMesh {
  const counts: Partial<Record<ResourceKind, number>> = {};
  for (const { kind } of mesh.found) counts[kind] = (counts[kind] ?? 0) + 1;
  const becoming = becomingIn(mesh.resources);
  return {
    name: mesh.name,
    given: mesh.given,
    ...(mesh.owner === undefined ? {} : { owner: mesh.owner }),
    resources: counts,
    becomes: mesh.found.map((resource): ReportedResource => {
      const becomes = becoming(resource);
      const { kind, name, parent, origin } = resource;
      return {
        kind,
        name,
        ...(parent === undefined ? {} : { parent }),
        file: origin.file,
        line: origin.line,
        ...(becomes === undefined ? {} : { becomes }),
      };
    }),
    supplied: mesh.supplied,
    proxies: compiled.map(({ proxy }) => proxy.name),
  };
}

function refusalOf(mesh: ImportedMesh, { proxy, reason }: RefusedProxy): Finding {
  const kind = proxy.kind === 'node' ? 'virtualNode' : 'virtualGateway';
  const found = mesh.found.find((resource) => resource.kind === kind && resource.name === proxy.name);
  return {
    severity: 'error',
    code: 'proxy-refused',
    message: `no configuration could be made for ${proxy.name}: ${reason}`,
    origin: found?.origin ?? { file: '', line: 1, path: '' },
  };
}

function findingOf({ code, message, origin, remedy }: Finding): ReportedFinding {
  return { code, message, ...origin, ...(remedy === undefined ? {} : { remedy }) };
}
