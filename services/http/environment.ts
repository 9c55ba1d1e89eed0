import { hostname } from 'node:os';
import { z } from 'zod';
import { StrataError } from '../../src/kernel/errors.ts';

/** What a service is told of the stores it uses, in the plan's words: milliseconds, bytes, fractions. */
export const dataSettings = {
  relational: z.object({ connections: z.int().min(1).max(100) }),
  /** Bytes of one entity's attributes as JSON. */
  maxAttributes: z.number().positive(),
  table: z.object({
    name: z.string(),
    partitionKey: z.string(),
    sortKey: z.string(),
    indexes: z.array(
      z.object({
        name: z.string(),
        partitionKey: z.string(),
        projection: z.object({ type: z.literal('INCLUDE'), attributes: z.array(z.string()) }),
      }),
    ),
  }),
  cache: z.object({
    hot: z.object({ ttl: z.number().positive() }),
    static: z.object({
      ttl: z.number().positive(),
      match: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      refresh: z.number().positive(),
    }),
    missing: z.object({ ttl: z.number().positive() }),
    jitter: z.number().min(0).max(1),
    commandTimeout: z.number().positive(),
  }),
} as const;

/** JSON in a variable, then as the schema says. */
function json<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue('is no JSON');
        return z.NEVER;
      }
    })
    .pipe(schema);
}

/** What every service task finds in its environment. */
export const taskEnvironment = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535),
  SERVICE_NAME: z.string().min(1),
  /** In a container its host name is the task's own. */
  TASK_ID: z.string().min(1).default(hostname),
  AWS_REGION: z.string().min(1),
});

/** The variable with a service's settings. @param data what it has to be told of its stores */
export function settingsVariable<Data extends z.ZodRawShape>(data: Data) {
  return json(z.object({ data: z.object(data), explain: z.boolean() }));
}

/**
 * Reads a task's environment; values are never part of the message, as some are secrets.
 * @throws StrataError 'environment-invalid', naming every variable that is missing or wrong
 */
export function readEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  variables: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const result = schema.safeParse(variables);
  if (result.success) return result.data;
  const reasons = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new StrataError('environment-invalid', {
    service: variables.SERVICE_NAME ?? 'the service',
    reason: reasons.join('; '),
  });
}
