import { isObject } from '../format.ts';
import { callName } from './call.ts';
import { type Evaluated, leaf, list, mapping } from './evaluated.ts';
import { carryOut } from './functions.ts';
import { invalid, type Scope, unresolved } from './scope.ts';

/**
 * Carries out the functions of a value. What needs a deployment, or is wrong, is noted in the scope, and a stand-in
 * takes its place.
 */
export function evaluate(raw: unknown, path: readonly PropertyKey[], scope: Scope): Evaluated {
  if (typeof raw === 'string') return withDynamicReferences(raw, path, scope);
  if (Array.isArray(raw)) {
    return list(
      raw.map((item, index) => evaluate(item, [...path, index], scope)),
      path,
    );
  }
  if (!isObject(raw)) return leaf(raw, path);
  const name = callName(raw);
  if (name !== undefined)
    return carryOut({ name, argument: raw[name], path: [...path, name], scope, evaluate });
  const members = Object.entries(raw).flatMap(([key, value]): (readonly [string, Evaluated])[] => {
    const inside = [...path, key];
    if (!key.startsWith('Fn::')) return [[key, evaluate(value, inside, scope)]];
    invalid(scope, inside, {
      code: 'function-unresolved',
      message: `${key} adds members here, which only a deployment can do`,
      remedy: 'Write its result in its place, or give the template as it was deployed.',
    });
    return [];
  });
  return mapping(members, path);
}

/** `{{resolve:ssm:name}}`: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
const dynamicReference = /\{\{(resolve:[^{}]{1,512})\}\}/g;

function withDynamicReferences(text: string, path: readonly PropertyKey[], scope: Scope): Evaluated {
  if (!text.includes('{{resolve:')) return leaf(text, path);
  let standIn = false;
  const value = text.replace(dynamicReference, (_, name: string) => {
    const given = scope.stack.given(name);
    if (given !== undefined) return given;
    standIn = true;
    const reason = { code: 'value-of-deployment', message: `{{${name}}} is read at deployment` };
    return String(unresolved(scope, path, name, reason).value);
  });
  return leaf(value, path, standIn);
}
