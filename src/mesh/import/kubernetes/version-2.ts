import { isObject } from '../format.ts';
import type { FoundResource } from '../found-resource.ts';
import { type GroupedBackend, groupedBackends } from './backend-group.ts';
import { gatewayRouteSpec, route } from './fields/route.ts';
import {
  meshSpec,
  virtualGatewaySpec,
  virtualNodeSpec,
  virtualRouterSpec,
  virtualServiceSpec,
} from './fields/specification.ts';
import { nameInAppMesh } from './name.ts';
import { itemsOf, membersOf, textOf, titleOf } from './object.ts';
import { converted, resource, type Subject } from './resource.ts';
import type { Converted, Place } from './shape.ts';

/** The App Mesh resources that the controller made of each kind of v1beta2 object. */
export const version2: Readonly<Record<string, (subject: Subject) => FoundResource[]>> = {
  Mesh: mesh,
  VirtualNode: virtualNode,
  VirtualService: (subject) => [whole('virtualService', virtualServiceSpec, subject)],
  VirtualRouter: virtualRouter,
  VirtualGateway: (subject) => [whole('virtualGateway', virtualGatewaySpec, subject)],
  GatewayRoute: gatewayRoute,
  // A group is nothing to App Mesh; it comes in with the nodes that name it.
  BackendGroup: () => [],
};

function whole(
  kind: 'virtualService' | 'virtualGateway',
  shape: typeof virtualServiceSpec,
  subject: Subject,
): FoundResource {
  const { object } = subject;
  return resource(
    { kind, name: nameInAppMesh(object) },
    converted(shape, object.spec, ['spec'], subject),
    subject,
  );
}

function mesh(subject: Subject): FoundResource[] {
  const { object } = subject;
  const meshOwner = textOf(object.spec.meshOwner);
  const identity = {
    kind: 'mesh',
    name: nameInAppMesh(object),
    ...(meshOwner ? { meshOwner } : {}),
  } as const;
  const spec = converted(meshSpec, object.spec, ['spec'], subject);
  return [resource(identity, spec, { ...subject, mesh: identity.name })];
}

function virtualNode(subject: Subject): FoundResource[] {
  const { object, cluster, tell } = subject;
  const spec = converted(virtualNodeSpec, object.spec, ['spec'], subject);
  const grouped = groupedBackends(object, cluster, tell);
  return [
    resource({ kind: 'virtualNode', name: nameInAppMesh(object) }, withBackends(spec, grouped), subject),
  ];
}

/** Adds the backends of groups behind a node's own, each once. */
function withBackends(spec: Converted, grouped: readonly GroupedBackend[]): Converted {
  const { backends, ...others } = membersOf(spec.value);
  const own = itemsOf(backends);
  const names = new Set(
    own.map((backend) => membersOf(membersOf(backend).virtualService).virtualServiceName),
  );
  const added = new Map(
    grouped
      .filter(({ virtualServiceName }) => !names.has(virtualServiceName))
      .map((backend) => [backend.virtualServiceName, backend]),
  );
  if (added.size === 0 || !isObject(spec.value)) return spec;
  const parts = new Map<PropertyKey, Place>(spec.place.parts.get('backends')?.parts ?? []);
  for (const [index, { path }] of [...added.values()].entries()) {
    parts.set(own.length + index, { path, parts: new Map() });
  }
  const list = [...added.keys()].map((virtualServiceName) => ({ virtualService: { virtualServiceName } }));
  const place = { path: ['spec', 'backends'], parts };
  return {
    value: { ...others, backends: [...own, ...list] },
    place: { path: spec.place.path, parts: new Map([...spec.place.parts, ['backends', place]]) },
  };
}

function virtualRouter(subject: Subject): FoundResource[] {
  const { object, tell } = subject;
  const router = nameInAppMesh(object);
  const seen = new Set<string>();
  const routes = itemsOf(object.spec.routes).flatMap((value, index) => {
    const path = ['spec', 'routes', index];
    const name = textOf(membersOf(value).name) ?? '';
    if (name === '' || seen.has(name)) {
      tell({
        severity: 'error',
        code: name === '' ? 'kubernetes-name-missing' : 'kubernetes-object-twice',
        message:
          name === ''
            ? `this route of ${titleOf(object)} has no name; it is left out`
            : `${titleOf(object)} has a second route ${name}; it is left out`,
        origin: object.locate([...path, 'name']),
        remedy: 'Give each route a name of its own.',
      });
      return [];
    }
    seen.add(name);
    const spec = converted(route, value, path, subject);
    return [resource({ kind: 'route', name, parent: router }, spec, subject, path)];
  });
  const spec = converted(virtualRouterSpec, object.spec, ['spec'], subject);
  return [resource({ kind: 'virtualRouter', name: router }, spec, subject), ...routes];
}

function gatewayRoute(subject: Subject): FoundResource[] {
  const { object, gatewayOf, tell } = subject;
  const { isMember, gateway, finding } = gatewayOf(object);
  if (finding) tell(finding);
  if (!isMember) return [];
  const spec = converted(gatewayRouteSpec, object.spec, ['spec'], subject);
  const parent = gateway && nameInAppMesh(gateway);
  return [resource({ kind: 'gatewayRoute', name: nameInAppMesh(object), parent }, spec, subject)];
}
