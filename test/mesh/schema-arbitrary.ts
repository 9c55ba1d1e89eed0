import fc from 'fast-check';
import type { z } from 'zod';

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
export function arbitraryOf(schema: z.ZodType, overrides: Overrides = {}): fc.Arbitrary<unknown> {
  const { type, ...definition } = schema.def as unknown as Definition;
  switch (type) {
    case 'object':
      return objectOf(schema, definition.shape, overrides);
    case 'array':
      return fc
        .array(arbitraryOf(definition.element, overrides), { minLength: 1, maxLength: 3 })
        .filter((value) => schema.safeParse(value).success);
    case 'optional':
      return arbitraryOf(definition.innerType, overrides);
    case 'enum':
      return fc.constantFrom(...Object.values(definition.entries));
    case 'boolean':
      return fc.boolean();
    case 'string':
      return fc.constantFrom(...texts.filter((text) => schema.safeParse(text).success));
    case 'number':
      return fc
        .oneof(fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 100_000 }))
        .filter((value) => schema.safeParse(value).success);
    default:
      throw new Error(`no values for a schema of the kind ${type}`);
  }
}

interface Definition {
  readonly type: string;
  readonly shape: Readonly<Record<string, z.ZodType>>;
  readonly element: z.ZodType;
  readonly innerType: z.ZodType;
  readonly entries: Readonly<Record<string, string>>;
}

function objectOf(
  schema: z.ZodType,
  shape: Definition['shape'],
  overrides: Overrides,
): fc.Arbitrary<unknown> {
  const members = Object.entries(shape).map(([key, member]) => {
    const override = overrides[key];
    return [key, override && !isObject(member) ? override : arbitraryOf(member, overrides)] as const;
  });
  const required = Object.entries(shape).flatMap(([key, member]) =>
    member.def.type === 'optional' ? [] : [key],
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
function isObject(schema: z.ZodType): boolean {
  const { type, innerType } = schema.def as unknown as Definition;
  return type === 'object' || (type === 'optional' && isObject(innerType));
}
