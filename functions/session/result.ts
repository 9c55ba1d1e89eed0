import type { StrataError } from '../../src/kernel/errors.ts';

/** What a proxy integration answers from. */
export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/** What an answer may have beside its status. */
interface Additions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
}

/** Nothing here may be kept by anybody. */
const always = { 'cache-control': 'no-store' };

/** An answer without a body: 204. */
export function done(cookies: readonly string[] = []): ProxyResult {
  return result(204, '', { cookies });
}

/** An answer of JSON. */
export function json(value: unknown): ProxyResult {
  return result(200, JSON.stringify(value), { headers: { 'content-type': 'application/json' } });
}

/** Leads a browser on. */
export function redirect(location: string, cookies: readonly string[] = []): ProxyResult {
  return result(302, '', { headers: { location }, cookies });
}

/** An error as `application/problem+json` (RFC 9457). */
export function problem(error: StrataError, { headers = {}, cookies = [] }: Additions = {}): ProxyResult {
  const { code, status, message, remedy } = error;
  const body = {
    type: `urn:strata:problem:${code}`,
    title: sentence(code.replaceAll('-', ' '), ''),
    status,
    detail: `${sentence(message)} ${remedy}`,
  };
  return result(status, JSON.stringify(body), {
    headers: { 'content-type': 'application/problem+json', ...headers },
    cookies,
  });
}

function result(statusCode: number, body: string, { headers = {}, cookies = [] }: Additions): ProxyResult {
  return {
    statusCode,
    headers: { ...always, ...headers },
    multiValueHeaders: cookies.length > 0 ? { 'set-cookie': cookies } : {},
    body,
  };
}

function sentence(text: string, end = '.'): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${end}`;
}
