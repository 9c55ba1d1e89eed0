import type { z } from 'zod';
import { plainIssues } from './plain-issues.ts';

/**
 * A copy of a document in which each value of wrong form is replaced by the nearest allowed one, so that the
 * rules over the whole document can be checked too and a person sees all mistakes at once. Never run or shown.
 */
export function repair(document: unknown, error: z.ZodError): unknown {
  const copy = copyData(document);
  for (const issue of error.issues.flatMap(plainIssues)) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) replace(copy, [...issue.path, key], undefined);
    } else {
      const nearest = nearestAllowed(issue, valueAt(copy, issue.path));
      if (nearest !== undefined) replace(copy, issue.path, nearest);
    }
  }
  return copy;
}

function nearestAllowed(issue: z.core.$ZodIssue, found: unknown): unknown {
  switch (issue.code) {
    case 'custom':
      return issue.params?.nearest;
    case 'invalid_value':
      return issue.values[0];
    case 'too_small':
      return issue.origin === 'number' ? issue.minimum : undefined;
    case 'too_big':
      return withinBound(issue, found);
    case 'invalid_type':
      return { number: 1, boolean: false }[issue.expected as string];
    default:
      return undefined;
  }
}

function withinBound({ origin, maximum }: z.core.$ZodIssueTooBig, found: unknown): unknown {
  if (origin === 'number') return maximum;
  return typeof found === 'string' || Array.isArray(found) ? found.slice(0, Number(maximum)) : undefined;
}

function replace(document: unknown, path: readonly PropertyKey[], value: unknown): void {
  const parent = valueAt(document, path.slice(0, -1));
  const key = path.at(-1);
  if (!isObject(parent) || key === undefined) return;
  if (value === undefined) Reflect.deleteProperty(parent, key);
  else Reflect.set(parent, key, value);
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (isObject(node) ? Reflect.get(node, key) : undefined), document);
}

function copyData(value: unknown, depth = 0): unknown {
  if (depth > 64 || !isObject(value)) return value;
  if (Array.isArray(value)) return value.map((item) => copyData(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyData(item, depth + 1)]));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
