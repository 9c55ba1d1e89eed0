import { isStrong } from './entity-tag.ts';
import { fieldValue, replaceField } from './fields.ts';
import { contentRange, parseContentRange, parseRange, resolveRange } from './range.ts';
import type { ObjectStore, StoredHead, StoredObject, StoredPart } from './store.ts';

/** Whether a stored 206 answers a Range: it brought it itself, or all that is wanted lies within its bytes. */
export function coversRange(object: StoredObject, field: string): boolean {
  const { part } = object.head;
  if (part?.range === field) return true;
  const end = part && endOf(object, part);
  if (!part || end === undefined) return false;
  const specifier = parseRange(field);
  if (specifier === 'other' || part.complete === undefined) return false;
  const range = resolveRange(specifier, part.complete);
  return range !== 'unsatisfiable' && range.first >= part.first && range.last < end;
}

/** Where the bytes of a part end: those that are there, or on their way. */
function endOf({ state, size, head }: StoredObject, { first }: StoredPart): number | undefined {
  if (state === 'whole') return first + size;
  if (state !== 'writing') return undefined;
  const range = parseContentRange(fieldValue(head.headers, 'content-range'));
  return range && range.last + 1;
}

/** A stored beginning that can be completed with the rest: of one strong tag, and of known size (RFC 9111, section 3.3). */
export function isCompletable({ state, size, head }: StoredObject): boolean {
  const { part } = head;
  return (
    state === 'whole' &&
    part?.first === 0 &&
    part.complete !== undefined &&
    size < part.complete &&
    isStrong(fieldValue(head.headers, 'etag'))
  );
}

/**
 * Joins a new part with the stored parts of the same strong tag that it touches (RFC 9111, section 3.4): header
 * fields of the newest. What covers the whole representation becomes a 200.
 */
export function combineParts(store: ObjectStore, newest: StoredObject): void {
  let joined = newest;
  const { part } = newest.head;
  if (part?.first === 0 && part.complete === newest.size) {
    store.update(newest, wholeHead(newest.head, newest.size));
    return;
  }
  for (const other of [...store.select(newest.head.key)]) {
    if (other !== joined && canJoin(joined, other, store.objectLimit)) joined = join(store, joined, other);
  }
}

/** Bytes that a join may copy, since nothing else happens meanwhile. */
const copied = 4_194_304;

function canJoin(newer: StoredObject, older: StoredObject, limit: number): boolean {
  const left = newer.head.part;
  const right = older.head.part;
  if (!left || !right || older.state !== 'whole' || newer.state !== 'whole') return false;
  const tag = fieldValue(newer.head.headers, 'etag');
  if (!isStrong(tag) || tag !== fieldValue(older.head.headers, 'etag') || left.complete !== right.complete)
    return false;
  const touch = left.first <= right.first + older.size && right.first <= left.first + newer.size;
  const second = left.first <= right.first ? older : newer;
  return touch && newer.size + older.size <= limit && second.size <= copied;
}

/** Adds the part that begins later to the one that begins first, and so copies no more than it has to. */
function join(store: ObjectStore, newer: StoredObject, older: StoredObject): StoredObject {
  const [first, second] = firstOf(newer) <= firstOf(older) ? [newer, older] : [older, newer];
  const from = firstOf(first) + first.size - firstOf(second);
  const end = Math.max(firstOf(first) + first.size, firstOf(second) + second.size);
  store.extend(first, second, from, joinedHead(newer.head, firstOf(first), end));
  store.remove(second);
  return first;
}

const firstOf = ({ head }: StoredObject) => head.part?.first ?? 0;

function joinedHead(head: StoredHead, first: number, end: number): StoredHead {
  const complete = head.part?.complete;
  if (first === 0 && end === complete) return wholeHead(head, complete);
  const headers = replaceField(
    replaceField(head.headers, 'content-range', contentRange({ first, last: end - 1 }, complete)),
    'content-length',
    String(end - first),
  );
  return { ...head, headers, part: { first, complete, range: '' } };
}

/** The head of a part whose bytes have become all there are. */
export function wholeHead(head: StoredHead, complete: number): StoredHead {
  const headers = replaceField(head.headers, 'content-range', undefined);
  return {
    ...head,
    status: 200,
    reason: 'OK',
    headers: replaceField(headers, 'content-length', String(complete)),
    part: undefined,
  };
}
