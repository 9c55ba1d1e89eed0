import type { ViewerRequest } from './protocol/message.ts';

/** Whether a request has a body (RFC 9112, section 6). */
export function hasBody({ headers }: Pick<ViewerRequest, 'headers'>): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** The path of a request target, as sent. */
export function pathOf(target: string): string {
  const query = target.indexOf('?');
  return query < 0 ? target : target.slice(0, query);
}
