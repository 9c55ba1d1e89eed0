import type { z } from 'zod';

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

/** Every mistake zod found in a document, in its order, in this model's words. */
export function mistakesOf(error: z.ZodError, document: unknown): Mistake[] {
  return error.issues.flatMap((issue) => issueMistakes(issue, document));
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'an object',
  record: 'an object with a name for each entry',
};

function issueMistakes(issue: z.core.$ZodIssue, document: unknown): Mistake[] {
  const found = valueAt(document, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) =>
        mistake([...issue.path, key], valueAt(document, [...issue.path, key]), 'no such field'),
      );
    case 'custom':
      return [
        mistake(issue.path, found, String(issue.params?.allowed ?? issue.message), referenceOf(issue.params)),
      ];
    case 'invalid_type':
      return [mistake(issue.path, found, typeNames[issue.expected] ?? `a ${issue.expected}`)];
    case 'invalid_value':
      return [mistake(issue.path, found, issue.values.map((value) => `'${String(value)}'`).join(', '))];
    case 'invalid_format':
      return [mistake(issue.path, found, issue.message)];
    case 'too_small':
      return [mistake(issue.path, found, `at least ${issue.minimum}`)];
    case 'too_big':
      return [mistake(issue.path, found, `at most ${issue.maximum}`)];
    case 'invalid_key':
      return issue.issues.map((inner) => mistake(issue.path, issue.path.at(-1), inner.message));
    default:
      return [mistake(issue.path, found, issue.message)];
  }
}

function referenceOf(params: Record<string, unknown> | undefined): string | undefined {
  return typeof params?.reference === 'string' ? params.reference : undefined;
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value !== null && typeof value === 'object' ? Reflect.get(value, key) : undefined),
    document,
  );
}

function pathText(path: readonly PropertyKey[]): string {
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
