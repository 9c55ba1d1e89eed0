import { isStrong, weaklyEqual } from './entity-tag.ts';
import { type FieldLines, fieldValue, filterFields, namesOf } from './fields.ts';

/**
 * Fields of a stored response that a 304 or HEAD leaves as they are (RFC 9111, section 3.2): they describe the stored
 * bytes. Age is computed, not kept.
 */
const kept = new Set(['content-length', 'content-encoding', 'content-range', 'age']);

/** The stored fields, each that the update names replaced by the update's (RFC 9111, section 3.2). */
export function mergeFields(stored: FieldLines, update: FieldLines): string[] {
  const replaced = namesOf(update);
  return [
    ...filterFields(stored, (name) => kept.has(name) || !replaced.has(name)),
    ...filterFields(update, (name) => !kept.has(name)),
  ];
}

/** Whether a 304 is about this stored response (RFC 9111, section 4.3.4): a strong tag has to be its own. */
export function updates(stored: FieldLines, update: FieldLines): boolean {
  const tag = fieldValue(update, 'etag');
  const own = fieldValue(stored, 'etag');
  if (tag === undefined || own === undefined) return true;
  return isStrong(tag) && isStrong(own) ? tag === own : weaklyEqual(tag, own);
}

/** Whether a HEAD's answer describes the stored response (RFC 9111, section 4.3.5): same validators, same length. */
export function describes(stored: FieldLines, head: FieldLines, size: number): boolean {
  for (const name of ['etag', 'last-modified']) {
    const said = fieldValue(head, name);
    if (said !== undefined && said !== fieldValue(stored, name)) return false;
  }
  const length = fieldValue(head, 'content-length');
  return length === undefined || Number(length) === size;
}
