import { isObject } from '../format.ts';
import type { Finding } from '../found-resource.ts';
import type { Cluster } from './cluster.ts';
import { nameInAppMesh } from './name.ts';
import { itemsOf, type KubernetesObject, textOf } from './object.ts';
import { referencedName } from './reference.ts';

/** A backend that a node has through a group, and the group's place in the node. */
export interface GroupedBackend {
  readonly virtualServiceName: string;
  readonly path: readonly PropertyKey[];
}

/**
 * The virtual services of a node's backend groups; `*` stands for all of a namespace. References inside a group are
 * read from the node's namespace, as the controller reads them:
 * https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/docs/reference/backend_groups.md
 */
export function groupedBackends(
  node: KubernetesObject,
  cluster: Cluster,
  tell: (finding: Finding) => void,
): GroupedBackend[] {
  return itemsOf(node.spec.backendGroups).flatMap((value, index) => {
    const path = ['spec', 'backendGroups', index];
    const { name, namespace } = isObject(value) ? value : {};
    const inNamespace = textOf(namespace) || node.namespace;
    if (name === '*') {
      return cluster
        .ofKind('VirtualService')
        .filter((service) => service.namespace === inNamespace)
        .map((service) => ({ virtualServiceName: nameInAppMesh(service), path }));
    }
    const group = cluster.find('BackendGroup', inNamespace, textOf(name) ?? '');
    if (group === undefined) {
      tell({
        severity: 'error',
        code: 'kubernetes-backend-group-unknown',
        message: `BackendGroup ${inNamespace}/${textOf(name) ?? ''} is not among the documents`,
        origin: node.locate(path),
        remedy: 'Give the file that holds it, too.',
      });
      return [];
    }
    return itemsOf(group.spec.virtualservices).flatMap((service, place) => {
      const asNode = { ...group, namespace: node.namespace };
      const from = {
        kind: 'VirtualService',
        value: service,
        path: ['spec', 'virtualservices', place],
      } as const;
      const virtualServiceName = referencedName(from, asNode, cluster, tell);
      return virtualServiceName === undefined ? [] : [{ virtualServiceName, path }];
    });
  });
}
