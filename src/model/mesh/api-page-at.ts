import { z } from 'zod';
import { apiPages } from './schema.ts';

/** The page of the innermost structure of the API on a path through a schema; undefined when there is none. */
export function apiPageAt(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  return pageInside(schema, path) ?? apiPages.get(schema)?.page;
}

function pageInside(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  const same = sameValue(schema);
  if (same.length > 0) return first(same, (inner) => apiPageAt(inner, path));
  const [key, ...rest] = path;
  const member = key === undefined ? undefined : memberOf(schema, key);
  return member && apiPageAt(member, rest);
}

/** Schemas for the same value: what a wrapper wraps, the forms of a union. */
function sameValue(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodUnion) return schema.options as readonly z.ZodType[];
  if (schema instanceof z.ZodPipe) return [schema.in as z.ZodType];
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return [schema.unwrap() as z.ZodType];
  }
  return [];
}

function memberOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (!(schema instanceof z.ZodObject) || !Object.hasOwn(schema.shape, key)) return undefined;
  return Reflect.get(schema.shape, key);
}

function first<Value, Result>(
  values: readonly Value[],
  find: (value: Value) => Result | undefined,
): Result | undefined {
  for (const value of values) {
    const found = find(value);
    if (found !== undefined) return found;
  }
  return undefined;
}
