import { type FieldLines, linesOf, membersOf } from './fields.ts';
import { parseWeighted } from './weighted-list.ts';

/** The request fields that selected a response, normalized, by lower-case name; null for one that was absent. */
export type Selection = Readonly<Record<string, string | null>>;

/** Fields whose members have weights and no order of their own (RFC 9110, sections 12.5.2 to 12.5.4). */
const weighted = new Set(['accept-language', 'accept-encoding', 'accept-charset']);

/** Whether Vary says that no request can be known to match (RFC 9110, section 12.5.5). */
export function variesByAll(headers: FieldLines): boolean {
  return membersOf(linesOf(headers, 'vary')).includes('*');
}

/** What a response's Vary names of the request that brought it. */
export function selectionOf(headers: FieldLines, requestHeaders: FieldLines): Selection {
  const names = membersOf(linesOf(headers, 'vary')).map((name) => name.toLowerCase());
  return Object.fromEntries(names.map((name) => [name, normalize(name, requestHeaders)]));
}

/** Whether a request selects a stored response (RFC 9111, section 4.1). */
export function selects(
  selection: Selection,
  stored: { readonly headers: FieldLines },
  requestHeaders: FieldLines,
): boolean {
  for (const name in selection) {
    if (normalize(name, requestHeaders) === selection[name]) continue;
    if (name !== 'accept-language' || !prefersLanguage(stored.headers, requestHeaders)) return false;
  }
  return true;
}

/** Lines combined, whitespace around commas taken off, and what has no order sorted, as section 4.1 allows. */
function normalize(name: string, requestHeaders: FieldLines): string | null {
  const lines = linesOf(requestHeaders, name);
  if (lines.length === 0) return null;
  if (!weighted.has(name)) return membersOf(lines).join(',');
  return parseWeighted(lines)
    .map((member) => `${member.name};q=${member.weight}`)
    .join(',');
}

/** Whether a stored response is in the one language that the request wants most, so that none could suit it better. */
function prefersLanguage(headers: FieldLines, requestHeaders: FieldLines): boolean {
  const languages = membersOf(linesOf(headers, 'content-language'));
  const [first, second] = parseWeighted(linesOf(requestHeaders, 'accept-language'));
  return (
    languages.length === 1 &&
    first !== undefined &&
    first.weight > 0 &&
    first.weight !== second?.weight &&
    first.name === languages[0]?.toLowerCase()
  );
}

/** Whether two responses were selected by the same fields. */
export function sameSelection(left: Selection, right: Selection): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}
