import { isObject } from '../format.ts';
import type { Finding, FoundResource } from '../found-resource.ts';
import { conditionHolds } from './conditions.ts';
import { evaluate } from './evaluate.ts';
import { absent, type Evaluated, leaf, placeOf } from './evaluated.ts';
import { type MeshType, meshTypes } from './resource-types.ts';
import { invalid, originOf, type Scope, type Stack } from './scope.ts';
import { apiSpecification } from './spelling.ts';
import { member } from './template.ts';

/** The App Mesh resources of one stack, and what is missing or wrong about each. */
export interface StackReading {
  readonly resources: readonly FoundResource[];
  readonly findings: readonly Finding[];
}

/** Works out the App Mesh resources of a stack. */
export function stackResources(stack: Stack): StackReading {
  const readings = Object.entries(stack.template.resources).map(([id, raw]) => resourceOf(id, raw, stack));
  return {
    resources: readings.flatMap(({ resources }) => resources),
    findings: readings.flatMap(({ findings }) => findings),
  };
}

const nothing: StackReading = { resources: [], findings: [] };

function resourceOf(id: string, raw: unknown, stack: Stack): StackReading {
  const path = stack.template.pathOf('Resources', id);
  const scope: Scope = { stack, chain: [], missing: new Map() };
  if (id.startsWith('Fn::')) return loopOf(id, raw, scope, path);
  const typeName = member(raw, 'Type');
  if (!isObject(raw) || typeof typeName !== 'string' || !typeName.startsWith('AWS::AppMesh::'))
    return nothing;
  const type = meshTypes.get(typeName);
  if (type === undefined) {
    invalid(scope, [...path, 'Type'], { code: 'type-unknown', message: `App Mesh has no ${typeName}` });
    return { resources: [], findings: [...scope.missing.values()] };
  }
  const condition = member(raw, 'Condition');
  if (typeof condition === 'string') {
    if (conditionHolds(condition, [...path, 'Condition'], scope, evaluate) === false) {
      return { resources: [], findings: [leftOut(id, condition, scope, path)] };
    }
  }
  const resource = foundResource(id, type, raw, path, scope);
  return { resources: [resource], findings: [...scope.missing.values()] };
}

/** `Fn::ForEach` and the like make resources at deployment; they matter where they make App Mesh's. */
function loopOf(id: string, raw: unknown, scope: Scope, path: readonly PropertyKey[]): StackReading {
  if (!JSON.stringify(raw)?.includes('AWS::AppMesh::')) return nothing;
  invalid(scope, path, {
    code: 'function-unresolved',
    message: `${id} makes App Mesh resources, which only a deployment can do`,
    remedy: 'Give the template as it was deployed.',
  });
  return { resources: [], findings: [...scope.missing.values()] };
}

function foundResource(
  id: string,
  { kind, name: nameProperty, parent: parentProperty }: MeshType,
  raw: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  scope: Scope,
): FoundResource {
  const properties = isObject(raw.Properties) ? raw.Properties : {};
  const inside = [...path, 'Properties'];
  const known = new Set(['MeshName', 'MeshOwner', 'Spec', 'Tags', nameProperty, parentProperty]);
  for (const property of Object.keys(properties).filter((key) => !known.has(key))) {
    const message = `${String(raw.Type)} has no property ${property}`;
    invalid(scope, [...inside, property], { code: 'property-unknown', message });
  }
  const text = (property: string, otherwise?: string): string => {
    if (properties[property] === undefined && otherwise !== undefined) return otherwise;
    const { value } = evaluate(properties[property], [...inside, property], scope);
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    const message = `${id} needs a text as its ${property}`;
    return String(invalid(scope, [...inside, property], { code: 'property-missing', message }).value);
  };
  // CloudFormation makes up a name where the template gives none; the logical id is the part of it that is known.
  const optional = kind === 'virtualService' ? undefined : id;
  const name = text(nameProperty, optional);
  const mesh = kind === 'mesh' ? name : text('MeshName');
  const parent = parentProperty === undefined ? undefined : text(parentProperty);
  const spec = specificationOf(kind, properties, inside, scope);
  return {
    kind,
    name,
    mesh,
    ...(parent === undefined ? {} : { parent }),
    spec: spec.value,
    origin: originOf(scope, path),
    locate: (place) => originOf(scope, placeOf(spec, place)),
    ...ownerOf(properties, inside, scope),
  };
}

function specificationOf(
  kind: FoundResource['kind'],
  properties: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  scope: Scope,
): Evaluated {
  const inside = [...path, 'Spec'];
  if (properties.Spec === undefined && kind === 'mesh') return leaf({}, path);
  const evaluated = evaluate(properties.Spec, inside, scope);
  if (evaluated.value === absent && kind === 'mesh') return leaf({}, path);
  if (isObject(evaluated.value)) return apiSpecification(evaluated);
  if (!evaluated.standIn) {
    invalid(scope, inside, { code: 'property-missing', message: 'an App Mesh resource needs a Spec' });
  }
  return leaf({}, inside, true);
}

/** The owner changes nothing about a proxy, so nothing is missing where it is not known. */
function ownerOf(
  properties: Readonly<Record<string, unknown>>,
  path: readonly PropertyKey[],
  scope: Scope,
): { meshOwner?: string } {
  if (properties.MeshOwner === undefined) return {};
  const apart = { ...scope, missing: new Map() };
  const { value, standIn } = evaluate(properties.MeshOwner, [...path, 'MeshOwner'], apart);
  return standIn || apart.missing.size > 0 ? {} : { meshOwner: String(value) };
}

function leftOut(id: string, condition: string, scope: Scope, path: readonly PropertyKey[]): Finding {
  return {
    severity: 'note',
    code: 'condition-false',
    message: `${id} is left out, because its condition ${condition} does not hold`,
    origin: originOf(scope, path),
  };
}
