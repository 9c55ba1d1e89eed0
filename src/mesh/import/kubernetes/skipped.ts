import type { Finding } from '../found-resource.ts';
import { isAppMesh } from './cluster.ts';
import type { KubernetesObject } from './object.ts';

/** One note a file on the objects that are none of App Mesh's, and a warning where they change what others say. */
export function skippedFindings(objects: readonly KubernetesObject[]): Finding[] {
  const others = objects.filter((object) => !isAppMesh(object));
  const overlays = others.filter(
    ({ group, members }) => group === 'kustomize.config.k8s.io' && changes.some((name) => name in members),
  );
  const byFile = Map.groupBy(others, ({ file }) => file);
  return [
    ...[...byFile.values()].flatMap((inFile) => inFile.slice(0, 1).map((first) => skipped(first, inFile))),
    ...overlays.map(overlay),
  ];
}

/** Members of a Kustomization that change what its resources say. */
const changes = [
  'namespace',
  'namePrefix',
  'nameSuffix',
  'commonLabels',
  'labels',
  'patches',
  'patchesStrategicMerge',
  'patchesJson6902',
  'replacements',
  'components',
];

function skipped(first: KubernetesObject, all: readonly KubernetesObject[]): Finding {
  const counts = [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, { length }]) => `${length} ${kind}`);
  return {
    severity: 'note',
    code: 'kubernetes-skipped',
    message: `${counts.join(', ')} in this file ${all.length === 1 ? 'is' : 'are'} no resource of App Mesh; the labels of namespaces, pods and services were looked at`,
    origin: { ...first.locate([]), path: '' },
  };
}

function overlay({ locate }: KubernetesObject): Finding {
  return {
    severity: 'warning',
    code: 'kustomize-unapplied',
    message: 'this overlay of Kustomize changes names, labels or specs, which is not done here',
    origin: locate([]),
    remedy: 'Render it first, with kubectl kustomize FOLDER > rendered.yaml, and give that file.',
  };
}
