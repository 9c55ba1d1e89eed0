import { isObject } from '../format.ts';
import { itemsOf, type Labels, labelsOf, textOf } from './object.ts';

/** What a label selector asks for. */
export interface Selector {
  /** Whether it takes something with these labels. */
  readonly takes: (labels: Labels) => boolean;
  /** Whether something has one of the labels it asks for, with whatever value. */
  readonly concerns: (labels: Labels) => boolean;
  /** A label without which it takes nothing, to look things up by; undefined when it asks for no one value. */
  readonly indispensable: { readonly key: string; readonly value: string } | undefined;
}

/**
 * Reads a label selector. None at all takes nothing, an empty one everything.
 * https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
 */
export function selectorOf(value: unknown): Selector {
  if (!isObject(value)) {
    return { takes: () => false, concerns: () => false, indispensable: undefined };
  }
  const wantedLabels = Object.entries(labelsOf(value.matchLabels));
  const [first] = wantedLabels;
  const equalities = wantedLabels.map(([key, wanted]) => ({
    key,
    holds: (label: string | undefined) => label === wanted,
  }));
  const conditions = [...equalities, ...itemsOf(value.matchExpressions).map(expression)];
  return {
    takes: (labels) => conditions.every(({ key, holds }) => holds(labelIn(labels, key))),
    concerns: (labels) => conditions.some(({ key }) => Object.hasOwn(labels, key)),
    indispensable: first && { key: first[0], value: first[1] },
  };
}

interface Condition {
  readonly key: string;
  readonly holds: (label: string | undefined) => boolean;
}

function expression(value: unknown): Condition {
  const { key, operator, values } = isObject(value) ? value : {};
  const allowed = new Set(itemsOf(values).map(textOf));
  const operators: Readonly<Record<string, Condition['holds']>> = {
    In: (label) => label !== undefined && allowed.has(label),
    NotIn: (label) => label === undefined || !allowed.has(label),
    Exists: (label) => label !== undefined,
    DoesNotExist: (label) => label === undefined,
  };
  const name = String(operator);
  const holds = Object.hasOwn(operators, name) ? operators[name] : undefined;
  return { key: textOf(key) ?? '', holds: holds ?? (() => false) };
}

function labelIn(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
