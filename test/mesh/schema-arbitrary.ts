import fc from 'fast-check';
import { safeParse, z } from 'zod';

/** Values for members of some name, wherever they stand, in place of what their schema alone says. */
export type Overrides = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Texts of every kind App Mesh's schemas ask for; each schema gets those that it takes. */
const texts = [
  '/',
  '/a',
  '/a/b',
  'a',
  'b-1',
  'X-Name',
  'name.local',
  'get',
  '1.0',
  '%PROTOCOL%',
  'with space',
];

/**
 * Values that a schema takes, for the kinds of schemas that App Mesh's resources are written in. Optional members are
 * there or not; what an object's rules forbid is left out.
 */
export function arbitraryOf(schema: z.core.$ZodType, overrides: Overrides = {}): fc.Arbitrary<unknown> {
  const taken = (value: unknown) => safeParse(schema, value).success;
  if (schema instanceof z.ZodObject) return objectOf(schema, overrides);
  if (schema instanceof z.ZodArray)
    return fc.array(arbitraryOf(schema.element, overrides), { minLength: 1, maxLength: 3 }).filter(taken);
  if (schema instanceof z.ZodOptional) return arbitraryOf(schema.unwrap(), overrides);
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodString) return fc.constantFrom(...texts.filter(taken));
  if (schema instanceof z.ZodNumber)
    return fc.oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 100_000 })).filter(taken);
  throw new Error(`no values for a schema of the kind ${schema._zod.def.type}`);
}

function objectOf(schema: z.ZodObject, overrides: Overrides): fc.Arbitrary<unknown> {
  const members = Object.entries(schema.shape).map(([key, member]) => {
    const override = overrides[key];
    return [key, override && !isObject(member) ? override : arbitraryOf(member, overrides)] as const;
  });
  const required = Object.entries(schema.shape).flatMap(([key, member]) =>
    member instanceof z.ZodOptional ? [] : [key],
  );
  const alternatives = alternativesOf(schema);
  const one = (chosen?: string) =>
    fc.record(Object.fromEntries(members.filter(([key]) => key === chosen || !alternatives.includes(key))), {
      requiredKeys: [...required, ...(chosen === undefined ? [] : [chosen])] as never[],
    });
  const all = alternatives.length === 0 ? one() : fc.oneof(...alternatives.map(one));
  return all.filter((value) => schema.safeParse(value).success);
}

/** Members of which an object has exactly one, as its own rule says of an object that has none. */
function alternativesOf(schema: z.ZodType): readonly string[] {
  const messages = schema.safeParse({}).error?.issues.map(({ message }) => message) ?? [];
  const rule = messages.find((message) => message.startsWith('exactly one of '));
  return rule?.replace('exactly one of ', '').split(', ') ?? [];
}

/** Whether a member of some name is a structure, and not the value an override is for. */
function isObject(schema: z.core.$ZodType): boolean {
  return schema instanceof z.ZodObject || (schema instanceof z.ZodOptional && isObject(schema.unwrap()));
}
