import { currentAge } from './age.ts';
import { isNotModified, rangeCounts } from './conditions.ts';
import { type FieldLines, fieldValue, filterFields, replaceField } from './fields.ts';
import type { CacheAnswer, CacheRequest, Source } from './message.ts';
import { type ByteRange, contentRange, parseRange, resolveRange } from './range.ts';
import type { ObjectStore, StoredHead, StoredObject } from './store.ts';
import { streamOf } from './transfer.ts';

/** A whole response up to so many bytes is sent from one buffer, without a stream. */
const buffered = 65_536;

/** Fields that describe bytes which a 304 does not carry (RFC 9110, section 15.4.5). */
const ofContent = new Set([
  'content-length',
  'content-type',
  'content-encoding',
  'content-range',
  'content-language',
]);

/** The fields of whole responses with their length. */
const measured = new WeakMap<StoredHead, FieldLines>();

/** What an answer is made from. */
export interface Use {
  readonly store: ObjectStore;
  readonly object: StoredObject;
  readonly request: CacheRequest;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly source: Source;
}

/** The answer a stored response gives to a request: its range, a 304, its head, or all of it. */
export function answerFrom(use: Use): CacheAnswer {
  const { object, request, source } = use;
  const { head } = object;
  const { status, reason } = head;
  const successful = status >= 200 && status < 300;
  if (successful && isConditional(request) && isNotModified(request.headers, head)) {
    const headers = filterFields(agedHeaders(use), (name) => !ofContent.has(name));
    return { status: 304, reason: 'Not Modified', headers, body: undefined, source };
  }
  if (status === 206) return partOf(use);
  const range = status === 200 && request.method === 'GET' ? fieldValue(request.headers, 'range') : undefined;
  if (range !== undefined && rangeCounts(request.headers, head)) {
    const ranged = rangeOf(use, range);
    if (ranged) return ranged;
  }
  const headers = agedHeaders(use);
  if (request.method === 'HEAD') return { status, reason, headers, body: undefined, source };
  return { status, reason, headers, body: bodyOf(use), source };
}

/** The stored fields with the Age of now (RFC 9111, section 5.1), and the length where the origin did not say it. */
function agedHeaders({ object, now }: Use): string[] {
  const { head, state, size } = object;
  let lines = state === 'whole' ? measured.get(head) : head.headers;
  if (!lines) {
    const unmeasured = head.status !== 204 && fieldValue(head.headers, 'content-length') === undefined;
    lines = unmeasured ? [...head.headers, 'content-length', String(size)] : head.headers;
    measured.set(head, lines);
  }
  const age = currentAge(head.initialAge, head.responseTime, now);
  return [...lines, 'age', String(Math.floor(age / 1000))];
}

/** The size of the representation: of a whole object its own, of one under way what it says. */
export function representationSize({ state, size, head }: StoredObject): number | undefined {
  if (state === 'whole') return size;
  const length = fieldValue(head.headers, 'content-length');
  return length !== undefined && /^\d{1,15}$/.test(length) ? Number(length) : undefined;
}

function isConditional({ headers }: CacheRequest): boolean {
  return (
    fieldValue(headers, 'if-none-match') !== undefined ||
    fieldValue(headers, 'if-modified-since') !== undefined
  );
}

function bodyOf({ store, object }: Use): CacheAnswer['body'] {
  if (object.state === 'whole' && object.size <= buffered) return store.content(object);
  return streamOf(store, object);
}

/** 206 or 416 from a whole object; undefined where the range is ignored and all is sent (RFC 9110, section 14.2). */
function rangeOf(use: Use, field: string): CacheAnswer | undefined {
  const size = representationSize(use.object);
  const specifier = parseRange(field);
  if (specifier === 'other' || size === undefined) return undefined;
  const range = resolveRange(specifier, size);
  if (range === 'unsatisfiable') {
    const headers = replaceField(agedHeaders(use), 'content-range', `bytes */${size}`);
    return {
      status: 416,
      reason: 'Range Not Satisfiable',
      headers: replaceField(
        filterFields(headers, (name) => name !== 'content-type'),
        'content-length',
        '0',
      ),
      body: undefined,
      source: use.source,
    };
  }
  return partialAnswer(use, range, range, size);
}

/** 206 from a stored part: all of it for the request that brought it, or what lies within. */
function partOf(use: Use): CacheAnswer {
  const { object, request } = use;
  const part = object.head.part ?? { first: 0, complete: undefined, range: '' };
  const field = fieldValue(request.headers, 'range') ?? '';
  const specifier = parseRange(field);
  if (field === part.range || specifier === 'other' || part.complete === undefined) {
    const { status, reason } = object.head;
    return { status, reason, headers: agedHeaders(use), body: bodyOf(use), source: use.source };
  }
  const range = resolveRange(specifier, part.complete);
  const wanted = range === 'unsatisfiable' ? { first: part.first, last: part.first } : range;
  const within = { first: wanted.first - part.first, last: wanted.last - part.first };
  return partialAnswer(use, wanted, within, part.complete);
}

function partialAnswer(use: Use, range: ByteRange, within: ByteRange, complete: number): CacheAnswer {
  const { store, object, source } = use;
  const named = replaceField(agedHeaders(use), 'content-range', contentRange(range, complete));
  const headers = replaceField(named, 'content-length', String(range.last - range.first + 1));
  const small = object.state === 'whole' && object.size <= buffered;
  const body = small
    ? store.content(object).subarray(within.first, within.last + 1)
    : streamOf(store, object, within);
  return { status: 206, reason: 'Partial Content', headers, body, source };
}
