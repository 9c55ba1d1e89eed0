import { setTimeout as delay } from 'node:timers/promises';
import aws4 from 'aws4';
import { Pool } from 'undici';
import type { CredentialSource, Credentials } from './credentials.ts';
import { isRetryable, parseFailure, type ServiceFailure } from './service-failure.ts';

/** One of the vendor's services that speaks its JSON protocol. */
export interface JsonServiceOptions {
  /** The name it is signed for, and the first part of its address: `dynamodb`. */
  readonly service: string;
  /** What operations' names are prefixed with in `X-Amz-Target`. */
  readonly target: string;
  readonly protocol: '1.0' | '1.1';
  /** Base address; the region's own when left out. */
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials: CredentialSource;
  /** Connections at most. */
  readonly connections?: number;
  /** Milliseconds a try may take. */
  readonly timeout?: number;
  /** Tries at most, the first included. */
  readonly tries?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  /** What is thrown when the last try failed in a way that another may not. */
  readonly unavailable: (reason: string, cause: unknown) => Error;
}

/** Sends one operation. @throws ServiceFailure when it is refused, what `unavailable` makes when it cannot be done now */
export type JsonCall = <Output>(operation: string, input: unknown) => Promise<Output>;

/** A signed client of one service. */
export interface JsonService {
  readonly call: JsonCall;
  readonly close: () => Promise<void>;
}

const backoff = { base: 25, most: 500 };

/**
 * Opens a client of one service's JSON protocol: signature version 4 over kept connections. aws4 keeps the day's
 * signing key, so a signature is two hashes of the request and one HMAC. Throttling, server errors and broken
 * connections are tried again after a capped exponential backoff with full jitter: only operations that may be
 * repeated are to be sent.
 */
export function openJsonService(options: JsonServiceOptions): JsonService {
  const { service, region, connections = 16, timeout = 2000, tries = 4, random = Math.random } = options;
  const endpoint = new URL(options.endpoint ?? `https://${service}.${region}.amazonaws.com`);
  const pool = new Pool(endpoint.origin, { connections, headersTimeout: timeout, bodyTimeout: timeout });

  const attempt = async (operation: string, body: string): Promise<unknown> => {
    const headers = sign(options, operation, body, endpoint.host, await options.credentials());
    const answer = await pool.request({ method: 'POST', path: '/', headers, body });
    const text = await answer.body.text();
    if (answer.statusCode === 200) return text === '' ? {} : JSON.parse(text);
    throw parseFailure(operation, answer.statusCode, text);
  };

  return {
    call: async <Output>(operation: string, input: unknown) => {
      const body = JSON.stringify(input);
      for (let tried = 1; ; tried++) {
        try {
          return (await attempt(operation, body)) as Output;
        } catch (error) {
          if (!isRetryable(error)) throw error;
          if (tried >= tries) throw options.unavailable(reasonOf(error), error);
        }
        await delay(random() * Math.min(backoff.most, backoff.base * 2 ** tried));
      }
    },
    close: () => pool.close(),
  };
}

function reasonOf(error: unknown): string {
  const failure = error as Partial<ServiceFailure> & NodeJS.ErrnoException;
  return failure.type ?? failure.code ?? 'no answer';
}

function sign(
  { service, target, protocol, region }: JsonServiceOptions,
  operation: string,
  body: string,
  host: string,
  credentials: Credentials,
): Record<string, string> {
  const headers = {
    'Content-Type': `application/x-amz-json-${protocol}`,
    'X-Amz-Target': `${target}.${operation}`,
  };
  const request = aws4.sign({ service, region, host, method: 'POST', path: '/', headers, body }, credentials);
  const signed: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) signed[name] = String(value);
  return signed;
}
