import type { FoundResource } from '../found-resource.ts';
import { type Cluster, replaced } from './cluster.ts';
import { meshSpec, route, routerSpec, virtualNodeSpec } from './fields/version-1.ts';
import { nameInAppMesh, namespacedName } from './name.ts';
import { itemsOf, type KubernetesObject, type Members, membersOf, textOf } from './object.ts';
import { converted, resource, type Subject } from './resource.ts';
import type { Converted } from './shape.ts';

/**
 * The App Mesh resources that the controller made of each kind of v1beta1 object:
 * https://github.com/aws/aws-app-mesh-controller-for-k8s/tree/v0.5.0/pkg/controller
 */
export const version1: Readonly<Record<string, (subject: Subject) => FoundResource[]>> = {
  Mesh: (subject) => {
    const { name, spec } = subject.object;
    const mesh = converted(meshSpec, spec, ['spec'], subject);
    return [resource({ kind: 'mesh', name }, mesh, { ...subject, mesh: name })];
  },
  VirtualNode: virtualNode,
  VirtualService: virtualService,
};

function virtualNode(subject: Subject): FoundResource[] {
  const { object, mesh } = subject;
  const name = nameInAppMesh(object);
  const { value, place } = converted(virtualNodeSpec, object.spec, ['spec'], subject);
  const spec = { value: withMarks(membersOf(value), { mesh, name }), place };
  return [resource({ kind: 'virtualNode', name }, spec, subject)];
}

/** The controller told the nodes of one Cloud Map service apart by attributes that it gave to their instances. */
function withMarks(
  spec: Members,
  marks: { readonly mesh: string | undefined; readonly name: string },
): Members {
  const discovery = membersOf(spec.serviceDiscovery);
  if (discovery.awsCloudMap === undefined) return spec;
  const cloudMap = membersOf(discovery.awsCloudMap);
  const attributes = [
    ...itemsOf(cloudMap.attributes),
    { key: 'appmesh.k8s.aws/mesh', value: marks.mesh },
    { key: 'appmesh.k8s.aws/virtualNode', value: marks.name },
  ];
  return { ...spec, serviceDiscovery: { ...discovery, awsCloudMap: { ...cloudMap, attributes } } };
}

/** A virtual service brought its router and its routes with it. */
function virtualService(subject: Subject): FoundResource[] {
  const { object, cluster, tell } = subject;
  const newer = cluster.inAppMesh('VirtualService', object.name);
  if (newer && newer.version !== object.version) {
    tell(replaced(newer, object));
    return [];
  }
  const own = membersOf(object.spec.virtualRouter);
  const router = namespacedName(textOf(own.name)?.trim() || object.name, object.namespace);
  const place = { path: ['spec', 'virtualRouter'], parts: new Map() };
  const provider = { value: { provider: { virtualRouter: { virtualRouterName: router } } }, place };
  const written = converted(routerSpec, own, place.path, subject);
  const routes = itemsOf(object.spec.routes);
  return [
    resource({ kind: 'virtualService', name: object.name }, provider, subject),
    resource(
      { kind: 'virtualRouter', name: router },
      withListener(written, routes[0], subject),
      subject,
      place.path,
    ),
    ...routes.map((value, index) => {
      const path = ['spec', 'routes', index];
      const name = namespacedName(textOf(membersOf(value).name) ?? String(index), object.namespace);
      const spec = converted(route, value, path, subject);
      const named = { value: withNodeNames(membersOf(spec.value), subject), place: spec.place };
      return resource({ kind: 'route', name, parent: router }, named, subject, path);
    }),
  ];
}

/** A router that names no listener had that of the first node its first route leads to. */
function withListener(router: Converted, first: unknown, { object, cluster }: Subject): Converted {
  const written = membersOf(router.value);
  if (itemsOf(written.listeners).length > 0) return router;
  const [target] = Object.values(membersOf(first)).flatMap((part) =>
    itemsOf(membersOf(membersOf(part).action).weightedTargets),
  );
  const node = nodeOf(textOf(membersOf(target).virtualNodeName) ?? '', object, cluster);
  const listeners = itemsOf(node?.spec.listeners)
    .slice(0, 1)
    .map((listener) => ({ portMapping: membersOf(listener).portMapping }));
  return { value: { ...written, listeners }, place: router.place };
}

/** Routes name nodes as Kubernetes does, or as App Mesh does: the controller took http2 and grpc targets as they stood. */
function withNodeNames(spec: Members, { object, cluster }: Subject): Members {
  return Object.fromEntries(
    Object.entries(spec).map(([member, value]) => {
      const action = membersOf(membersOf(value).action);
      if (!Array.isArray(action.weightedTargets)) return [member, value];
      const weightedTargets = action.weightedTargets.map((target) => {
        const name = textOf(membersOf(target).virtualNode) ?? '';
        const node = nodeOf(name, object, cluster);
        return {
          ...membersOf(target),
          virtualNode: node ? nameInAppMesh(node) : namespacedName(name, object.namespace),
        };
      });
      return [member, { ...membersOf(value), action: { ...action, weightedTargets } }];
    }),
  );
}

function nodeOf(
  name: string,
  { namespace }: KubernetesObject,
  cluster: Cluster,
): KubernetesObject | undefined {
  return (
    cluster.inAppMesh('VirtualNode', namespacedName(name, namespace)) ??
    cluster.inAppMesh('VirtualNode', name) ??
    cluster.find('VirtualNode', namespace, name) ??
    (name.endsWith(`-${namespace}`)
      ? cluster.find('VirtualNode', namespace, name.slice(0, -1 - namespace.length))
      : undefined)
  );
}
