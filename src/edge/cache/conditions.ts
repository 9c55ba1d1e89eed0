import { isStrong, namesStrongTag, namesTag } from './entity-tag.ts';
import { type FieldLines, fieldValue } from './fields.ts';
import { parseHttpDate } from './http-date.ts';

/** What a condition is held against. */
export interface Validated {
  readonly headers: FieldLines;
  /** Milliseconds since the epoch. */
  readonly responseTime: number;
}

/** Whether a stored response answers a conditional request with 304 (RFC 9111, section 4.3.2; RFC 9110, section 13.2.2). */
export function isNotModified(requestHeaders: FieldLines, stored: Validated): boolean {
  const noneMatch = fieldValue(requestHeaders, 'if-none-match');
  if (noneMatch !== undefined) return namesTag(noneMatch, fieldValue(stored.headers, 'etag'));
  const since = timeOf(requestHeaders, 'if-modified-since', stored.responseTime);
  return since !== undefined && modifiedTime(stored) <= since;
}

/** Whether a request assumes another representation than there is: 412 (RFC 9110, sections 13.1.1, 13.1.4 and 13.2.2). */
export function isAssumptionWrong(requestHeaders: FieldLines, stored: Validated): boolean {
  const match = fieldValue(requestHeaders, 'if-match');
  if (match !== undefined) return !namesStrongTag(match, fieldValue(stored.headers, 'etag'));
  const since = timeOf(requestHeaders, 'if-unmodified-since', stored.responseTime);
  return since !== undefined && modifiedTime(stored) > since;
}

/** Last-Modified, else Date, else when it came: what If-Modified-Since is held against (RFC 9111, section 4.3.2). */
function modifiedTime(stored: Validated): number {
  return (
    timeOf(stored.headers, 'last-modified', stored.responseTime) ??
    timeOf(stored.headers, 'date', stored.responseTime) ??
    stored.responseTime
  );
}

/** Whether a Range counts: no If-Range, or one that names this very representation strongly (RFC 9110, section 13.1.5). */
export function rangeCounts(requestHeaders: FieldLines, stored: Validated): boolean {
  const condition = fieldValue(requestHeaders, 'if-range')?.trim();
  if (condition === undefined) return true;
  if (condition.startsWith('"')) {
    return isStrong(condition) && condition === fieldValue(stored.headers, 'etag');
  }
  const date = parseHttpDate(condition, stored.responseTime);
  return date !== undefined && date === strongModified(stored);
}

/** Last-Modified where it is strong: at least a second before Date (RFC 9110, section 8.8.2.2). */
function strongModified(stored: Validated): number | undefined {
  const modified = timeOf(stored.headers, 'last-modified', stored.responseTime);
  const date = timeOf(stored.headers, 'date', stored.responseTime);
  return modified !== undefined && date !== undefined && date - modified >= 1000 ? modified : undefined;
}

function timeOf(fields: FieldLines, name: string, now: number): number | undefined {
  const value = fieldValue(fields, name);
  return value === undefined ? undefined : parseHttpDate(value, now);
}
