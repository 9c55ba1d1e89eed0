import { z } from 'zod';
import type { Limit } from '../../limits.ts';

/** Which names of a kind count, in CloudFront's words. */
export interface NameSet {
  readonly behavior: 'none' | 'whitelist' | 'allExcept' | 'all';
  readonly items: readonly string[];
}

/** One name of a kind, such as a header or a query string. */
export interface NameForm {
  readonly form: RegExp;
  readonly allowed: string;
  /** How many may be named. */
  readonly limit: Limit;
}

/** Names of one kind as they are written: 'none', 'all', a list, or all but a list. */
export const nameSet = (kind: NameForm) =>
  z
    .union([z.enum(['none', 'all']), names(kind), z.strictObject({ except: names(kind) })])
    .transform((written): NameSet => {
      if (written === 'none' || written === 'all') return { behavior: written, items: [] };
      return 'except' in written
        ? { behavior: 'allExcept', items: written.except }
        : { behavior: written.length === 0 ? 'none' : 'whitelist', items: written };
    });

/** A list of names, each once. */
export const names = ({ form, allowed, limit }: NameForm) =>
  z
    .array(z.string().regex(form, allowed))
    .max(limit.value)
    .superRefine((list, context) => {
      const seen = new Set<string>();
      for (const [index, name] of list.entries()) {
        const message = 'a name that is not in the list yet';
        if (seen.has(name.toLowerCase())) {
          context.addIssue({ code: 'custom', path: [index], message, params: { allowed: message } });
        }
        seen.add(name.toLowerCase());
      }
    });

/** Whether a set has a name, spelled as the set spells it. */
export function includes({ behavior, items }: NameSet, name: string): boolean {
  if (behavior === 'none' || behavior === 'all') return behavior === 'all';
  return items.includes(name) === (behavior === 'whitelist');
}
