import type { z } from 'zod';

/**
 * An issue as those a person can act on: of a union, the issues of the form that was meant. That is the one that
 * finds fault inside the value; else the one that finds fault with more than its type; else none, and the union stays.
 */
export function plainIssues(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const forms = issue.errors.map((form) => form.flatMap(plainIssues));
  const meant =
    forms.find((form) => form.some(({ path, code }) => path.length > 0 || code === 'unrecognized_keys')) ??
    forms.find((form) => form.every(({ code }) => code !== 'invalid_type'));
  const inside = (own: z.core.$ZodIssue) => ({ ...own, path: [...issue.path, ...own.path] });
  return meant?.map(inside) ?? [issue];
}
