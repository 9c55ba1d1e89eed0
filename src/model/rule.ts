import type { ParsedDocument } from './document.ts';
import type { Mistake } from './mistake.ts';

/** A rule over a whole document of the right form; what it yields is wrong. */
export type Rule = (document: ParsedDocument) => Iterable<Mistake>;

/** The names there are, as a mistake says what is allowed. */
export function oneOf(names: Iterable<string | number>): string {
  return [...names].join(', ') || 'none is defined';
}
