import { isObject } from '../format.ts';
import { type Evaluated, leaf } from './evaluated.ts';
import { invalid, recalled, type Scope, unresolved } from './scope.ts';
import { member } from './template.ts';

/** Pseudo parameters that are the same nearly everywhere; the others depend on the deployment. */
const pseudoParameters: Readonly<Record<string, string | undefined>> = {
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::Region': undefined,
  'AWS::AccountId': undefined,
  'AWS::StackName': undefined,
  'AWS::StackId': undefined,
  'AWS::NotificationARNs': undefined,
};

/**
 * The value of a parameter or a pseudo parameter: what somebody gave, what the parent stack gives, the default;
 * undefined when the template has none of that name.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function parameterValue(
  name: string,
  path: readonly PropertyKey[],
  scope: Scope,
): Evaluated | undefined {
  const { template, given, inherited } = scope.stack;
  if (Object.hasOwn(pseudoParameters, name)) {
    const value = given(name) ?? pseudoParameters[name];
    if (value !== undefined) return leaf(value, path);
    const message = `${name} is known only to its deployment`;
    return unresolved(scope, path, name, { code: 'parameter-unresolved', message });
  }
  const declaration = member(template.parameters, name);
  if (declaration === undefined) return undefined;
  const { Type, Default, AllowedValues } = isObject(declaration) ? declaration : {};
  const own = given(name);
  if (own !== undefined) {
    const allowed = Array.isArray(AllowedValues) ? AllowedValues.map(String) : undefined;
    if (allowed && !allowed.includes(own)) {
      const message = `the parameter ${name} was given as '${own}', and may be ${allowed.join(', ')}`;
      return invalid(scope, template.pathOf('Parameters', name), { code: 'parameter-invalid', message });
    }
    return typed(own, Type, path);
  }
  const parent = inherited(name, scope);
  if (parent) return recalled(parent, path, scope);
  const stored = typeof Type === 'string' && Type.startsWith('AWS::SSM::Parameter::Value');
  if (stored) {
    const message = `the parameter ${name} is read from the parameter store at deployment`;
    return unresolved(scope, path, name, { code: 'parameter-unresolved', message });
  }
  if (Default !== undefined && Default !== null) return typed(scalarText(Default), Type, path);
  const message = `the parameter ${name} has no default`;
  return unresolved(scope, path, name, { code: 'parameter-unresolved', message });
}

/** Every parameter is a text, or a list of texts. */
function typed(value: string, type: unknown, path: readonly PropertyKey[]): Evaluated {
  const many = typeof type === 'string' && (type === 'CommaDelimitedList' || type.includes('List<'));
  return leaf(many ? value.split(',').map((item) => item.trim()) : value, path);
}

function scalarText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
