import type { z } from 'zod';
import { documentSchema } from './document.ts';
import { apiPageAt } from './mesh/api-page-at.ts';
import { locatedMistakesOf, type Mistake, withReference } from './mistake.ts';
import { repair } from './repair.ts';
import { resolve } from './resolve.ts';
import { validate } from './validate.ts';

/**
 * A blueprint with every default filled in, every name resolved and every quota checked.
 * Durations are milliseconds, sizes bytes, rates events a second, percentages fractions.
 * Plain data: it survives JSON, and both targets read nothing else.
 */
export type Plan = ReturnType<typeof resolve>;

/** A plan, or everything that is wrong with the document. */
export type PlanResult =
  | { readonly plan: Plan; readonly mistakes: readonly [] }
  | { readonly plan?: undefined; readonly mistakes: readonly Mistake[] };

/**
 * Turns a document into a plan: parse → validate → resolve.
 * Never throws on bad input; all mistakes are listed, in document order.
 */
export function plan(document: unknown): PlanResult {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    const mistakes = locatedMistakesOf(parsed.error, document).map(({ at, mistake }) =>
      withReference(mistake, apiPageAt(documentSchema, at)),
    );
    return { mistakes: [...mistakes, ...furtherMistakes(document, parsed.error, mistakes)] };
  }
  const mistakes = validate(parsed.data);
  return mistakes.length > 0 ? { mistakes } : { plan: resolve(parsed.data), mistakes: [] };
}

/** What the rules over the whole document find once the values of wrong form are out of the way. */
function furtherMistakes(document: unknown, error: z.ZodError, known: readonly Mistake[]): Mistake[] {
  const repaired = documentSchema.safeParse(repair(document, error));
  if (!repaired.success) return [];
  const reported = new Set(known.map(({ path }) => path));
  return validate(repaired.data).filter(({ path }) => !reported.has(path));
}
