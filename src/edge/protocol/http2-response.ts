import type { OutgoingHttpHeaders } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { Writable } from 'node:stream';
import type { ViewerRequest, ViewerResponse } from './message.ts';

/** Fields of one HTTP/1.1 connection: HTTP/2 has frames for them (RFC 9113, section 8.2.2). */
const connectionFields = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

type Headers = OutgoingHttpHeaders | string[];

/** The answer to a request of an HTTP/2 stream, as the stages know answers. */
export function createResponse(stream: ServerHttp2Stream, request: ViewerRequest): ViewerResponse {
  return new Http2Response(stream, request);
}

/** Holds the stream open until it has been written to its end. */
class Http2Response extends Writable implements ViewerResponse {
  readonly req: ViewerRequest;
  readonly shouldKeepAlive = true;
  readonly socket = null;
  headersSent = false;
  statusCode = 200;
  readonly #stream: ServerHttp2Stream;
  #headers: Record<string, string | string[]> = {};

  constructor(stream: ServerHttp2Stream, request: ViewerRequest) {
    super({ decodeStrings: true, emitClose: true });
    this.#stream = stream;
    this.req = request;
    stream.once('close', () => this.destroy());
    // A viewer that goes is no failure of ours; whoever writes the answer is told by 'close'.
    this.on('error', () => undefined);
  }

  /** As ServerResponse has it; the reason phrase is left out, for HTTP/2 has none. */
  writeHead(status: number, reason?: string | Headers, headers?: Headers): this {
    this.statusCode = status;
    this.#headers = fieldsOf(headers ?? (typeof reason === 'string' ? undefined : reason));
    return this;
  }

  flushHeaders(): void {
    this.#respond(false);
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#respond(false);
    if (this.#stream.writable) this.#stream.write(chunk, done);
    else done(this.#stream.destroyed ? new Error('the viewer is gone') : null);
  }

  override _final(done: (error?: Error | null) => void): void {
    // One frame says it all where there is no body.
    this.#respond(true);
    if (this.#stream.writableEnded || this.#stream.destroyed) done();
    else this.#stream.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // An answer that is not whole must not look as if it were: closed, the stream would end before it is reset.
    if (!this.writableFinished && !this.#stream.destroyed)
      this.#stream.destroy(new Error('the answer broke off'));
    done(error);
  }

  #respond(endStream: boolean): void {
    if (this.headersSent || this.#stream.destroyed || this.#stream.closed) return;
    this.headersSent = true;
    this.#stream.respond({ ':status': this.statusCode, ...this.#headers }, { endStream });
  }
}

function fieldsOf(headers: Headers | undefined): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of pairsOf(headers ?? {})) {
    const lower = name.toLowerCase();
    if (value === undefined || connectionFields.has(lower)) continue;
    const before = fields[lower];
    const text = Array.isArray(value) ? value.map(String) : String(value);
    fields[lower] = before === undefined ? text : [before, text].flat();
  }
  return fields;
}

function* pairsOf(headers: Headers): Generator<[string, OutgoingHttpHeaders[string]]> {
  if (!Array.isArray(headers)) {
    yield* Object.entries(headers);
    return;
  }
  for (let index = 0; index + 1 < headers.length; index += 2) {
    yield [String(headers[index]), headers[index + 1]];
  }
}
