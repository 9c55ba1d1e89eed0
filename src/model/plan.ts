import { documentSchema, type ParsedDocument } from './document.ts';
import { type Mistake, mistakesOf } from './mistake.ts';
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
  const parsed = documentSchema.safeParse(document, { reportInput: true });
  const mistakes: Mistake[] = parsed.success ? [] : mistakesOf(parsed.error, document);
  const checked: ParsedDocument | undefined = parsed.data;
  if (checked) mistakes.push(...validate(checked));
  if (!checked || mistakes.length > 0) return { mistakes };
  return { plan: resolve(checked), mistakes: [] };
}
