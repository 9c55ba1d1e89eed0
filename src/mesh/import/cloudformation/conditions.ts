import { isObject } from '../format.ts';
import { leaf } from './evaluated.ts';
import { type Evaluate, invalid, once, type Scope } from './scope.ts';
import { member } from './template.ts';

/**
 * Whether a condition of the template holds; undefined when that depends on something missing, which is noted then.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html
 */
export function conditionHolds(
  name: string,
  path: readonly PropertyKey[],
  scope: Scope,
  evaluate: Evaluate,
): boolean | undefined {
  const { template } = scope.stack;
  const raw = member(template.conditions, name);
  if (raw === undefined) {
    invalid(scope, path, { code: 'reference-unknown', message: `the template has no condition ${name}` });
    return undefined;
  }
  const { value } = once(scope, `Condition ${name}`, path, (inner) =>
    leaf(holds(raw, template.pathOf('Conditions', name), inner, evaluate), path),
  );
  return typeof value === 'boolean' ? value : undefined;
}

function holds(
  raw: unknown,
  path: readonly PropertyKey[],
  scope: Scope,
  evaluate: Evaluate,
): boolean | undefined {
  const [name, argument] = isObject(raw) ? (Object.entries(raw)[0] ?? []) : [];
  if (name === undefined) return invalidCondition(scope, path);
  const inside = [...path, name];
  if (name === 'Condition' && typeof argument === 'string') {
    return conditionHolds(argument, inside, scope, evaluate);
  }
  if (!Array.isArray(argument)) return invalidCondition(scope, path);
  // What is missing matters only where the other operands do not decide already.
  const operands = () =>
    argument.map((operand: unknown, index) => {
      const tried = { ...scope, missing: new Map() };
      return { value: holds(operand, [...inside, index], tried, evaluate), missing: tried.missing };
    });
  switch (name) {
    case 'Fn::Equals':
      return equal(argument, inside, scope, evaluate);
    case 'Fn::Not':
      return negated(holds(argument[0], [...inside, 0], scope, evaluate));
    case 'Fn::And':
      return decided(operands(), false, scope);
    case 'Fn::Or':
      return decided(operands(), true, scope);
    default:
      return invalidCondition(scope, path);
  }
}

function equal(
  [left, right]: readonly unknown[],
  path: readonly PropertyKey[],
  scope: Scope,
  evaluate: Evaluate,
): boolean | undefined {
  const sides = [evaluate(left, [...path, 0], scope), evaluate(right, [...path, 1], scope)] as const;
  if (sides.some(({ standIn }) => standIn) || scope.missing.size > 0) return undefined;
  return JSON.stringify(textOf(sides[0].value)) === JSON.stringify(textOf(sides[1].value));
}

/** Parameters are texts, whatever the literal they are compared with is. */
function textOf(value: unknown): unknown {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function decided(
  operands: readonly { value: boolean | undefined; missing: Scope['missing'] }[],
  deciding: boolean,
  scope: Scope,
): boolean | undefined {
  if (operands.some(({ value }) => value === deciding)) return deciding;
  if (operands.every(({ value }) => value !== undefined)) return !deciding;
  for (const { missing } of operands) for (const [key, one] of missing) scope.missing.set(key, one);
  return undefined;
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function invalidCondition(scope: Scope, path: readonly PropertyKey[]): undefined {
  invalid(scope, path, {
    code: 'condition-invalid',
    message: 'this is no condition: Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition is',
  });
  return undefined;
}
