import {
  type ClientRequest,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { endToEndRequest } from './cache/connection-fields.ts';
import { fieldValue } from './cache/fields.ts';
import { type Fetch, type OriginAnswer, OriginFailure, type OriginRequest } from './cache/message.ts';
import { limits } from './limits.ts';
import { type RepeatableBody, repeatableBody } from './repeatable-body.ts';

/** An origin server over HTTP/1.1 or TLS, with kept-alive connections. */
export interface ServedOrigin {
  readonly fetch: Fetch;
  close(): void;
}

/** How an origin is asked. */
export interface ServedOriginSettings {
  /** Milliseconds an answer may take to begin. */
  readonly timeout?: number;
  /** Whether a read is sent once more also when a new connection broke, and not only a kept one. */
  readonly repeatsReads?: boolean;
}

/** RFC 9110, section 9.2.2. */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Our name in Via (RFC 9110, section 7.6.3). */
export const via = '1.1 strata-edge';

/** Makes the client of an origin, such as `new URL('http://127.0.0.1:3000')`. Its path is put in front of each target. */
export function createServedOrigin(
  url: URL,
  { timeout = 30_000, repeatsReads = false }: ServedOriginSettings = {},
): ServedOrigin {
  const secure = url.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: limits.originConnections, scheduling: 'lifo' } as const;
  const agent = secure ? new SecureAgent(options) : new PlainAgent(options);
  const prefix = url.pathname.replace(/\/$/, '');

  function attempt(
    asked: OriginRequest,
  ): Promise<{ answer: OriginAnswer } | { error: Error; again: boolean }> {
    const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof attempt>>>();
    let answered = false;
    const sent: ClientRequest = (secure ? secureRequest : plainRequest)({
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port,
      agent,
      method: asked.method,
      path: prefix + asked.target,
      headers: requestFields(asked, url.host),
      maxHeaderSize: limits.originHeaderSize,
      ...(asked.signal && { signal: asked.signal }),
    });
    const timer = setTimeout(() => sent.destroy(new OriginFailure(true)), timeout);
    sent.on('information', ({ statusCode, rawHeaders }) => {
      asked.onInterim?.({ status: statusCode, headers: rawHeaders });
    });
    sent.on('response', (response: IncomingMessage) => {
      answered = true;
      clearTimeout(timer);
      response.setTimeout(limits.originBodyTimeout, () => response.destroy(new OriginFailure(true)));
      if (asked.body) stopWhenAnswered(asked.body, sent, response);
      // Whoever reads it sees its end; without a listener an error would end the process.
      response.on('error', () => {});
      resolve({
        answer: {
          status: response.statusCode ?? 502,
          reason: response.statusMessage ?? '',
          headers: response.rawHeaders,
          body: response,
        },
      });
    });
    sent.on('error', (error) => {
      clearTimeout(timer);
      resolve({
        error,
        again: !answered && !(error instanceof OriginFailure) && mayRepeat(asked, sent.reusedSocket),
      });
    });
    if (asked.body) asked.body.on('error', (error) => sent.destroy(error)).pipe(sent);
    else sent.end();
    return promise;
  }

  /** RFC 9110, section 9.2.2: what is idempotent may be sent once more. */
  function mayRepeat({ method, body }: OriginRequest, reused: boolean): boolean {
    if (repeatsReads) return !body && (method === 'GET' || method === 'HEAD');
    return reused && idempotent.has(method);
  }

  /** The request once more, with its body from the start; undefined when that is not to be had. */
  function repeated(asked: OriginRequest, body: RepeatableBody | undefined): OriginRequest | undefined {
    if (asked.signal?.aborted) return undefined;
    if (!body) return asked;
    const again = body.again();
    return again && { ...asked, body: again };
  }

  return {
    async fetch(asked) {
      const keeps = asked.body && !repeatsReads && idempotent.has(asked.method);
      const body = keeps ? repeatableBody(asked.body, limits.repeatedBody) : undefined;
      let result = await attempt(asked);
      // As with a kept-alive connection that the origin closed just as the request went out.
      const next = 'error' in result && result.again ? repeated(asked, body) : undefined;
      if (next) result = await attempt(next);
      if ('answer' in result) return result.answer;
      const { error } = result;
      throw error instanceof OriginFailure ? error : new OriginFailure(false, { cause: error });
    },
    close: () => agent.destroy(),
  };
}

/** What is answered in full needs no more of the request: its body is nobody's any more, and its connection ends. */
function stopWhenAnswered(body: Readable, sent: ClientRequest, response: IncomingMessage): void {
  const stop = () => {
    if (!response.complete || sent.writableFinished) return;
    body.unpipe(sent);
    // Its sender waits until it is read away.
    body.resume();
    sent.destroy();
  };
  // An answer without a body is whole by then, but says so only to who reads it.
  setImmediate(stop);
  response.once('end', stop);
}

function requestFields({ headers, body }: OriginRequest, host: string): string[] {
  const fields = ['host', host, ...endToEndRequest(headers)];
  fields.push('via', via);
  if (body && fieldValue(fields, 'content-length') === undefined) fields.push('transfer-encoding', 'chunked');
  return fields;
}
