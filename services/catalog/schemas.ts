import { z } from 'zod';
import type { Change, Entity } from '../../src/data/entity.ts';
import { checkName, isEntityId } from '../../src/data/entity-rules.ts';

const id = z.string().refine(isEntityId, 'must be a UUID');
const version = z.int().min(1);
const attributes = z.custom<Entity['attributes']>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);
const name = z.string('must be given once').superRefine((value, context) => {
  for (const { message } of checkName(value)) context.addIssue(message);
});

const entity = z.strictObject({
  id,
  name,
  attributes,
  createdAt: z.string(),
  updatedAt: z.string(),
  version,
});

const change = z
  .strictObject({ id, version, entity: entity.optional() })
  .refine(
    (value) => !value.entity || (value.entity.id === value.id && value.entity.version === value.version),
    {
      path: ['entity'],
      message: 'must have the id and the version of its change',
    },
  )
  .transform(({ entity, ...rest }): Change => (entity ? { ...rest, entity } : rest));

/** Body of POST /changes: what the system of record hands over, in the order it happened. */
export const deliveryBody = z.strictObject({ changes: z.array(change).min(1).max(100) });

/** Query of GET /entities. */
export const nameQuery = z.strictObject({
  name,
  limit: z
    .string('must be given once')
    .regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .default(20),
  cursor: z.string('must be given once').min(1).max(4096).optional(),
});
