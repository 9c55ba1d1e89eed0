import { setTimeout as delay } from 'node:timers/promises';
import aws4 from 'aws4';
import { Pool } from 'undici';
import { StrataError } from '../../kernel/errors.ts';
import { isRetryable, parseFailure, type ServiceFailure } from './failure.ts';

/** Keys that sign requests; the session token belongs to temporary ones. */
export interface TableCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How the table's server is reached. */
export interface TableClientOptions {
  /** Base address; the region's own when left out. */
  readonly endpoint?: string;
  readonly region: string;
  /** Keys, or where to ask for keys that change. */
  readonly credentials: TableCredentials | (() => Promise<TableCredentials>);
  /** Connections at most. */
  readonly connections?: number;
  /** Milliseconds a try may take. */
  readonly timeout?: number;
  /** Tries at most, the first included. */
  readonly tries?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** Sends one operation. @throws ServiceFailure when it is refused, StrataError `table-unavailable` when it cannot be done now */
export type TableCall = <Output>(operation: string, input: unknown) => Promise<Output>;

/** A signed client of DynamoDB's JSON protocol. */
export interface TableClient {
  readonly call: TableCall;
  readonly close: () => Promise<void>;
}

const backoff = { base: 25, most: 500 };

/**
 * Opens a client of DynamoDB's JSON 1.0 protocol: signature version 4 over kept connections
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html). aws4 keeps the
 * day's signing key, so a signature is two hashes of the request and one HMAC. Throttling, server errors and broken
 * connections are tried again after a capped exponential backoff with full jitter; every operation the table sends
 * may be repeated, because its writes are conditional on version.
 */
export function openTableClient(options: TableClientOptions): TableClient {
  const { region, connections = 16, timeout = 2000, tries = 4, random = Math.random } = options;
  const endpoint = new URL(options.endpoint ?? `https://dynamodb.${region}.amazonaws.com`);
  const pool = new Pool(endpoint.origin, { connections, headersTimeout: timeout, bodyTimeout: timeout });

  const attempt = async (operation: string, body: string): Promise<unknown> => {
    const { credentials } = options;
    const keys = typeof credentials === 'function' ? await credentials() : credentials;
    const request = sign(operation, body, { host: endpoint.host, region, keys });
    const answer = await pool.request({ method: 'POST', path: '/', headers: request, body });
    const text = await answer.body.text();
    if (answer.statusCode === 200) return JSON.parse(text);
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
          if (tried >= tries)
            throw new StrataError('table-unavailable', { reason: reasonOf(error) }, { cause: error });
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
  operation: string,
  body: string,
  { host, region, keys }: { host: string; region: string; keys: TableCredentials },
): Record<string, string> {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.0',
    'X-Amz-Target': `DynamoDB_20120810.${operation}`,
  };
  const request = aws4.sign(
    { service: 'dynamodb', region, host, method: 'POST', path: '/', headers, body },
    keys,
  );
  const signed: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers ?? {})) signed[name] = String(value);
  return signed;
}
