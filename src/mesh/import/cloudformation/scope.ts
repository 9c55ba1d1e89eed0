import type { Finding, Origin } from '../found-resource.ts';
import { importLimits } from '../limits.ts';
import { standInOf } from '../placeholders/placeholder.ts';
import { type Evaluated, leaf } from './evaluated.ts';
import { type MissingValues, note, parameterOption } from './missing.ts';
import type { Template } from './template.ts';

/** A template that is being evaluated, with what its deployment would know. */
export interface Stack {
  readonly template: Template;
  /** The value somebody gave to a name. */
  readonly given: (name: string) => string | undefined;
  /** The value another template exports under a name; undefined when none does. */
  readonly exported: (name: string, scope: Scope) => Result | undefined;
  /** An output of the nested stack with a logical id; undefined when its template is not among the documents. */
  readonly nested: (id: string, output: string, scope: Scope) => Result | undefined;
  /** The parameters a parent stack gives. */
  readonly inherited: (name: string, scope: Scope) => Result | undefined;
  /** Resources that were referred to by Ref where their name is meant, and where that was first. */
  readonly namedByRef: Map<string, Origin>;
  /** Named things that were evaluated before. */
  readonly memory: Map<string, Result>;
}

/** A named thing's value, and what was missing for it. */
export interface Result {
  readonly value: unknown;
  readonly standIn: boolean;
  readonly missing: readonly Finding[];
}

/** One evaluation within a stack. */
export interface Scope {
  readonly stack: Stack;
  /** The named things whose values are being worked out, the outermost first. */
  readonly chain: readonly { readonly stack: Stack; readonly key: string }[];
  readonly missing: MissingValues;
}

/** Carries out a value's functions. */
export type Evaluate = (raw: unknown, path: readonly PropertyKey[], scope: Scope) => Evaluated;

/** Where a path of the scope's template stands. */
export function originOf(scope: Scope, path: readonly PropertyKey[]): Origin {
  return scope.stack.template.document.locate(path);
}

/** Notes that a resource's name was taken where the template says Ref, which gives another id. */
export function noteReference(scope: Scope, id: string, path: readonly PropertyKey[]): void {
  const { namedByRef } = scope.stack;
  if (!namedByRef.has(id)) namedByRef.set(id, originOf(scope, path));
}

/** A stand-in for what only a deployment knows, and the parameter somebody can give instead. */
export function unresolved(
  scope: Scope,
  path: readonly PropertyKey[],
  name: string,
  reason: { readonly code: string; readonly message: string },
): Evaluated {
  const remedy = `Give ${parameterOption(name)}.`;
  note(scope.missing, [{ severity: 'error', ...reason, remedy, origin: originOf(scope, path) }]);
  return leaf(standInOf(name), path, true);
}

/** A stand-in for what is wrong in the template itself. */
export function invalid(
  scope: Scope,
  path: readonly PropertyKey[],
  reason: { readonly code: string; readonly message: string; readonly remedy?: string },
): Evaluated {
  note(scope.missing, [{ severity: 'error', ...reason, origin: originOf(scope, path) }]);
  return leaf('unresolved', path, true);
}

/**
 * Works out a named thing once. What refers to itself, or goes through too many others, is missing.
 * @param key names the thing within its template
 */
export function once(
  scope: Scope,
  key: string,
  path: readonly PropertyKey[],
  work: (inner: Scope) => Evaluated,
): Evaluated {
  const known = scope.stack.memory.get(key);
  if (known) return recalled(known, path, scope);
  const start = scope.chain.findIndex((link) => link.stack === scope.stack && link.key === key);
  if (start !== -1) {
    const circle = [...scope.chain.slice(start).map((link) => link.key), key].join(' → ');
    return invalid(scope, path, { code: 'reference-cycle', message: `this refers to itself: ${circle}` });
  }
  if (scope.chain.length >= importLimits.nesting) {
    const message = `this goes through more than ${importLimits.nesting} references`;
    return invalid(scope, path, { code: 'nested-too-deep', message });
  }
  const inner = { ...scope, chain: [...scope.chain, { stack: scope.stack, key }], missing: new Map() };
  const { value, standIn } = work(inner);
  const result = { value, standIn: standIn || inner.missing.size > 0, missing: [...inner.missing.values()] };
  scope.stack.memory.set(key, result);
  return recalled(result, path, scope);
}

/** A value that was worked out elsewhere, at the place that refers to it. */
export function recalled(
  { value, standIn, missing }: Result,
  path: readonly PropertyKey[],
  scope: Scope,
): Evaluated {
  note(scope.missing, missing);
  return leaf(value, path, standIn);
}
