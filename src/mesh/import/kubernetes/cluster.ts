import type { Finding } from '../found-resource.ts';
import { nameInAppMesh } from './name.ts';
import { appMeshGroup, type KubernetesObject, titleOf } from './object.ts';

/** All objects that were given, as a cluster would hold them: one of each kind, namespace and name. */
export interface Cluster {
  readonly objects: readonly KubernetesObject[];
  readonly find: (kind: string, namespace: string, name: string) => KubernetesObject | undefined;
  readonly ofKind: (kind: string) => readonly KubernetesObject[];
  /** The node or the service of a name in App Mesh. */
  readonly inAppMesh: (kind: 'VirtualNode' | 'VirtualService', name: string) => KubernetesObject | undefined;
}

/**
 * What `kubectl apply` would leave of these objects: a later one replaces an earlier one of the same name, and v1beta2
 * what is written in v1beta1. A replacement within one file is an error, since nobody means it.
 */
export function clusterOf(objects: readonly KubernetesObject[]): {
  readonly cluster: Cluster;
  readonly findings: readonly Finding[];
} {
  const byKey = new Map<string, KubernetesObject>();
  const findings: Finding[] = [];
  for (const object of objects) {
    const key = keyOf(object.kind, object.namespace, object.name);
    const earlier = byKey.get(key);
    const isNewer = earlier === undefined || object.version >= earlier.version || !isAppMesh(object);
    if (isNewer) byKey.set(key, object);
    if (earlier && isAppMesh(object)) {
      findings.push(isNewer ? replaced(object, earlier) : replaced(earlier, object));
    }
  }
  const byKind = Map.groupBy(byKey.values(), ({ kind }) => kind);
  const named = {
    VirtualNode: byNameInAppMesh(byKind.get('VirtualNode')),
    VirtualService: byNameInAppMesh(byKind.get('VirtualService')),
  };
  return {
    cluster: {
      objects: [...byKey.values()],
      find: (kind, namespace, name) => byKey.get(keyOf(kind, namespace, name)),
      ofKind: (kind) => byKind.get(kind) ?? [],
      inAppMesh: (kind, name) => named[kind].get(name),
    },
    findings,
  };
}

/** Whether an object is one of App Mesh's. */
export function isAppMesh({ group }: KubernetesObject): boolean {
  return group === appMeshGroup;
}

/** Of two objects of one name the newer version is found. */
function byNameInAppMesh(objects: readonly KubernetesObject[] = []): Map<string, KubernetesObject> {
  const byVersion = objects.toSorted((one, other) => one.version.localeCompare(other.version));
  return new Map(byVersion.map((object) => [nameInAppMesh(object), object]));
}

/** What to tell of an object that counts in the place of another. */
export function replaced(object: KubernetesObject, earlier: KubernetesObject): Finding {
  const { file, line } = earlier.locate([]);
  const origin = object.locate(['metadata', 'name']);
  if (object.version !== earlier.version) {
    return {
      severity: 'note',
      code: 'kubernetes-object-replaced',
      message: `${titleOf(object)} is written in ${object.version}, which counts, and in ${earlier.version}, in ${file}, line ${line}`,
      origin,
    };
  }
  if (file === object.file) {
    return {
      severity: 'error',
      code: 'kubernetes-object-twice',
      message: `${titleOf(object)} stands here a second time, first on line ${line}; the later one counts`,
      origin,
      remedy: 'Remove one of them.',
    };
  }
  return {
    severity: 'note',
    code: 'kubernetes-object-replaced',
    message: `${titleOf(object)} replaces the one in ${file}, line ${line}, as applying this file after that one does`,
    origin,
    remedy: 'Give the file alone whose version is meant, if it is the other.',
  };
}

/** Meshes and namespaces are in no namespace. */
function keyOf(kind: string, namespace: string, name: string): string {
  return JSON.stringify([kind, kind === 'Mesh' || kind === 'Namespace' ? '' : namespace, name]);
}
