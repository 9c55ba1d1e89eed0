import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { Readable } from 'node:stream';
import { type Viewer, type ViewerRequest, viewerKey } from './message.ts';

/** A request in the terms of HTTP/1.1. */
export interface TranslatedHead {
  readonly method: string;
  readonly target: string;
  /** Names and values in turn, `Host` first. */
  readonly fields: string[];
  /** Bytes of all names and values. */
  readonly size: number;
}

/**
 * The pseudo-header fields as a request line, and the rest without what HTTP/1.1 has no place for (RFC 9113, section
 * 8.3). What is malformed by then is told by its absence: a Host that differs is there twice, and refused.
 */
export function translateHead(raw: readonly string[]): TranslatedHead {
  let method = '';
  let target = '';
  let authority: string | undefined;
  const fields: string[] = [];
  const cookies: string[] = [];
  let size = 0;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const value = raw[index + 1] ?? '';
    size += name.length + value.length;
    if (name === ':method') method = value;
    else if (name === ':path') target = value;
    else if (name === ':authority') authority = value;
    else if (name === 'cookie') cookies.push(value);
    else if (name !== ':scheme' && !(name === 'host' && value === authority)) fields.push(name, value);
  }
  if (authority !== undefined) fields.unshift('host', authority);
  // Section 8.2.3: what was split for the sake of compression is one field again.
  if (cookies.length > 0) fields.push('cookie', cookies.join('; '));
  return { method, target, fields, size };
}

/** A request of an HTTP/2 stream, as the stages know requests. */
export function createRequest(
  stream: ServerHttp2Stream,
  head: TranslatedHead,
  headers: IncomingHttpHeaders,
  viewer: Viewer,
): ViewerRequest {
  const bodyless = stream.endAfterHeaders;
  // HTTP/1.1 has no body without one of these fields (RFC 9112, section 6).
  if (!bodyless && headers['content-length'] === undefined) head.fields.push('transfer-encoding', 'chunked');
  const body = new Readable({
    read: () => void stream.resume(),
    destroy(error, done) {
      done(error);
    },
  });
  const request = Object.assign(body, {
    method: head.method,
    url: head.target,
    httpVersion: '2.0',
    rawHeaders: head.fields,
    headers: plainHeaders(headers, head.fields),
    complete: bodyless,
    [viewerKey]: viewer,
  });
  if (bodyless) {
    request.push(null);
    return request;
  }
  stream.on('data', (chunk: Buffer) => {
    if (!request.push(chunk)) stream.pause();
  });
  stream.once('end', () => {
    // A stream that was reset ends as one that is whole does.
    if (stream.aborted || stream.rstCode !== 0) return;
    request.complete = true;
    request.push(null);
  });
  stream.once('close', () => {
    if (!request.complete) request.destroy(request.listenerCount('error') > 0 ? aborted() : undefined);
  });
  return request;
}

function aborted(): Error {
  return Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
}

/** The fields by name, as node:http has them. */
function plainHeaders(headers: IncomingHttpHeaders, fields: readonly string[]): IncomingHttpHeaders {
  const plain: IncomingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(':')) plain[name] = value;
  }
  if (fields[0] === 'host') plain.host = fields[1];
  if (fields.at(-2) === 'transfer-encoding') plain['transfer-encoding'] = fields.at(-1);
  return plain;
}
