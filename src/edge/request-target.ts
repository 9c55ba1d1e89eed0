import type { IncomingMessage } from 'node:http';
import type { Answer } from './answer.ts';
import { errorAnswer } from './error-answer.ts';
import { limits } from './limits.ts';

/**
 * What a request is refused for before anything looks at it, beyond what Node's strict parser already refuses:
 * a target that is no path (RFC 9112, section 3.2), more than one Host (section 3.2), or too long a target.
 */
export function refusalOf(request: IncomingMessage): Answer | undefined {
  const target = request.url ?? '';
  if (target.length > limits.uriLength) return errorAnswer(414, 'The address is too long.');
  if (!target.startsWith('/') || target.includes('#')) return errorAnswer(400, 'Bad request.');
  if (countOf(request.rawHeaders, 'host') > 1) return errorAnswer(400, 'Bad request.');
  return undefined;
}

/** Whether a request has a body (RFC 9112, section 6). */
export function hasBody({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The path of a request target, as sent. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const field = rawHeaders[index];
    if (field?.length === name.length && field.toLowerCase() === name) count += 1;
  }
  return count;
}
