import { assemble, type ImportedMesh } from './assembly/assemble.ts';
import { specificationResources } from './cli/specifications.ts';
import { templateResources } from './cloudformation/templates.ts';
import { type DocumentFormat, formatOf } from './format.ts';
import type { Finding, FoundResource } from './found-resource.ts';
import { kubernetesResources } from './kubernetes/kubernetes.ts';
import type { Workload } from './kubernetes/workload.ts';
import type { Values } from './placeholders/values.ts';
import { readSource, type SourceDocument, type SourceFile } from './source.ts';

/** What some documents hold of App Mesh. */
export interface MeshImport {
  readonly files: number;
  /** Documents of each format; 'other' are those that have nothing to do with App Mesh. */
  readonly documents: Readonly<Record<DocumentFormat | 'other', number>>;
  readonly meshes: readonly ImportedMesh[];
  readonly findings: readonly Finding[];
  /** What runs beside the proxies, as far as Kubernetes documents say it. */
  readonly workloads: readonly Workload[];
}

/** The name under which somebody gives the mesh of resources that do not name it. */
const meshValue = 'meshName';

/** What one format's documents hold. */
interface Reading {
  readonly resources: readonly FoundResource[];
  readonly findings: readonly Finding[];
  readonly used: ReadonlySet<string>;
}

/**
 * Reads App Mesh documents of all formats, in any mix, and puts meshes together from them. Nothing is thrown,
 * whatever the documents are: what is wrong, or could not be resolved, is a finding.
 * @param values for parameters and placeholders by name; `FILE:NAME` is for one file
 */
export function importDocuments(sources: readonly SourceFile[], values: Values): MeshImport {
  const readings = sources.map((source) => ({ source, ...readSource(source) }));
  const documents = readings.flatMap((reading) => reading.documents);
  const byFormat = Map.groupBy(documents, (document) => formatOf(document) ?? 'other');
  const of = (format: DocumentFormat | 'other'): readonly SourceDocument[] => byFormat.get(format) ?? [];
  const templates: Reading = templateResources(of('cloudformation'), values);
  const specifications: Reading = specificationResources(of('cli'), values);
  const kubernetes = kubernetesResources(of('kubernetes'), values);
  const all: readonly Reading[] = [templates, specifications, kubernetes];
  const found = all.flatMap(({ resources }) => resources);
  const mesh = found.some((resource) => resource.mesh === undefined) ? values.get(meshValue) : undefined;
  const assembly = assemble(found.map((resource) => ({ ...resource, mesh: resource.mesh ?? mesh })));
  return {
    files: sources.length,
    documents: {
      cloudformation: of('cloudformation').length,
      cli: of('cli').length,
      kubernetes: of('kubernetes').length,
      other: of('other').length,
    },
    meshes: assembly.meshes,
    findings: [
      ...readings.flatMap(({ source, findings }) => findings.map((finding) => judged(finding, source))),
      ...all.flatMap(({ findings }) => findings),
      ...assembly.findings,
      ...unusedValues(values, [
        ...all.map((reading) => reading.used),
        new Set(mesh === undefined ? [] : [meshValue]),
      ]),
    ],
    workloads: kubernetes.workloads,
  };
}

/** Words at least one of which is in any App Mesh document. */
const telling =
  /app-?mesh|meshName|virtual-?(node|service|router|gateway)|weightedTargets|(http2?|grpc|tcp)Route/i;

/** What cannot be read in a folder matters when it could have been an App Mesh document. */
function judged(finding: Finding, { incidental, text }: SourceFile): Finding {
  return incidental && !telling.test(text) ? { ...finding, severity: 'note' } : finding;
}

/** A value nothing asks for is most often a misspelled name. */
function unusedValues(values: Values, used: readonly ReadonlySet<string>[]): Finding[] {
  return [...values.keys()]
    .filter((key) => !used.some((keys) => keys.has(key)))
    .map((key) => ({
      severity: 'warning',
      code: 'value-unused',
      message: `no document asks for a value of ${key}`,
      origin: { file: 'command line', line: 1, path: '' },
    }));
}
