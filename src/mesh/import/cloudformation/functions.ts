import { importLimits } from '../limits.ts';
import { standInOf } from '../placeholders/placeholder.ts';
import { type Call, malformed, operands, tooLong } from './call.ts';
import { conditionHolds } from './conditions.ts';
import { type Evaluated, leaf } from './evaluated.ts';
import { arnOf, getAtt, ref } from './reference.ts';
import { invalid, recalled, unresolved } from './scope.ts';
import { substituted } from './sub.ts';
import { member } from './template.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const functions: ReadonlyMap<string, (call: Call) => Evaluated> = new Map([
  ['Ref', referred],
  ['Fn::GetAtt', attribute],
  ['Fn::Sub', substituted],
  ['Fn::If', chosen],
  ['Fn::Join', joined],
  ['Fn::Split', split],
  ['Fn::Select', selected],
  ['Fn::FindInMap', mapped],
  ['Fn::ImportValue', imported],
  ['Fn::Base64', encoded],
]);

/** Carries out a function; one that needs a deployment, or is not known, is missing. */
export function carryOut(call: Call): Evaluated {
  const known = functions.get(call.name);
  if (known) return known(call);
  return invalid(call.scope, call.path, {
    code: 'function-unresolved',
    message: `${call.name} cannot be resolved without a deployment`,
    remedy: 'Write its result in its place, or give the template as it was deployed.',
  });
}

function referred(call: Call): Evaluated {
  const { argument, path, scope, evaluate } = call;
  if (typeof argument !== 'string') return malformed(call, 'Ref takes a name');
  return ref(argument, path, scope, evaluate);
}

function attribute(call: Call): Evaluated {
  const { argument, path, scope, evaluate } = call;
  const [id, ...names] = typeof argument === 'string' ? argument.split('.') : operands(call);
  const parts = names.map((name, index) => evaluate(name, [...path, index + 1], scope).value);
  if (typeof id !== 'string' || parts.length === 0 || parts.some((part) => typeof part !== 'string')) {
    return malformed(call, 'Fn::GetAtt takes a resource and one of its attributes');
  }
  return getAtt(id, parts.join('.'), path, scope, evaluate);
}

/** Without knowing the condition the first branch is taken; what is missing for it is noted. */
function chosen(call: Call): Evaluated {
  const { path, scope, evaluate } = call;
  const [condition, ...branches] = operands(call);
  if (typeof condition !== 'string' || branches.length !== 2) {
    return malformed(call, 'Fn::If takes a condition and two values');
  }
  const index = conditionHolds(condition, path, scope, evaluate) === false ? 1 : 0;
  return evaluate(branches[index], [...path, index + 1], scope);
}

function joined(call: Call): Evaluated {
  const { path, scope, evaluate } = call;
  const [delimiter, items] = operands(call);
  const { value, parts, standIn } = evaluate(items, [...path, 1], scope);
  if (standIn && !Array.isArray(value)) return leaf(value, path, true);
  if (typeof delimiter !== 'string' || !isTexts(value)) {
    return malformed(call, 'Fn::Join takes a delimiter and a list of texts');
  }
  const length = value.reduce<number>((sum, item) => sum + String(item).length + delimiter.length, 0);
  if (length > importLimits.text) return tooLong(call);
  return leaf(value.join(delimiter), path, standIn || [...parts.values()].some((part) => part.standIn));
}

function split(call: Call): Evaluated {
  const { path, scope, evaluate } = call;
  const [delimiter, source] = operands(call);
  // Whoever takes the reference of an App Mesh resource apart takes it for the ARN that it is.
  const id = member(source, 'Ref');
  const arn = typeof id === 'string' ? arnOf(id, path, scope, evaluate) : undefined;
  const { value, standIn } = arn ?? evaluate(source, [...path, 1], scope);
  if (typeof delimiter !== 'string' || delimiter === '' || typeof value !== 'string') {
    return malformed(call, 'Fn::Split takes a delimiter and a text');
  }
  return leaf(value.split(delimiter), path, standIn);
}

function selected(call: Call): Evaluated {
  const { path, scope, evaluate } = call;
  const [at, items] = operands(call);
  const index = Number(evaluate(at, [...path, 0], scope).value);
  const { value, parts, standIn } = evaluate(items, [...path, 1], scope);
  if (Array.isArray(value) && Number.isInteger(index) && value[index] !== undefined) {
    return parts.get(index) ?? leaf(value[index], path, standIn);
  }
  // What stands in for the real value may have fewer parts.
  if (standIn) return leaf('unresolved', path, true);
  return malformed(
    call,
    `Fn::Select asks for item ${index} of ${Array.isArray(value) ? value.length : 'no list'}`,
  );
}

function mapped(call: Call): Evaluated {
  const { path, scope, evaluate } = call;
  const [map, first, second, options] = operands(call);
  const keys = [map, first, second].map((key, index) => evaluate(key, [...path, index], scope));
  const [name = '', top = '', inner = ''] = keys.map(({ value }) => String(value));
  const standIn = keys.some((key) => key.standIn);
  const found = member(member(member(scope.stack.template.mappings, name), top), inner);
  if (found !== undefined && !standIn) return evaluate(found, path, scope);
  const otherwise = member(options, 'DefaultValue');
  if (otherwise !== undefined) return evaluate(otherwise, [...path, 3, 'DefaultValue'], scope);
  if (standIn) return leaf('unresolved', path, true);
  return malformed(call, `the template maps nothing at ${[name, top, inner].join(', ')}`);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html */
function imported(call: Call): Evaluated {
  const { argument, path, scope, evaluate } = call;
  const { value, standIn } = evaluate(argument, path, scope);
  if (typeof value !== 'string') return malformed(call, 'Fn::ImportValue takes a name');
  const given = scope.stack.given(value);
  if (given !== undefined) return leaf(given, path);
  const found = scope.stack.exported(value, scope);
  if (found) return recalled(found, path, scope);
  // What the name itself lacks is what to ask for first.
  if (standIn) return leaf(standInOf(value), path, true);
  const message = `none of the templates exports ${value}`;
  return unresolved(scope, path, value, { code: 'import-unresolved', message });
}

function encoded({ argument, path, scope, evaluate }: Call): Evaluated {
  const { value, standIn } = evaluate(argument, path, scope);
  return leaf(Buffer.from(String(value)).toString('base64'), path, standIn);
}

function isTexts(value: unknown): value is readonly (string | number | boolean)[] {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}
