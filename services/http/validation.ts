import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { StrataError } from '../../src/kernel/errors.ts';
import { type InvalidPart, InvalidRequest } from './problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * Checks one part of a request against its schema, the one that the OpenAPI document shows.
 * @returns the parsed value, or the error that lists everything wrong with it
 */
export function validate(
  schema: z.ZodType,
  part: string,
  value: unknown,
): { value: unknown } | { error: InvalidRequest } {
  const result = schema.safeParse(value);
  if (result.success) return { value: result.data };
  return { error: new InvalidRequest(result.error.issues.flatMap((issue) => partsOf(issue, part))) };
}

/** A JSON pointer as a URI fragment (RFC 6901, section 6). */
export function pointerTo(path: readonly PropertyKey[]): string {
  const tokens = path.map((token) =>
    String(token).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1'),
  );
  return `#${tokens.map((token) => `/${encodeURIComponent(token)}`).join('')}`;
}

function partsOf(issue: Issue, part: string): InvalidPart[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ ...place([...issue.path, key], part), detail: 'is not known here' }));
  }
  return [{ ...place(issue.path, part), detail: issue.message }];
}

function place(path: readonly PropertyKey[], part: string): Omit<InvalidPart, 'detail'> {
  if (part === 'body') return { pointer: pointerTo(path) };
  return part === 'headers' ? { header: String(path[0]) } : { parameter: String(path[0]) };
}

const text = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a JSON body (RFC 8259): UTF-8 only. Keys such as `__proto__` become plain own members,
 * which the schemas then refuse or keep as data; nothing here copies them by assignment.
 * A DELETE may come without a body though it names a type.
 * @throws StrataError 'body-unreadable'
 */
export async function parseJson(request: FastifyRequest, body: Buffer): Promise<unknown> {
  if (body.length === 0 && request.method === 'DELETE') return undefined;
  try {
    return JSON.parse(text.decode(body));
  } catch (error) {
    throw new StrataError('body-unreadable', { reason: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof SyntaxError)) return 'it is not UTF-8';
  const position = / at position \d+/.exec(error.message)?.[0] ?? '';
  return /end of JSON input/.test(error.message)
    ? 'it is no JSON: it ends too early'
    : `it is no JSON${position}`;
}
