import { isObject } from '../format.ts';
import type { Locate } from '../found-resource.ts';

/** One Kubernetes object of a document, or of a list in one. */
export interface KubernetesObject {
  /** `appmesh.k8s.aws`; empty for the core of Kubernetes. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  /** `default` when the object does not say it, as kubectl has it. */
  readonly namespace: string;
  readonly labels: Labels;
  readonly spec: Members;
  /** All of it, for what is of another form than App Mesh's resources. */
  readonly members: Members;
  /** Whether what stands as its spec is one, or nothing is. */
  readonly hasFittingSpec: boolean;
  readonly file: string;
  /** Where a path inside the object stands. */
  readonly locate: Locate;
}

/** Labels by name. */
export type Labels = Readonly<Record<string, string>>;

/** An object's members by name. */
export type Members = Readonly<Record<string, unknown>>;

/** The group of App Mesh's custom resources. */
export const appMeshGroup = 'appmesh.k8s.aws';

/** What an object is, as kubectl would name it: `VirtualNode default/front`. */
export function titleOf({ kind, name, namespace }: KubernetesObject): string {
  return kind === 'Mesh' || kind === 'Namespace' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/**
 * The objects of a document: itself, or the items of a `List` or of a list of one kind, as `kubectl get -o yaml`
 * writes them. What is no object of Kubernetes' form is left out.
 */
export function objectsOf(document: {
  readonly value: unknown;
  readonly file: string;
  readonly locate: Locate;
}): KubernetesObject[] {
  return objectsIn(document.value, [], document);
}

function objectsIn(
  value: unknown,
  path: readonly PropertyKey[],
  document: { readonly file: string; readonly locate: Locate },
): KubernetesObject[] {
  if (!isObject(value)) return [];
  const { apiVersion, kind, items } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
  if (kind.endsWith('List') && Array.isArray(items) && path.length === 0) {
    // The items of a typed list need not say again what they are.
    const common = { apiVersion, kind: kind.slice(0, -'List'.length) };
    return items.flatMap((item, index) =>
      isObject(item) ? objectsIn({ ...common, ...item }, ['items', index], document) : [],
    );
  }
  const metadata = membersOf(value.metadata);
  const slash = apiVersion.indexOf('/');
  return [
    {
      group: slash === -1 ? '' : apiVersion.slice(0, slash),
      version: apiVersion.slice(slash + 1),
      kind,
      name: textOf(metadata.name) ?? '',
      namespace: textOf(metadata.namespace) || 'default',
      labels: labelsOf(metadata.labels),
      spec: membersOf(value.spec),
      members: value,
      hasFittingSpec: value.spec === undefined || value.spec === null || isObject(value.spec),
      file: document.file,
      locate: (inner) => document.locate([...path, ...inner]),
    },
  ];
}

/** The members of an object; none when it is no object. */
export function membersOf(value: unknown): Members {
  return isObject(value) ? value : {};
}

/** The items of a list; none when it is no list. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A name; a number is one too, since YAML makes numbers of names such as 1. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' ? value : undefined;
}

/** Labels by name; what is no text as the text it was. */
export function labelsOf(value: unknown): Labels {
  return Object.fromEntries(
    Object.entries(membersOf(value)).flatMap(([key, label]) => {
      const text = textOf(label);
      return text === undefined ? [] : [[key, text]];
    }),
  );
}
