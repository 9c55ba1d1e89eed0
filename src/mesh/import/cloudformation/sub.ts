import { isObject } from '../format.ts';
import { importLimits } from '../limits.ts';
import { type Call, malformed, operands, tooLong } from './call.ts';
import { absent, type Evaluated, leaf } from './evaluated.ts';
import { getAtt, ref } from './reference.ts';

/** `${Name}`, `${Resource.Attribute}`, and `${!Literal}`, which stands for `${Literal}`. */
const variable = /\$\{([^{}]*)\}/g;

/**
 * `Fn::Sub`: a text with variables, alone or with a map of some of them.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
 */
export function substituted(call: Call): Evaluated {
  const [text, map] = typeof call.argument === 'string' ? [call.argument] : operands(call);
  if (typeof text !== 'string') return malformed(call, 'Fn::Sub takes a text, or a text and a map');
  let standIn = false;
  let length = text.length;
  const parts: string[] = [];
  let end = 0;
  for (const { 0: whole, 1: name = '', index } of text.matchAll(variable)) {
    const value = name.startsWith('!')
      ? leaf(`\${${name.slice(1)}}`, call.path)
      : variableValue(name.trim(), map, call);
    if (value.value !== absent && (typeof value.value === 'object' || value.value === undefined)) {
      return malformed(call, `\${${name}} is a list or a map, and Fn::Sub makes a text`);
    }
    const replacement = value.value === absent ? '' : String(value.value);
    standIn ||= value.standIn;
    length += replacement.length;
    if (length > importLimits.text) return tooLong(call);
    parts.push(text.slice(end, index), replacement);
    end = index + whole.length;
  }
  return leaf(parts.join('') + text.slice(end), call.path, standIn);
}

function variableValue(name: string, map: unknown, { path, scope, evaluate }: Call): Evaluated {
  if (isObject(map) && Object.hasOwn(map, name)) return evaluate(map[name], [...path, 1, name], scope);
  const dot = name.indexOf('.');
  return dot === -1
    ? ref(name, path, scope, evaluate)
    : getAtt(name.slice(0, dot), name.slice(dot + 1), path, scope, evaluate);
}
