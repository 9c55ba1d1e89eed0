import type { FieldLines } from './fields.ts';
import { type CacheAnswer, type CacheRequest, type Fetch, OriginFailure } from './message.ts';

/** An answer of the edge's own, never stored. */
export function errorAnswer(status: number, message: string): CacheAnswer {
  const body = Buffer.from(JSON.stringify({ message }));
  return {
    status,
    reason: '',
    headers: [
      'content-type',
      'application/json',
      'cache-control',
      'no-store',
      'content-length',
      String(body.length),
    ],
    body,
    source: 'error',
  };
}

/** What the viewer gets when the origin fails (RFC 9110, sections 15.6.3 and 15.6.5). @throws anything but a failure of the origin */
export function failureAnswer(error: unknown): CacheAnswer {
  if (!(error instanceof OriginFailure)) throw error;
  return error.timedOut
    ? errorAnswer(504, 'The origin did not answer in time.')
    : errorAnswer(502, 'The origin could not be reached.');
}

/** The origin's answer as it is, but for the fields of its connection. */
export async function passAnswer(
  request: CacheRequest,
  fetch: Fetch,
  fieldsOf: (fields: FieldLines) => string[],
): Promise<CacheAnswer> {
  try {
    const { departure, ...asked } = request;
    const { status, reason, headers, body } = await fetch(
      departure ? { ...asked, signal: departure() } : asked,
    );
    return { status, reason, headers: fieldsOf(headers), body, source: 'pass' };
  } catch (error) {
    return failureAnswer(error);
  }
}
