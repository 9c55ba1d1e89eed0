import type { Attempt } from './attempt.ts';
import { type FieldLines, fieldValue, linesOf } from './fields.ts';
import type { OriginAnswer } from './message.ts';
import type { StoredObject } from './store.ts';
import { unconditional, validating } from './validation.ts';

/** What goes to the origin: the conditions of what is stored, the rest of a beginning, or the viewer's own request. */
export function askedFields(
  { request }: Attempt,
  stored: StoredObject | undefined,
  completable: StoredObject | undefined,
): FieldLines {
  if (stored) return validating(request.headers, stored.head.headers);
  if (!completable) return request.headers;
  const tag = fieldValue(completable.head.headers, 'etag') ?? '';
  return [...unconditional(request.headers), 'range', `bytes=${completable.size}-`, 'if-range', tag];
}

/** RFC 9110, section 6.6.1: who receives an answer without Date adds it. */
export function dated(headers: string[], responseTime: number): string[] {
  if (linesOf(headers, 'date').length === 0) headers.push('date', new Date(responseTime).toUTCString());
  return headers;
}

/** An answer for one viewer ends with that viewer. */
export function abandonWith({ request }: Attempt, { body }: OriginAnswer): void {
  const signal = request.departure?.();
  if (!signal) return;
  const stop = () => body.destroy();
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  body.once('close', () => signal.removeEventListener('abort', stop));
}
