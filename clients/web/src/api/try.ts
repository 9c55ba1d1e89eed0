import axios, { type AxiosResponse } from 'axios';
import type { Call } from './call.ts';
import { fetchAdapter } from './fetch-adapter.ts';
import { parseRetryAfter } from './retry-policy.ts';

/** An answer, of whatever status. */
export interface Arrived {
  readonly kind: 'arrived';
  readonly status: number;
  readonly body: unknown;
  readonly header: (name: string) => string | undefined;
  /** Milliseconds the answer asks to wait. */
  readonly retryAfter: number | undefined;
  /** Milliseconds since the Unix epoch. */
  readonly sentAt: number;
  /** Milliseconds from the try's begin to its answer. */
  readonly duration: number;
}

/** Why there was no answer. */
export interface Unanswered {
  readonly kind: 'unreachable' | 'timeout';
}

const http = axios.create({
  headers: { accept: 'application/json, application/problem+json' },
  // Whether a status is a failure is decided in one place (client.ts).
  validateStatus: () => true,
  adapter: fetchAdapter,
});

/**
 * Sends a call once.
 * @param timeout milliseconds
 * @throws what the call's signal was aborted with
 */
export async function sendOnce(call: Call, baseURL: string, timeout: number): Promise<Arrived | Unanswered> {
  const { method, path, query, body, idempotencyKey, ifMatch, signal } = call;
  const sentAt = Date.now();
  const begun = performance.now();
  try {
    const response = await http.request<unknown>({
      baseURL,
      method,
      url: query ? `${path}?${searchOf(query)}` : path,
      timeout: Math.max(1, Math.round(timeout)),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
        ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
      },
      ...(body === undefined ? {} : { data: body }),
      ...(signal ? { signal } : {}),
    });
    const header = headerOf(response);
    return {
      kind: 'arrived',
      status: response.status,
      body: response.data,
      header,
      retryAfter: parseRetryAfter(header('retry-after'), Date.now()),
      sentAt,
      duration: performance.now() - begun,
    };
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: axios.isAxiosError(error) && error.code === 'ECONNABORTED' ? 'timeout' : 'unreachable' };
  }
}

function searchOf(query: NonNullable<Call['query']>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]),
  );
}

function headerOf({ headers }: AxiosResponse<unknown>): (name: string) => string | undefined {
  return (name) => {
    const value: unknown = headers[name];
    return typeof value === 'string' ? value : undefined;
  };
}
