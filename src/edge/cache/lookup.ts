import { rangeCounts } from './conditions.ts';
import { fieldValue } from './fields.ts';
import type { CacheRequest } from './message.ts';
import { coversRange, isCompletable } from './partial.ts';
import type { CachePolicy } from './policy.ts';
import type { ObjectStore, StoredObject } from './store.ts';
import { selects } from './vary.ts';

/** The newest stored response that this request selects and that has the bytes it wants (RFC 9111, section 4). */
export function findStored(
  store: ObjectStore,
  key: string,
  request: CacheRequest,
  policy: CachePolicy,
): StoredObject | undefined {
  const candidates = store.select(key);
  if (candidates.length === 0) return undefined;
  let range: string | undefined;
  for (const object of candidates) {
    if (policy.honoursVary && !selects(object.head.selection, object.head, request.headers)) continue;
    if (!object.head.part) return object;
    range ??= request.method === 'GET' ? (fieldValue(request.headers, 'range') ?? '') : '';
    if (range !== '' && rangeCounts(request.headers, object.head) && coversRange(object, range))
      return object;
  }
  return undefined;
}

/** A stored beginning that this request for the whole could have completed. */
export function findCompletable(
  store: ObjectStore,
  key: string,
  request: CacheRequest,
  policy: CachePolicy,
): StoredObject | undefined {
  if (request.method !== 'GET' || fieldValue(request.headers, 'range') !== undefined) return undefined;
  return store
    .select(key)
    .find(
      (object) =>
        isCompletable(object) &&
        (!policy.honoursVary || selects(object.head.selection, object.head, request.headers)),
    );
}
