import type { IncomingHttpHeaders } from 'node:http';

/** What identifies one state of a file. */
export interface Validators {
  /** Strong, with its quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** Evaluates a read's preconditions in the order of RFC 9110, section 13.2.2; undefined when it may go on. */
export function preconditionStatus(
  headers: IncomingHttpHeaders,
  validators: Validators,
): 304 | 412 | undefined {
  const { etag } = validators;
  const modified = Math.floor(validators.modified / 1000) * 1000;
  const match = headers['if-match'];
  const unmodifiedSince = dateOf(headers['if-unmodified-since']);
  if (match !== undefined) {
    if (!listContains(match, etag, { weak: false })) return 412;
  } else if (unmodifiedSince !== undefined && modified > unmodifiedSince) {
    return 412;
  }
  const noneMatch = headers['if-none-match'];
  const modifiedSince = dateOf(headers['if-modified-since']);
  if (noneMatch !== undefined) return listContains(noneMatch, etag, { weak: true }) ? 304 : undefined;
  return modifiedSince !== undefined && modified <= modifiedSince ? 304 : undefined;
}

/** Whether a Range may be honoured: no If-Range, or one that names this very state (RFC 9110, section 13.1.5). */
export function rangeApplies(headers: IncomingHttpHeaders, { etag, modified }: Validators): boolean {
  const value = headers['if-range'];
  if (value === undefined) return true;
  const condition = String(value).trim();
  return condition.startsWith('"')
    ? condition === etag
    : dateOf(condition) === Math.floor(modified / 1000) * 1000;
}

/** Compares entity tags strongly or weakly (RFC 9110, section 8.8.3.2). */
function listContains(list: string, etag: string, { weak }: { weak: boolean }): boolean {
  if (list.trim() === '*') return true;
  const tags = list.match(/(?:W\/)?"[^"]*"/g) ?? [];
  return tags.some((tag) => tag === etag || (weak && tag === `W/${etag}`));
}

function dateOf(value: string | undefined): number | undefined {
  if (value === undefined || !value.endsWith('GMT')) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time;
}
