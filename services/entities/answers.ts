import { z } from 'zod';

/**
 * What answers look like in the OpenAPI document, by their names there. Answers are not checked against these at
 * run time; a test does that.
 */
export const answers = z.registry<{ id: string }>();

/** An entity. */
export const entity = z.strictObject({
  id: z.string().meta({ format: 'uuid' }),
  name: z.string().meta({ minLength: 1, maxLength: 255 }),
  attributes: z.record(z.string(), z.unknown()),
  createdAt: z.string().meta({ format: 'date-time' }),
  updatedAt: z.string().meta({ format: 'date-time' }),
  version: z.int().min(1),
});

/** A page of entities. */
export const page = z.strictObject({
  items: z.array(entity),
  cursor: z.string().optional().meta({ description: 'Asks for the next page; absent from the last.' }),
});

/** An error (RFC 9457). */
export const problem = z.strictObject({
  type: z.string().meta({ format: 'uri', description: 'Stable; tells errors apart.' }),
  title: z.string(),
  status: z.int().min(400).max(599),
  detail: z.string(),
  errors: z
    .array(
      z.strictObject({
        pointer: z
          .string()
          .optional()
          .meta({ description: 'Place in the body: a JSON pointer as a URI fragment.' }),
        parameter: z.string().optional().meta({ description: 'Name of a query or path parameter.' }),
        header: z.string().optional().meta({ description: 'Name of a header field.' }),
        detail: z.string(),
      }),
    )
    .optional(),
});

answers.add(entity, { id: 'Entity' }).add(page, { id: 'Page' }).add(problem, { id: 'Problem' });
