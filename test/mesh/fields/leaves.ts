import { z } from 'zod';
import { duration } from '../../../src/model/mesh/duration.ts';
import { specificationSchemas } from '../../../src/model/mesh/specification.ts';

/** Paths of every field of the App Mesh API as the model has it. A duration is one field. */
export function leafPaths(): string[] {
  return Object.entries(specificationSchemas).flatMap(([kind, schema]) => leavesBelow(kind, schema));
}

/** A schema without what only says that it may be left out. */
export function required(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? required(schema.unwrap() as z.ZodType) : schema;
}

/** Whether a schema is that of a duration, with rules of its own or without. */
export function isDuration(schema: z.ZodType): boolean {
  return (
    schema instanceof z.ZodObject && Object.keys(schema.shape).join() === Object.keys(duration.shape).join()
  );
}

function leavesBelow(path: string, schema: z.ZodType): string[] {
  const own = required(schema);
  if (own instanceof z.ZodArray) return leavesBelow(`${path}[]`, own.element as z.ZodType);
  if (!(own instanceof z.ZodObject) || isDuration(own)) return [path];
  return Object.entries(own.shape).flatMap(([name, member]) => leavesBelow(`${path}.${name}`, member));
}
