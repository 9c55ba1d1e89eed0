import { isObject } from '../format.ts';
import { absent, type Evaluated, leaf } from './evaluated.ts';
import { parameterValue } from './parameters.ts';
import { type MeshType, meshTypes, namingProperties } from './resource-types.ts';
import { type Evaluate, invalid, noteReference, once, recalled, type Scope, unresolved } from './scope.ts';
import { member } from './template.ts';

/** A resource of the template. */
interface Declared {
  readonly id: string;
  readonly type: unknown;
  readonly properties: unknown;
  readonly path: readonly PropertyKey[];
}

/**
 * `Ref`: a parameter's value, a pseudo parameter's, or the name of a resource. Of App Mesh's resources CloudFormation
 * gives the ARN, but whoever writes that where a name belongs means the name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
 */
export function ref(name: string, path: readonly PropertyKey[], scope: Scope, evaluate: Evaluate): Evaluated {
  if (name === 'AWS::NoValue') return leaf(absent, path);
  const parameter = parameterValue(name, path, scope);
  if (parameter) return parameter;
  const given = scope.stack.given(name);
  if (given !== undefined) return leaf(given, path);
  const resource = declared(name, scope);
  if (resource === undefined) {
    const message = `Ref names ${name}, and the template has neither a parameter nor a resource of that name`;
    return invalid(scope, path, {
      code: 'reference-unknown',
      message,
      remedy: `Add ${name}, or correct the name.`,
    });
  }
  const type = meshTypes.get(resource.type);
  const property = type?.name ?? namingProperties.get(resource.type);
  if (property === undefined) return deploymentValue(name, resource, path, scope);
  noteReference(scope, name, path);
  return propertyOf(resource, property, path, scope, evaluate);
}

/**
 * `Fn::GetAtt`: an attribute of a resource, as far as its properties say it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
 */
export function getAtt(
  id: string,
  attribute: string,
  path: readonly PropertyKey[],
  scope: Scope,
  evaluate: Evaluate,
): Evaluated {
  const name = `${id}.${attribute}`;
  const given = scope.stack.given(name);
  if (given !== undefined) return leaf(given, path);
  const resource = declared(id, scope);
  if (resource === undefined) {
    const message = `Fn::GetAtt names ${id}, and the template has no resource of that name`;
    return invalid(scope, path, {
      code: 'reference-unknown',
      message,
      remedy: `Add ${id}, or correct the name.`,
    });
  }
  const type = meshTypes.get(resource.type);
  if (type && attribute === 'Arn') return meshArn(resource, type, path, scope, evaluate);
  if (attribute.startsWith('Outputs.')) return nestedOutput(resource, attribute, path, scope);
  const says = attribute === type?.name || /(Name|Value)$/.test(attribute);
  const written = says && member(resource.properties, attribute) !== undefined;
  if (written || attribute === type?.name) return propertyOf(resource, attribute, path, scope, evaluate);
  return deploymentValue(name, resource, path, scope);
}

/** The ARN of an App Mesh resource, for what takes ARNs apart; undefined when the id is no such resource. */
export function arnOf(
  id: string,
  path: readonly PropertyKey[],
  scope: Scope,
  evaluate: Evaluate,
): Evaluated | undefined {
  const resource = declared(id, scope);
  const type = meshTypes.get(resource?.type);
  return resource && type ? meshArn(resource, type, path, scope, evaluate) : undefined;
}

function declared(id: string, { stack }: Scope): Declared | undefined {
  const raw = member(stack.template.resources, id);
  if (!isObject(raw)) return undefined;
  return { id, type: raw.Type, properties: raw.Properties, path: stack.template.pathOf('Resources', id) };
}

/** A property's value; a resource's own name is its logical id when the template leaves the naming to CloudFormation. */
function propertyOf(
  resource: Declared,
  property: string,
  path: readonly PropertyKey[],
  scope: Scope,
  evaluate: Evaluate,
): Evaluated {
  const raw = member(resource.properties, property);
  if (raw === undefined) return leaf(resource.id, path);
  return once(scope, `${resource.id}.${property}`, path, (inner) => {
    const value = evaluate(raw, [...resource.path, 'Properties', property], inner);
    const host =
      property === 'Name' && typeof value.value === 'string' ? value.value.replace(/\.$/, '') : value.value;
    return value.value === absent ? leaf(resource.id, path) : { ...value, value: host };
  });
}

function meshArn(
  resource: Declared,
  { arn, name, parent }: MeshType,
  path: readonly PropertyKey[],
  scope: Scope,
  evaluate: Evaluate,
): Evaluated {
  const part = (property: string) => String(propertyOf(resource, property, path, scope, evaluate).value);
  const region = scope.stack.given('AWS::Region');
  const account = scope.stack.given('AWS::AccountId');
  const owner = `${region ?? 'region'}:${account ?? 'account'}`;
  const parentPath =
    parent === undefined
      ? []
      : [parent === 'VirtualRouterName' ? 'virtualRouter' : 'virtualGateway', part(parent)];
  const own = arn === '' ? [] : [...parentPath, arn, part(name)];
  const known = region !== undefined && account !== undefined;
  return leaf([`arn:aws:appmesh:${owner}:mesh`, part('MeshName'), ...own].join('/'), path, !known);
}

function nestedOutput(
  resource: Declared,
  attribute: string,
  path: readonly PropertyKey[],
  scope: Scope,
): Evaluated {
  const found = scope.stack.nested(resource.id, attribute.slice('Outputs.'.length), scope);
  if (found) return recalled(found, path, scope);
  return deploymentValue(`${resource.id}.${attribute}`, resource, path, scope);
}

function deploymentValue(
  name: string,
  { type, id }: Declared,
  path: readonly PropertyKey[],
  scope: Scope,
): Evaluated {
  const kind = typeof type === 'string' ? ` (${type})` : '';
  const what = name === id ? `the id of ${id}` : `${name.slice(id.length + 1)} of ${id}`;
  return unresolved(scope, path, name, {
    code: 'value-of-deployment',
    message: `${what}${kind} is known only to its deployment`,
  });
}
