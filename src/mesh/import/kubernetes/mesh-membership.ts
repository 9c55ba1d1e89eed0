import { isObject } from '../format.ts';
import type { Finding } from '../found-resource.ts';
import type { Cluster } from './cluster.ts';
import { selectorOf } from './label-selector.ts';
import { nameInAppMesh } from './name.ts';
import { type KubernetesObject, textOf } from './object.ts';

/** Whether an object belongs to a mesh, and to which: its name in App Mesh, undefined where no mesh is known. */
export interface Membership {
  readonly isMember: boolean;
  readonly mesh?: string | undefined;
  readonly finding?: Finding;
}

/**
 * The mesh of each object: the one it names itself, as v1beta1 and objects out of a cluster do; else the one whose
 * namespaceSelector takes the object's namespace, as the controller has it:
 * https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/pkg/mesh/membership_designator.go
 * Where the documents do not hold the namespace, or say nothing of its labels, and there is one mesh, it is that one;
 * where they hold no mesh, it is `given`, if there is that.
 */
export function meshMembership(
  cluster: Cluster,
  given: () => string | undefined,
): (object: KubernetesObject) => Membership {
  const meshes = cluster.ofKind('Mesh').map((mesh) => ({
    mesh,
    name: nameInAppMesh(mesh),
    selector: selectorOf(mesh.spec.namespaceSelector),
  }));
  const ofNamespace = new Map<string, Membership>();
  return (object) => {
    const named = namedMesh(object);
    if (named !== undefined) {
      const mesh = cluster.find('Mesh', '', named);
      return { isMember: true, mesh: mesh ? nameInAppMesh(mesh) : named };
    }
    if (meshes.length === 0) return { isMember: true, mesh: given() };
    const known = ofNamespace.get(object.namespace);
    if (known) return known;
    const membership = memberOf(object, meshes, cluster.find('Namespace', '', object.namespace));
    ofNamespace.set(object.namespace, membership);
    return membership;
  };
}

interface Candidate {
  readonly mesh: KubernetesObject;
  readonly name: string;
  readonly selector: ReturnType<typeof selectorOf>;
}

function memberOf(
  { namespace: name, locate }: KubernetesObject,
  meshes: readonly Candidate[],
  namespace: KubernetesObject | undefined,
): Membership {
  const labels = namespace?.labels ?? {};
  const takers = meshes.filter(({ selector }) => selector.takes(labels));
  const [taker, anotherTaker] = takers;
  const refusal = { severity: 'error', origin: locate(['metadata', 'namespace']) } as const;
  if (anotherTaker) {
    return {
      isMember: false,
      finding: {
        ...refusal,
        code: 'kubernetes-mesh-ambiguous',
        message: `namespace ${name} is selected by several meshes, ${namesOf(takers)}; what is in it is left out`,
        remedy: 'Let the namespaceSelector of one mesh alone take it.',
      },
    };
  }
  if (taker) return { isMember: true, mesh: taker.name };
  const [only, another] = meshes;
  if (only && another === undefined && !only.selector.concerns(labels)) {
    return { isMember: true, mesh: only.name, ...(namespace && { finding: assumed(only, namespace) }) };
  }
  if (namespace) {
    return {
      isMember: false,
      finding: {
        ...refusal,
        code: 'kubernetes-mesh-unmatched',
        message: `no mesh selects namespace ${name} by its labels, of ${namesOf(meshes)}; what is in it is left out`,
        origin: namespace.locate(['metadata', 'labels']),
        remedy: 'Correct its labels, or the namespaceSelector of the mesh.',
      },
    };
  }
  return {
    isMember: false,
    finding: {
      ...refusal,
      code: 'kubernetes-namespace-unknown',
      message: `namespace ${name} is not among the documents, so its labels cannot tell which mesh it is in, of ${namesOf(meshes)}; what is in it is left out`,
      remedy: 'Give the file that holds the Namespace, too.',
    },
  };
}

/** Its labels were given by other means, or the mesh would have had no member. */
function assumed({ mesh }: Candidate, namespace: KubernetesObject): Finding {
  return {
    severity: 'warning',
    code: 'kubernetes-mesh-assumed',
    message: `mesh ${mesh.name} does not select namespace ${namespace.name} by its labels; as the only mesh here it is taken to`,
    origin: namespace.locate(['metadata', 'labels']),
    remedy: 'Give the namespace the labels that the namespaceSelector of the mesh asks for.',
  };
}

function namedMesh({ version, spec }: KubernetesObject): string | undefined {
  if (version === 'v1beta1') return textOf(spec.meshName);
  return isObject(spec.meshRef) ? textOf(spec.meshRef.name) : undefined;
}

function namesOf(candidates: readonly Candidate[]): string {
  return candidates.map(({ mesh }) => mesh.name).join(', ');
}
