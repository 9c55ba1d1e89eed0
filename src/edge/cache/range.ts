/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** A range as asked for, before the size is known. */
export type RangeSpecifier =
  | { readonly first: number; readonly last: number | undefined }
  | { readonly suffix: number };

/**
 * Reads a Range field (RFC 9110, section 14.1.2): one range of bytes.
 * @returns 'other' for several, another unit or what is no range at all: such a field may be ignored.
 */
export function parseRange(field: string): RangeSpecifier | 'other' {
  const match = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i.exec(field.trim());
  const [, from = '', to = ''] = match ?? [];
  if (!match || (from === '' && to === '')) return 'other';
  if (from === '') return { suffix: Number(to) };
  const first = Number(from);
  if (to === '') return { first, last: undefined };
  return Number(to) < first ? 'other' : { first, last: Number(to) };
}

/** What a range selects of so many bytes; 'unsatisfiable' for 416 (RFC 9110, section 14.1.2). */
export function resolveRange(range: RangeSpecifier, size: number): ByteRange | 'unsatisfiable' {
  if ('suffix' in range) {
    const length = Math.min(range.suffix, size);
    return length > 0 ? { first: size - length, last: size - 1 } : 'unsatisfiable';
  }
  if (range.first >= size) return 'unsatisfiable';
  return { first: range.first, last: Math.min(range.last ?? size - 1, size - 1) };
}

/** A Content-Range of a 206 (RFC 9110, section 14.4); `complete` is undefined where the sender did not know it. */
export interface ContentRange extends ByteRange {
  readonly complete: number | undefined;
}

/** Reads a Content-Range with a satisfied range; undefined when it is invalid. */
export function parseContentRange(field: string | undefined): ContentRange | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(?:(\d{1,15})|\*)$/i.exec(field?.trim() ?? '');
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2]);
  const complete = match[3] === undefined ? undefined : Number(match[3]);
  return last < first || (complete !== undefined && complete <= last) ? undefined : { first, last, complete };
}

/** Writes a Content-Range. */
export function contentRange({ first, last }: ByteRange, complete: number | undefined): string {
  return `bytes ${first}-${last}/${complete ?? '*'}`;
}
