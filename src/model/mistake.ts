import type { z } from 'zod';
import { plainIssues } from './plain-issues.ts';

/** One mistake in a document: where it is, what stands there, what may stand there, and by whose rule. */
export interface Mistake {
  /** The path as one would write it in TypeScript: gateway.routes[0].throttle.rate */
  readonly path: string;
  /** What stands there, shortened; 'nothing' when the field is missing. */
  readonly found: string;
  /** What is allowed. */
  readonly allowed: string;
  /** The vendor's page, when a quota or a rule of the vendor's is the reason. */
  readonly reference?: string;
}

/** A mistake as the lines a person reads. */
export function describe(mistake: Mistake): string {
  const page = mistake.reference === undefined ? '' : `\n    see ${mistake.reference}`;
  return `${mistake.path}\n    found ${mistake.found}, allowed: ${mistake.allowed}${page}`;
}

/** Makes a mistake of a path, a found value and what is allowed instead. */
export function mistake(
  path: readonly PropertyKey[],
  found: unknown,
  allowed: string,
  reference?: string,
): Mistake {
  const base = { path: pathText(path), found: foundText(found), allowed };
  return reference === undefined ? base : { ...base, reference };
}

/** A mistake with its place as a path of keys, for those who look it up in a source. */
export interface LocatedMistake {
  readonly at: readonly PropertyKey[];
  readonly mistake: Mistake;
}

/** Makes a located mistake of a path, a found value and what is allowed instead. */
export function located(
  at: readonly PropertyKey[],
  found: unknown,
  allowed: string,
  reference?: string,
): LocatedMistake {
  return { at, mistake: mistake(at, found, allowed, reference) };
}

/** A mistake with a page, unless it has one. */
export function withReference(mistake: Mistake, reference: string | undefined): Mistake {
  return reference === undefined || mistake.reference !== undefined ? mistake : { ...mistake, reference };
}

/** Every mistake zod found in a document, in its order, in this model's words. */
export function mistakesOf(error: z.ZodError, document: unknown): Mistake[] {
  return locatedMistakesOf(error, document).map(({ mistake }) => mistake);
}

/** The same with the path of each as keys. */
export function locatedMistakesOf(error: z.ZodError, document: unknown): LocatedMistake[] {
  return error.issues.flatMap(plainIssues).flatMap((issue) => issueMistakes(issue, document));
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'an object',
  record: 'an object with a name for each entry',
};

function issueMistakes(issue: z.core.$ZodIssue, document: unknown): LocatedMistake[] {
  const found = valueAt(document, issue.path);
  const here = (allowed: string, reference?: string) => [located(issue.path, found, allowed, reference)];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        located([...issue.path, key], valueAt(document, [...issue.path, key]), 'no such field'),
      );
    case 'custom':
      return here(String(issue.params?.allowed ?? issue.message), referenceOf(issue.params));
    case 'invalid_type':
      return here(typeNames[issue.expected] ?? `a ${issue.expected}`);
    case 'invalid_value':
      return here(issue.values.map((value) => `'${String(value)}'`).join(', '));
    case 'invalid_format':
      return here(issue.message);
    case 'too_small':
      return here(`at least ${amount(issue.minimum, issue.origin)}`);
    case 'too_big':
      return here(`at most ${amount(issue.maximum, issue.origin)}`);
    case 'invalid_key':
      return issue.issues.map((inner) => located(issue.path, issue.path.at(-1), inner.message));
    case 'invalid_union':
      return here(formsOf(issue).join(', or ') || issue.message);
    default:
      return here(issue.message);
  }
}

/** The forms a value may have, where it has none of them. */
function formsOf({ errors }: z.core.$ZodIssueInvalidUnion): string[] {
  const forms = errors.flatMap((form) => form.flatMap((issue) => issueMistakes(issue, undefined)));
  return [...new Set(forms.map(({ mistake }) => mistake.allowed))];
}

/** A bound with what it counts: characters of a text, entries of a list, nothing of a number. */
function amount(bound: number | bigint, origin: string): string {
  const [one, many] = counted[origin] ?? ['', ''];
  return `${bound}${Number(bound) === 1 ? one : many}`;
}

const counted: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: [' character', ' characters'],
  array: [' entry', ' entries'],
};

function referenceOf(params: Record<string, unknown> | undefined): string | undefined {
  return typeof params?.reference === 'string' ? params.reference : undefined;
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined),
    document,
  );
}

/** A path as one would write it in TypeScript: `gateway.routes[0].throttle.rate`. */
export function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[A-Za-z_$][\w$]*$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(String(key))}]`;
  });
  return text.join('').replace(/^\./, '') || 'the document';
}

function foundText(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return `a ${typeof value}`;
  const text = typeof value === 'string' ? `'${value}'` : (safeJson(value) ?? 'a value that is no data');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function safeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
