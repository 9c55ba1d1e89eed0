import { type ErrorCode, StrataError } from '../../src/kernel/errors.ts';

/** What a proxy integration answers from. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Taken: 204. */
export const taken: ProxyResult = { statusCode: 204, headers: { 'cache-control': 'no-store' }, body: '' };

/** An error as `application/problem+json` (RFC 9457). */
export function problem(code: ErrorCode): ProxyResult {
  const { status, message, remedy } = new StrataError(code);
  const words = code.replaceAll('-', ' ');
  return {
    statusCode: status,
    headers: { 'cache-control': 'no-store', 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      type: `urn:strata:problem:${code}`,
      title: capitalized(words),
      status,
      detail: `${capitalized(message)}. ${remedy}`,
    }),
  };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
