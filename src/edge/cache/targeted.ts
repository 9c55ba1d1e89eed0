import type { Directive, Directives } from './directives.ts';
import { parseDirectives } from './directives.ts';
import { type FieldLines, linesOf } from './fields.ts';
import { parseDictionary } from './structured-dictionary.ts';

/** What governs a response: its directives, and whether Expires and heuristics count beside them. */
export interface Governing {
  readonly directives: Directives;
  readonly targeted: boolean;
}

/** Directives whose value is a number of seconds. */
const timed = new Set(['max-age', 's-maxage', 'stale-while-revalidate', 'stale-if-error']);

/**
 * The directives that this cache obeys: those of the first targeted field it listens to that is valid and not
 * empty, and then neither Cache-Control nor Expires (RFC 9213, section 2.2); otherwise Cache-Control's.
 */
export function governingDirectives(fields: FieldLines, targetedFields: readonly string[]): Governing {
  for (const name of targetedFields) {
    const directives = targetedDirectives(linesOf(fields, name));
    if (directives) return { directives, targeted: true };
  }
  return { directives: parseDirectives(linesOf(fields, 'cache-control')), targeted: false };
}

/** RFC 9213, section 2.1: a dictionary of structured fields; one that does not parse is ignored. */
function targetedDirectives(lines: readonly string[]): Directives | undefined {
  const dictionary = lines.length > 0 ? parseDictionary(lines.join(',')) : undefined;
  if (!dictionary || dictionary.size === 0) return undefined;
  const directives = new Map<string, Directive>();
  for (const [name, item] of dictionary) {
    if (timed.has(name) && item.type !== 'integer') return undefined;
    if (item.type === 'boolean' && !item.value) continue;
    const value = item.type === 'integer' || item.type === 'string' ? String(item.value) : undefined;
    directives.set(name, { value, malformed: false });
  }
  return directives;
}
