import { z } from 'zod';

/** The API reference's page of each structure of App Mesh, for mistakes to point at. */
export const apiPages = z.registry<{ readonly page: string }>();

/** The page of the API reference that describes a structure. */
export function apiPage(structure: string): string {
  return `https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_${structure}.html`;
}

/** A structure of the API by its name there: an object that has these members and no others. */
export function structure<Shape extends z.core.$ZodLooseShape>(name: string, shape: Shape) {
  return z.strictObject(shape).register(apiPages, { page: apiPage(name) });
}

/** A union of the API by its name there: an object with exactly one of these members. */
export function choice<Shape extends Record<string, z.ZodType>>(name: string, shape: Shape) {
  return structure(name, optional(shape)).superRefine(...rule(exactlyOneOf(Object.keys(shape))));
}

/** What a rule over an object complains of: where in it, what stands there, what may. */
export interface Complaint {
  readonly path?: readonly PropertyKey[];
  readonly found?: unknown;
  readonly allowed: string;
}

/**
 * A rule over a whole object, as the arguments of `superRefine`. It is asked even when single members are wrong,
 * so that a person sees all mistakes at once; what it reads may therefore be of any form.
 */
export function rule(judge: (value: Readonly<Record<string, unknown>>) => Iterable<Complaint>) {
  return [
    (value: object, context: z.core.$RefinementCtx) => {
      for (const { path = [], found, allowed } of judge(value as Readonly<Record<string, unknown>>)) {
        context.addIssue({
          code: 'custom',
          path: [...path],
          input: found,
          message: allowed,
          params: { allowed },
        });
      }
    },
    { when: ({ value }: z.core.ParsePayload) => typeof value === 'object' && value !== null },
  ] as const;
}

/** A rule that asks for exactly one of some members. */
export function exactlyOneOf(members: readonly string[]) {
  return function* (value: Readonly<Record<string, unknown>>): Iterable<Complaint> {
    const present = members.filter((member) => value[member] !== undefined);
    if (present.length !== 1) yield { allowed: `exactly one of ${members.join(', ')}` };
  };
}

/** A rule that asks for at most one of some members. */
export function atMostOneOf(members: readonly string[]) {
  return function* (value: Readonly<Record<string, unknown>>): Iterable<Complaint> {
    const present = members.filter((member) => value[member] !== undefined);
    if (present.length > 1) yield { allowed: `at most one of ${members.join(', ')}` };
  };
}

type Optional<Shape extends Record<string, z.ZodType>> = {
  [Member in keyof Shape]: z.ZodOptional<Shape[Member]>;
};

function optional<Shape extends Record<string, z.ZodType>>(shape: Shape): Optional<Shape> {
  return Object.fromEntries(
    Object.entries(shape).map(([member, schema]) => [member, schema.optional()]),
  ) as Optional<Shape>;
}
