import {
  type KubernetesImport,
  kubernetesResources,
} from '../../../../src/mesh/import/kubernetes/kubernetes.ts';
import { documentsOf } from '../placeholders/documents.ts';

/** What one or more manifests hold, given as text by file name, or one text alone. */
export function imported(
  manifests: string | Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>> = {},
): KubernetesImport {
  const files = typeof manifests === 'string' ? { 'manifest.yaml': manifests } : manifests;
  return kubernetesResources(documentsOf(files), new Map(Object.entries(values)));
}

/** Each resource in one line: kind, mesh, parent, name. */
export function summary({ resources }: KubernetesImport): string[] {
  return resources.map(({ kind, mesh, parent, name }) =>
    [kind, mesh ?? '?', ...(parent === undefined ? [] : [parent]), name].join(' '),
  );
}

/** The specification of the resource of a name. */
export function specOf({ resources }: KubernetesImport, name: string): unknown {
  return resources.find((resource) => resource.name === name)?.spec;
}
