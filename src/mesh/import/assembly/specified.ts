import {
  parseSpecification,
  type ResourceKind,
  type Specifications,
} from '../../../model/mesh/specification.ts';
import { resourceName } from '../../../model/mesh/terms.ts';
import type { Finding } from '../found-resource.ts';
import type { PlacedResource } from './belonging.ts';
import { type Draft, emptyDraft } from './draft.ts';
import { kindNames, titleOf } from './resource-title.ts';

/** A resource whose specification is valid by itself. */
export type SpecifiedResource = {
  readonly [Kind in ResourceKind]: {
    readonly kind: Kind;
    readonly spec: Specifications[Kind];
    readonly found: PlacedResource;
  };
}[ResourceKind];

/** Judges each specification by App Mesh's own schema; what is not valid is left out. */
export function specified(found: readonly PlacedResource[]): {
  readonly resources: readonly SpecifiedResource[];
  readonly findings: readonly Finding[];
} {
  const resources: SpecifiedResource[] = [];
  const findings: Finding[] = [];
  for (const resource of found) {
    const unfit = [resource.mesh, resource.parent ?? resource.mesh, resource.name].find(isNoName);
    if (unfit !== undefined) {
      findings.push(nameFinding(resource, unfit));
      continue;
    }
    const { spec, mistakes } = parseSpecification(resource.kind, resource.spec);
    if (spec !== undefined)
      resources.push({ kind: resource.kind, spec, found: resource } as SpecifiedResource);
    for (const { at, mistake } of mistakes) {
      findings.push({
        severity: 'error',
        code: 'specification-invalid',
        message: `${titleOf(resource)}: ${mistake.path} is ${mistake.found}, allowed: ${mistake.allowed}`,
        origin: resource.locate(at),
        ...(mistake.reference === undefined ? {} : { remedy: `See ${mistake.reference}.` }),
      });
    }
  }
  return { resources, findings };
}

function isNoName(name: string): boolean {
  return !resourceName.safeParse(name).success;
}

function nameFinding(resource: PlacedResource, name: string): Finding {
  const found = name === '' ? 'empty' : `${name.length} characters long`;
  return {
    severity: 'error',
    code: 'name-invalid',
    message: `a name of this ${kindNames[resource.kind]} is ${found}, allowed: 1 to 255 characters`,
    origin: resource.origin,
  };
}

/** A draft of a mesh with these resources. */
export function draftOf(mesh: string, resources: readonly SpecifiedResource[]): Draft {
  const own = resources.find((resource) => resource.kind === 'mesh');
  const draft = emptyDraft(mesh, own?.spec ?? {});
  for (const { kind, spec, found } of resources) {
    const { name, parent = '' } = found;
    switch (kind) {
      case 'virtualNode':
        draft.nodes.set(name, spec);
        break;
      case 'virtualService':
        draft.services.set(name, spec);
        break;
      case 'virtualRouter':
        draft.routers.set(name, spec);
        break;
      case 'virtualGateway':
        draft.gateways.set(name, spec);
        break;
      case 'route':
        under(draft.routes, parent).set(name, spec);
        break;
      case 'gatewayRoute':
        under(draft.gatewayRoutes, parent).set(name, spec);
        break;
    }
  }
  return draft;
}

function under<Value>(parents: Map<string, Map<string, Value>>, parent: string): Map<string, Value> {
  const known = parents.get(parent) ?? new Map<string, Value>();
  parents.set(parent, known);
  return known;
}
