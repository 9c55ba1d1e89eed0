import type { ParsedDocument } from './document.ts';
import { locatedResourceMistakes } from './mesh/resources.ts';
import { specificationMistakes } from './mesh/specification.ts';
import { type Mistake, mistake, pathText } from './mistake.ts';
import { oneOf, type Rule } from './rule.ts';
import { expandMesh } from './sections/mesh/expand.ts';
import { sectionPath } from './sections/mesh/section-path.ts';
import { listenersOf } from './sections/mesh/several.ts';

/** What the mesh section can get wrong: against the services of `compute`, within itself, and as App Mesh has it. */
export const meshRules: readonly Rule[] = [
  servicesAndNodes,
  gatewayNames,
  gatewayNodes,
  providedOnce,
  ownCertificates,
  expandedResources,
];

function* servicesAndNodes({ compute, mesh }: ParsedDocument): Iterable<Mistake> {
  for (const name of Object.keys(compute.services)) {
    if (!Object.hasOwn(mesh.nodes, name)) {
      yield mistake(['mesh', 'nodes', name], undefined, 'a node for each service');
    }
  }
  for (const [name, node] of Object.entries(mesh.nodes)) {
    const at = ['mesh', 'nodes', name];
    const service = compute.services[name];
    if (!service) {
      yield mistake(at, name, oneOf(Object.keys(compute.services)));
      continue;
    }
    const ports = (listenersOf(node) ?? []).map(({ port }) => port);
    if (ports.includes(service.port)) continue;
    const where = node.listeners ? ['listeners'] : node.listener ? ['listener', 'port'] : ['listener'];
    const found = node.listeners ? ports : ports[0];
    yield mistake([...at, ...where], found, `${service.port}, the service's port`);
  }
}

function* gatewayNames({ mesh }: ParsedDocument): Iterable<Mistake> {
  const { name } = mesh.gateway;
  const taken = 'a name no node has: it is an identity';
  if (Object.hasOwn(mesh.nodes, name)) yield mistake(['mesh', 'gateway', 'name'], name, taken);
  for (const other of Object.keys(mesh.gateways)) {
    const at = ['mesh', 'gateways', other];
    if (Object.hasOwn(mesh.nodes, other)) yield mistake(at, other, taken);
    if (other === name) yield mistake(at, other, 'a name that mesh.gateway does not have');
  }
}

function* gatewayNodes({ mesh }: ParsedDocument): Iterable<Mistake> {
  for (const { at, gateway } of gatewaysOf(mesh)) {
    for (const [index, { node }] of gateway.routes.entries()) {
      if (node !== undefined && !Object.hasOwn(mesh.nodes, node)) {
        yield mistake([...at, 'routes', index, 'node'], node, oneOf(Object.keys(mesh.nodes)));
      }
    }
  }
}

function* providedOnce({ mesh }: ParsedDocument): Iterable<Mistake> {
  const provided = new Set(Object.keys(mesh.services));
  for (const [name, { virtualService }] of Object.entries(mesh.routers)) {
    if (virtualService === undefined) continue;
    if (provided.has(virtualService)) {
      yield mistake(
        ['mesh', 'routers', name, 'virtualService'],
        virtualService,
        'a virtual service that no other router provides',
      );
    }
    provided.add(virtualService);
  }
}

/** With the platform's certificates on every hop, no proxy may be told of others. */
function* ownCertificates({ mesh }: ParsedDocument): Iterable<Mistake> {
  if (!mesh.mutualTls) return;
  const allowed = 'nothing while mesh.mutualTls is on: the platform brings the certificates';
  for (const [name, node] of Object.entries(mesh.nodes)) {
    const at = ['mesh', 'nodes', name];
    for (const [index, { tls }] of (listenersOf(node) ?? []).entries()) {
      const listener = node.listener ? ['listener'] : ['listeners', index];
      if (tls) yield mistake([...at, ...listener, 'tls'], tls, allowed);
    }
    for (const [index, { clientPolicy }] of node.backends.entries()) {
      if (clientPolicy?.tls) {
        yield mistake([...at, 'backends', index, 'clientPolicy', 'tls'], clientPolicy.tls, allowed);
      }
    }
    const tls = node.backendDefaults?.clientPolicy?.tls;
    if (tls) yield mistake([...at, 'backendDefaults', 'clientPolicy', 'tls'], tls, allowed);
  }
  for (const { at, gateway } of gatewaysOf(mesh)) {
    const tls = gateway.backendDefaults?.clientPolicy?.tls;
    if (tls) yield mistake([...at, 'backendDefaults', 'clientPolicy', 'tls'], tls, allowed);
  }
}

/** What is wrong with the resources the section stands for, at the place in the section it comes from. */
function* expandedResources(document: ParsedDocument): Iterable<Mistake> {
  const { resources } = expandMesh(document.mesh);
  const known = new Set(
    [servicesAndNodes, gatewayNodes, providedOnce].flatMap((rule) =>
      [...rule(document)].map(({ path }) => path),
    ),
  );
  for (const { at, mistake } of [
    ...specificationMistakes(resources),
    ...locatedResourceMistakes(resources),
  ]) {
    const path = pathText(sectionPath(document.mesh, at));
    if (!known.has(path)) yield { ...mistake, path };
    known.add(path);
  }
}

function gatewaysOf({ gateway, gateways }: ParsedDocument['mesh']) {
  return [
    { at: ['mesh', 'gateway'], gateway },
    ...Object.entries(gateways).map(([name, other]) => ({ at: ['mesh', 'gateways', name], gateway: other })),
  ];
}
