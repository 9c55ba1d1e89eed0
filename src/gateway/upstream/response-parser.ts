import { parseResponseHead, type ResponseHead } from './response-head.ts';

/** A whole answer of a service. */
export interface UpstreamResponse extends Pick<ResponseHead, 'status' | 'headers' | 'persistent'> {
  readonly body: Buffer;
}

/** Why an answer could not be read: it is none, or longer than allowed. */
export type ResponseFault = 'malformed' | 'too-long';

/** Bytes of an answer's head, or of a chunk's line or the trailers. */
const headLimit = 16 * 1024;
const blankLine = Buffer.from('\r\n\r\n');
const lineEnd = Buffer.from('\r\n');
const empty: Buffer = Buffer.alloc(0);

/** What the bytes that come next are. */
type Awaiting =
  | 'head'
  | 'length'
  | 'close'
  | 'chunk-line'
  | 'chunk-data'
  | 'chunk-end'
  | 'trailer'
  | 'nothing';

/**
 * Reads the answers that come in one after the other on a connection, one for each request: the bytes may be cut
 * anywhere. Interim answers are passed over (RFC 9110, 15.2); trailers are read and dropped.
 */
export class ResponseParser {
  readonly #bodyLimit: number;
  #awaiting: Awaiting = 'nothing';
  #method = '';
  #head: ResponseHead | undefined;
  /** Bytes that are not yet a whole line or head. */
  #pending = empty;
  #body: Buffer[] = [];
  #size = 0;
  /** Bytes of the body or the chunk that are still to come. */
  #missing = 0;

  /** @param bodyLimit bytes a body may have */
  constructor(bodyLimit: number) {
    this.#bodyLimit = bodyLimit;
  }

  /** Begins with the answer to a request of this method. */
  begin(method: string): void {
    this.#awaiting = 'head';
    this.#method = method;
    this.#head = undefined;
    this.#body = [];
    this.#size = 0;
  }

  /** Reads on. @returns the answer once it is whole, why it is none, or undefined while bytes are missing */
  read(chunk: Buffer): UpstreamResponse | ResponseFault | undefined {
    let bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = empty;
    for (;;) {
      switch (this.#awaiting) {
        case 'nothing':
          return bytes.length === 0 ? undefined : 'malformed';
        case 'head': {
          const end = bytes.indexOf(blankLine);
          if (end < 0 || end > headLimit) return this.#wait(bytes);
          const fault = this.#beginBody(bytes.toString('latin1', 0, end));
          if (fault) return fault;
          bytes = bytes.subarray(end + blankLine.length);
          break;
        }
        case 'length':
        case 'chunk-data': {
          const part = bytes.length > this.#missing ? bytes.subarray(0, this.#missing) : bytes;
          this.#missing -= part.length;
          if (part.length > 0) this.#body.push(part);
          if (this.#missing > 0) return undefined;
          bytes = bytes.subarray(part.length);
          if (this.#awaiting === 'length') return bytes.length === 0 ? this.#finish() : 'malformed';
          this.#awaiting = 'chunk-end';
          break;
        }
        case 'close':
          if (bytes.length > 0) this.#body.push(bytes);
          this.#size += bytes.length;
          return this.#size > this.#bodyLimit ? 'too-long' : undefined;
        case 'chunk-line': {
          const end = bytes.indexOf(lineEnd);
          if (end < 0 || end > headLimit) return this.#wait(bytes);
          const fault = this.#beginChunk(bytes.toString('latin1', 0, end));
          if (fault) return fault;
          bytes = bytes.subarray(end + lineEnd.length);
          break;
        }
        case 'chunk-end':
          if (bytes.length < lineEnd.length) return this.#wait(bytes);
          if (bytes[0] !== 0x0d || bytes[1] !== 0x0a) return 'malformed';
          bytes = bytes.subarray(lineEnd.length);
          this.#awaiting = 'chunk-line';
          break;
        case 'trailer': {
          const end = bytes.indexOf(lineEnd);
          if (end < 0 || end > headLimit) return this.#wait(bytes);
          bytes = bytes.subarray(end + lineEnd.length);
          if (end === 0) return bytes.length === 0 ? this.#finish() : 'malformed';
          this.#missing += end;
          if (this.#missing > headLimit) return 'malformed';
          break;
        }
      }
    }
  }

  /** The connection has ended. @returns the answer when its end is that of the connection */
  close(): UpstreamResponse | undefined {
    return this.#awaiting === 'close' ? this.#finish() : undefined;
  }

  #wait(bytes: Buffer): 'malformed' | undefined {
    this.#pending = bytes;
    return bytes.length > headLimit ? 'malformed' : undefined;
  }

  #beginBody(text: string): ResponseFault | undefined {
    const head = parseResponseHead(text, this.#method);
    if (!head || head.status === 101) return 'malformed';
    if (head.status < 200) return undefined;
    this.#head = head;
    const { framing } = head;
    this.#awaiting = framing.kind === 'chunked' ? 'chunk-line' : framing.kind;
    this.#missing = framing.kind === 'length' ? framing.length : 0;
    return this.#missing > this.#bodyLimit ? 'too-long' : undefined;
  }

  #beginChunk(line: string): ResponseFault | undefined {
    const size = /^([\da-f]{1,8})[\t ]*(?:;|$)/i.exec(line)?.[1];
    if (size === undefined) return 'malformed';
    this.#missing = Number.parseInt(size, 16);
    this.#size += this.#missing;
    this.#awaiting = this.#missing === 0 ? 'trailer' : 'chunk-data';
    return this.#size > this.#bodyLimit ? 'too-long' : undefined;
  }

  #finish(): UpstreamResponse {
    const [first = empty] = this.#body;
    const body = this.#body.length <= 1 ? first : Buffer.concat(this.#body);
    const { status, headers, persistent } = this.#head as ResponseHead;
    this.#awaiting = 'nothing';
    this.#body = [];
    return { status, headers, persistent, body };
  }
}
