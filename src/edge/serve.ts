import { pipeline } from 'node:stream/promises';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { openDiskStore } from './cache/disk-store.ts';
import { type FieldLines, fieldValue } from './cache/fields.ts';
import { createHttpCache, type HttpCache } from './cache/http-cache.ts';
import { createMemoryStore } from './cache/memory-store.ts';
import type { CacheAnswer, CacheRequest, Interim, Source } from './cache/message.ts';
import { type CachePolicy, rfcPolicy } from './cache/policy.ts';
import type { StoreLimits } from './cache/store.ts';
import { compressing } from './compression/compress.ts';
import { foldAcceptEncoding } from './compression/negotiation.ts';
import { openListener } from './protocol/listener.ts';
import type { ViewerRequest, ViewerResponse } from './protocol/message.ts';
import { createServedOrigin, via } from './serve-origin.ts';

/** What a bare edge needs to run. */
export interface ServeSettings {
  readonly origin: URL;
  /** On 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Folder of a store that survives a restart; in memory without. */
  readonly folder?: string;
  /** Whether it compresses what the origin does not. */
  readonly compress?: boolean;
  readonly storeLimits?: StoreLimits;
  readonly policy?: CachePolicy;
  readonly clock?: Clock;
}

/** A running bare edge. */
export interface ServedEdge {
  readonly port: number;
  readonly cache: HttpCache;
  /** Finishes what is in flight, then closes. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** 256 MB in memory or on disk, 64 MB of them for one object. */
const defaultLimits: StoreLimits = { bytes: 268_435_456, objectBytes: 67_108_864 };

/** How an answer came about, in the words of RFC 9211. */
const cacheStatus: Readonly<Record<Source, string>> = {
  hit: 'strata-edge; hit',
  stale: 'strata-edge; hit; detail=stale',
  revalidated: 'strata-edge; fwd=stale; fwd-status=304',
  miss: 'strata-edge; fwd=miss',
  pass: 'strata-edge; fwd=bypass',
  error: 'strata-edge; fwd=miss; detail=no-answer',
};

/**
 * Starts an edge with one behaviour: it caches what RFC 9111 lets a shared cache keep, and passes all else through.
 * @throws the listen error, and what opening the store's folder throws
 */
export async function serveEdge(settings: ServeSettings): Promise<ServedEdge> {
  const {
    origin: url,
    port,
    folder,
    compress = false,
    storeLimits = defaultLimits,
    policy = rfcPolicy,
    clock = systemClock,
  } = settings;
  const store = folder === undefined ? createMemoryStore(storeLimits) : openDiskStore(folder, storeLimits);
  const origin = createServedOrigin(url);
  const cache = createHttpCache({ store, policy, clock });
  const fetch = compress ? compressing(origin.fetch) : origin.fetch;
  let closing: Promise<void> | undefined;
  const listener = await openListener({
    port,
    answer(request, response) {
      const asked = requestOf(request, response, compress);
      const answer = cache.respond(asked, fetch);
      if ('then' in answer) answer.then((ready) => send(ready, response), fail(response));
      else send(answer, response);
    },
  });
  return {
    port: listener.port,
    cache,
    close() {
      closing ??= listener.close().then(() => {
        origin.close();
        store.close();
      });
      return closing;
    },
  };
}

/** The request in the cache's terms. */
function requestOf(request: ViewerRequest, response: ViewerResponse, fold: boolean): CacheRequest {
  let abandoned: AbortController | undefined;
  return {
    method: request.method ?? 'GET',
    get origin() {
      return `http://${fieldValue(request.rawHeaders, 'host') ?? host}`;
    },
    target: request.url ?? '/',
    headers: fold ? foldAcceptEncoding(request.rawHeaders) : request.rawHeaders,
    ...(hasBody(request.rawHeaders) && { body: request }),
    departure() {
      if (abandoned) return abandoned.signal;
      const made = new AbortController();
      abandoned = made;
      response.once('close', () => {
        if (!response.writableFinished) made.abort();
      });
      if (response.destroyed) made.abort();
      return made.signal;
    },
    onInterim: (interim) => sendInterim(interim, response),
  };
}

/** RFC 9112, section 6: a request has a body if one of these fields says so. */
function hasBody(fields: FieldLines): boolean {
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const field = fields[index] ?? '';
    if (field.length === 14 && field.toLowerCase() === 'content-length') return fields[index + 1] !== '0';
    if (field.length === 17 && field.toLowerCase() === 'transfer-encoding') return true;
  }
  return false;
}

/** Node can send 102 and 103; others are dropped, as a proxy may (RFC 9110, section 15.2). */
function sendInterim({ status, headers }: Interim, response: ViewerResponse): void {
  if (response.headersSent || response.destroyed) return;
  if (status === 102) response.writeProcessing?.();
  if (status !== 103) return;
  const hints: Record<string, string[]> = {};
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const name = (headers[index] ?? '').toLowerCase();
    hints[name] = [...(hints[name] ?? []), headers[index + 1] ?? ''];
  }
  response.writeEarlyHints?.(
    Object.fromEntries(Object.entries(hints).map(([name, lines]) => [name, lines.join(', ')])),
  );
}

function send({ status, reason, headers, body, source }: CacheAnswer, response: ViewerResponse): void {
  if (response.destroyed) {
    if (body && 'destroy' in body) body.destroy();
    return;
  }
  headers.push('via', via, 'cache-status', cacheStatus[source]);
  response.writeHead(status, reason, headers);
  if (!body || 'length' in body) response.end(body);
  // A source that fails midway ends the connection, so that the viewer sees the answer is not whole.
  else pipeline(body, response).catch(() => response.destroy());
}

function fail(response: ViewerResponse): (error: unknown) => void {
  return (error) => {
    process.emitWarning(error instanceof Error ? error : String(error));
    if (response.headersSent) response.destroy();
    else response.writeHead(500).end();
  };
}
