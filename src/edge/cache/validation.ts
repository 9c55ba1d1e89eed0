import { type FieldLines, fieldValue, filterFields } from './fields.ts';

const conditions = new Set([
  'if-none-match',
  'if-modified-since',
  'if-match',
  'if-unmodified-since',
  'if-range',
  'range',
]);

/** A request without its conditions and range: what brings the whole response. */
export function unconditional(requestHeaders: FieldLines): string[] {
  return filterFields(requestHeaders, (name) => !conditions.has(name));
}

/** The request that validates a stored response: its own conditions instead of the viewer's (RFC 9111, section 4.3.1). */
export function validating(requestHeaders: FieldLines, stored: FieldLines): string[] {
  const headers = unconditional(requestHeaders);
  const tag = fieldValue(stored, 'etag');
  const modified = fieldValue(stored, 'last-modified');
  if (tag !== undefined) headers.push('if-none-match', tag);
  if (modified !== undefined) headers.push('if-modified-since', modified);
  return headers;
}
