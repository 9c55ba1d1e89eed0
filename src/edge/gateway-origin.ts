import { PassThrough } from 'node:stream';
import { errors, Pool } from 'undici';
import { errorAnswer } from './error-answer.ts';
import type { Answer, Exchange } from './exchange.ts';
import { answerHeadersFrom, requestHeadersTo } from './forwarding.ts';
import { limits } from './limits.ts';

/** Something the edge fetches from. */
export interface Origin {
  /** Fetches the answer; failures become 502 and 504 answers. Rejects only when the viewer is gone. */
  fetch(exchange: Exchange): Promise<Answer>;
  /** Finishes what is in flight, then closes. */
  close(): Promise<void>;
}

/** The gateway's address and how long an answer may take to begin, in milliseconds. */
export interface GatewayOriginSettings {
  readonly address: { readonly host: string; readonly port: number };
  readonly timeout: number;
}

/** The gateway as an origin: kept-alive connections, bodies streamed both ways, aborts passed on both ways. */
export function createGatewayOrigin({ address, timeout }: GatewayOriginSettings): Origin {
  const authority = `${address.host}:${address.port}`;
  const pool = new Pool(`http://${authority}`, {
    connections: limits.originConnections,
    pipelining: 1,
    connect: { timeout: limits.originConnectTimeout },
    bodyTimeout: limits.originBodyTimeout,
    // The exchange's own timer is exact; undici's counts in whole seconds.
    headersTimeout: 0,
    maxHeaderSize: limits.originHeaderSize,
  });

  async function attempt(exchange: Exchange): Promise<Answer> {
    const { request, abandoned } = exchange;
    const abort = new AbortController();
    const stop = () => abort.abort(abandoned.reason);
    abandoned.addEventListener('abort', stop, { once: true });
    const timer = setTimeout(() => abort.abort(new errors.HeadersTimeoutError()), timeout);
    try {
      const { statusCode, headers, body } = await pool.request({
        path: request.url ?? '/',
        method: request.method ?? 'GET',
        headers: requestHeadersTo(authority, exchange),
        // Through a stream of its own: undici destroys what it has sent, and with the request would go the viewer.
        body: hasBody(request) ? request.pipe(new PassThrough()) : null,
        signal: abort.signal,
      });
      body.once('close', () => abandoned.removeEventListener('abort', stop));
      return { status: statusCode, headers: answerHeadersFrom(headers), body };
    } catch (error) {
      abandoned.removeEventListener('abort', stop);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async fetch(exchange) {
      try {
        return await attempt(exchange).catch((error) => {
          if (!isRepeatable(error, exchange)) throw error;
          return attempt(exchange);
        });
      } catch (error) {
        if (exchange.abandoned.aborted) throw error;
        exchange.cache = 'error';
        return isTimeout(error)
          ? errorAnswer(504, 'The gateway did not answer in time.')
          : errorAnswer(502, 'The gateway could not be reached.');
      }
    },
    close: () => pool.close(),
  };
}

function hasBody({ headers }: Exchange['request']): boolean {
  const length = headers['content-length'];
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** A kept-alive connection that the gateway closed just as the request went out: a read may be sent once more. */
function isRepeatable(error: unknown, { request, abandoned }: Exchange): boolean {
  const safe = request.method === 'GET' || request.method === 'HEAD';
  return safe && !hasBody(request) && !abandoned.aborted && error instanceof errors.SocketError;
}

function isTimeout(error: unknown): boolean {
  return error instanceof errors.HeadersTimeoutError || error instanceof errors.ConnectTimeoutError;
}
