import { isObject } from '../format.ts';
import type { Finding } from '../found-resource.ts';
import type { Cluster } from './cluster.ts';
import { defaultName, nameInAppMesh } from './name.ts';
import { type KubernetesObject, textOf } from './object.ts';
import type { ReferableKind } from './shape.ts';

/** What a reference refers to: the object's kind, namespace and name. */
export interface Reference {
  readonly kind: ReferableKind;
  readonly namespace: string;
  readonly name: string;
}

/** A reference of an object to another, which is in its own namespace unless it says otherwise. */
export function referenceOf(
  kind: ReferableKind,
  value: unknown,
  object: KubernetesObject,
): Reference | undefined {
  if (!isObject(value)) return undefined;
  const name = textOf(value.name);
  return name ? { kind, name, namespace: textOf(value.namespace) || object.namespace } : undefined;
}

/**
 * Finds what is referred to in App Mesh's words: by its name in the cluster, or by its ARN. What is not among the
 * objects is taken to have the default name, with a note; a text that is no ARN is taken for a name, as an error.
 */
export function referencedName(
  { kind, value, path }: { kind: ReferableKind; value: unknown; path: readonly PropertyKey[] },
  object: KubernetesObject,
  cluster: Cluster,
  tell: (finding: Finding) => void,
): string | undefined {
  const origin = object.locate(path);
  if (typeof value === 'string') {
    const name = nameOfArn(kind, value);
    if (name === undefined) {
      tell({
        severity: 'error',
        code: 'kubernetes-arn-invalid',
        message: `${value.slice(0, 120)} is no ARN of a ${kind}`,
        origin,
        remedy: `Write arn:aws:appmesh:REGION:ACCOUNT:mesh/MESH/${resourceTypeOf(kind)}/NAME.`,
      });
    }
    return name ?? value;
  }
  const target = referenceOf(kind, value, object);
  if (target === undefined) {
    tell({
      severity: 'error',
      code: 'kubernetes-reference-invalid',
      message: `this refers to no ${kind}`,
      origin,
      remedy: 'Give it a name, and a namespace where that is another one.',
    });
    return undefined;
  }
  const found = cluster.find(kind, target.namespace, target.name);
  if (found) return nameInAppMesh(found);
  const name = defaultName(kind, target.namespace, target.name);
  tell({
    severity: 'note',
    code: 'kubernetes-reference-unknown',
    message: `${kind} ${target.namespace}/${target.name} is not among the documents; it is taken to be ${name}, the name it has by default`,
    origin,
    remedy: 'Give the file that holds it, too.',
  });
  return name;
}

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsappmesh.html */
function nameOfArn(kind: ReferableKind, arn: string): string | undefined {
  const match = /^arn:[^:]*:appmesh:[^:]*:[^:]*:mesh\/[^/]+\/(?<type>[^/]+)\/(?<name>[^/]+)$/.exec(arn);
  return match?.groups?.type === resourceTypeOf(kind) ? match.groups.name : undefined;
}

function resourceTypeOf(kind: ReferableKind): string {
  return kind.charAt(0).toLowerCase() + kind.slice(1);
}
