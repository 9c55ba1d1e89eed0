import { z } from 'zod';
import {
  checkAttributes,
  checkName,
  isEntityId,
  maxNameLength,
  type Problem,
} from '../../src/data/entity-rules.ts';
import { parseVersionCondition } from './entity-tag.ts';

/**
 * What requests look like: the one source of validation and of the OpenAPI document.
 * The rules of names and attributes are the store's own.
 */

/** A schema that asks a rule of the store, and is shown as `document` in the OpenAPI document. */
function ruled<Value>(check: (value: unknown) => readonly Problem[], document: Record<string, unknown>) {
  return z
    .unknown()
    .superRefine((value, context) => {
      const problems = value === undefined ? [{ path: '', message: 'is required' }] : check(value);
      for (const { path, message } of problems) {
        context.addIssue({ code: 'custom', path: tokensOf(path), message });
      }
    })
    .transform((value) => value as Value)
    .meta(document);
}

/** The tokens of a JSON pointer (RFC 6901, section 4). */
function tokensOf(pointer: string): string[] {
  const tokens = pointer.split('/').slice(1);
  return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

const name = ruled<string>((value) => checkName(value, ''), {
  type: 'string',
  minLength: 1,
  maxLength: maxNameLength,
  description: 'Characters are counted as Unicode code points; no NUL, no lone surrogate.',
});

/** Path parameters of one entity; the id in lower case, as the store writes it. */
export const entityParameters = z.strictObject({
  id: z
    .unknown()
    .refine(isEntityId, 'must be a UUID')
    .transform((value) => String(value).toLowerCase())
    .meta({ type: 'string', format: 'uuid' }),
});

/** Query parameters of a page; none may be given twice. */
export const pageQuery = z.strictObject({
  limit: z
    .string('must be given once')
    .refine((text) => /^([1-9]\d?|100)$/.test(text), 'must be a whole number from 1 to 100')
    .transform(Number)
    .default(20)
    .meta({
      type: 'integer',
      minimum: 1,
      maximum: 100,
      description: 'Most entities of a page; 20 if left out.',
    }),
  cursor: z
    .string('must be given once')
    .min(1, 'must not be empty')
    .max(4096, 'must not be longer than 4096 characters')
    .optional()
    .meta({ description: '`cursor` of the page before; what it holds means nothing to callers.' }),
  name: name.optional().meta({
    description:
      'Only entities of exactly this name, found through the catalog: a moment behind the last write.',
  }),
});

/** What of an entity callers write, whole (POST, PUT) or as a merge patch (PATCH). */
export function bodies(maxAttributes: number) {
  const check = (value: unknown) => checkAttributes(value, maxAttributes, '');
  const rules = `At most 30 levels deep and ${maxAttributes} bytes as JSON; no NUL, no lone surrogate, keys included.`;
  const input = z.strictObject({
    name,
    attributes: ruled<Record<string, unknown>>((value) => check(value), {
      type: 'object',
      default: {},
      description: rules,
    }).optional(),
  });
  const patch = z.strictObject({
    name: name.optional(),
    attributes: ruled<Record<string, unknown> | null>((value) => (value === null ? [] : check(value)), {
      type: ['object', 'null'],
      description: `A member replaces that of the entity, object into object; null removes it, or all. ${rules}`,
    }).optional(),
  });
  return { input, patch };
}

const idempotencyKey = z
  .string()
  .min(1, 'must not be empty')
  .max(255, 'must not be longer than 255 characters')
  .optional()
  .meta({ description: 'Makes the request safe to repeat for 24 hours: the answer will be the same one.' });

const versionCondition = z
  .string()
  .transform((header, context) => {
    const condition = parseVersionCondition(header);
    if (condition === undefined) context.addIssue('must be * or a list of entity tags');
    return condition ?? z.NEVER;
  })
  .optional();

/** Header fields of POST. */
export const creationHeaders = z.object({ 'idempotency-key': idempotencyKey });

/** Header fields of PUT, PATCH and DELETE. */
export const changeHeaders = z.object({
  'idempotency-key': idempotencyKey,
  'if-match': versionCondition.meta({ description: 'Change it only at these versions, else 412.' }),
});

/** Header fields of GET of one entity. A malformed condition is none. */
export const readHeaders = z.object({
  'if-none-match': z
    .string()
    .optional()
    .meta({ description: 'Answer 304 when the entity still is at this version.' }),
});
