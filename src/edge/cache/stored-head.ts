import { type ExchangeTimes, initialAge } from './age.ts';
import type { Attempt } from './attempt.ts';
import { fieldValue } from './fields.ts';
import { freshnessOf } from './freshness.ts';
import type { OriginAnswer } from './message.ts';
import type { CachePolicy } from './policy.ts';
import { parseContentRange } from './range.ts';
import { mayStore, storedFields } from './storage-rules.ts';
import type { ObjectStore, StoredHead } from './store.ts';
import { selectionOf } from './vary.ts';

/** An answer whose head has come, with its end-to-end fields. */
export interface Received extends ExchangeTimes {
  readonly answer: OriginAnswer;
  readonly headers: string[];
}

/** What is kept of an answer's head; undefined for one that may not be kept, or is too large. */
export function storableHead(
  attempt: Attempt,
  received: Received,
  { policy, store }: { readonly policy: CachePolicy; readonly store: ObjectStore },
): StoredHead | undefined {
  const { request } = attempt;
  const { status } = received.answer;
  const range = status === 206 ? parseContentRange(fieldValue(received.headers, 'content-range')) : undefined;
  if (status === 206 && !range) return undefined;
  const length = fieldValue(received.headers, 'content-length');
  if (length !== undefined && Number(length) > store.objectLimit) return undefined;
  const asked = fieldValue(request.headers, 'range') ?? '';
  const part = range && { first: range.first, complete: range.complete, range: asked };
  const head = headOf(attempt, received, part, policy);
  const storable = { requestHeaders: request.headers, status, headers: received.headers };
  const known = freshnessOf(head, head, policy);
  return mayStore({ ...storable, freshness: known }, policy) ? head : undefined;
}

/** An answer's head as it is stored. @param part of a 206 */
export function headOf(
  { request, key }: Attempt,
  received: Received,
  part: StoredHead['part'],
  policy: CachePolicy,
): StoredHead {
  const { answer, headers, requestTime, responseTime } = received;
  return {
    key,
    target: request.target,
    status: answer.status,
    reason: answer.reason,
    headers: storedFields(headers, policy),
    selection: policy.honoursVary ? selectionOf(headers, request.headers) : {},
    requestTime,
    responseTime,
    initialAge: initialAge(headers, { requestTime, responseTime }),
    part,
  };
}
