import { type KubernetesObject, textOf } from './object.ts';

/**
 * What the controller called an object in App Mesh: its `awsName`, else a name made of its own and its namespace.
 * https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/master/docs/reference/api_design.md
 */
export function nameInAppMesh(object: KubernetesObject): string {
  if (object.version === 'v1beta1') return nameInVersion1(object);
  const awsName = textOf(object.spec.awsName);
  return awsName || defaultName(object.kind, object.namespace, object.name);
}

/** What the controller called an object without an `awsName`. */
export function defaultName(kind: string, namespace: string, name: string): string {
  if (kind === 'Mesh') return name;
  return kind === 'VirtualService' ? `${name}.${namespace}` : `${name}_${namespace}`;
}

/**
 * What the controller of v1beta1 called a node, a router or a route: with its namespace behind it, unless there is a
 * dot in its name, which says the namespace already.
 * https://github.com/aws/aws-app-mesh-controller-for-k8s/blob/v0.5.0/pkg/controller/controller_util.go
 */
export function namespacedName(name: string, namespace: string): string {
  return name.includes('.') ? name.replaceAll('.', '-') : `${name}-${namespace}`;
}

function nameInVersion1({ kind, name, namespace }: KubernetesObject): string {
  return kind === 'VirtualNode' ? namespacedName(name, namespace) : name;
}
