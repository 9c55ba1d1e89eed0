import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type ResponseFault, ResponseParser, type UpstreamResponse } from './response-parser.ts';

/** Why a request has no answer. */
export type UpstreamFault = ResponseFault | 'unreachable' | 'interrupted';

/** A request on its way, and whom to tell how it ends: once, by `settle`. */
export interface UpstreamExchange {
  readonly method: string;
  /** Request line and fields with the empty line, one byte a character. */
  readonly head: string;
  readonly body?: Readable | undefined;
  /** Whether the body goes out in chunks; else the head says its length. */
  readonly chunked: boolean;
  readonly settle: (outcome: UpstreamResponse | UpstreamFault) => void;
  /** The connection it is on, once it is on one; the pool's to set. */
  connection?: UpstreamConnection | undefined;
}

/** Where a connection goes, and its limits: bytes and milliseconds. */
export interface UpstreamTarget {
  readonly host: string;
  readonly port: number;
  readonly connectTimeout: number;
  readonly bodyLimit: number;
}

/** One kept connection to a service: one request at a time (no pipelining). */
export class UpstreamConnection {
  readonly #socket: Socket;
  readonly #parser: ResponseParser;
  #exchange: UpstreamExchange | undefined;
  #connected = false;

  /**
   * @param onIdle it can take a request
   * @param onGone it is closed; what was under way has been settled
   */
  constructor(
    { host, port, connectTimeout, bodyLimit }: UpstreamTarget,
    onIdle: (connection: UpstreamConnection) => void,
    onGone: (connection: UpstreamConnection) => void,
  ) {
    this.#parser = new ResponseParser(bodyLimit);
    const socket = connect({ host, port, noDelay: true });
    this.#socket = socket;
    const timer = setTimeout(() => socket.destroy(), connectTimeout);
    socket.on('connect', () => {
      clearTimeout(timer);
      this.#connected = true;
      if (this.#exchange) this.#write(this.#exchange);
    });
    socket.on('data', (chunk: Buffer) => {
      const outcome = this.#parser.read(chunk);
      if (outcome === undefined) return;
      const reusable = typeof outcome !== 'string' && outcome.persistent && this.#bodyIsSent();
      if (!reusable) {
        this.#settle(outcome);
        socket.destroy();
        return;
      }
      const exchange = this.#exchange;
      this.#exchange = undefined;
      // Free before the answer is passed on: what that leads to may need a connection.
      onIdle(this);
      exchange?.settle(outcome);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      this.#settle(this.#parser.close() ?? (this.#connected ? 'interrupted' : 'unreachable'));
      onGone(this);
    });
  }

  /** Whether a request may be sent: neither end has begun to close it. */
  get usable(): boolean {
    return this.#socket.writable;
  }

  /** Sends a request; the connection is idle or new. */
  send(exchange: UpstreamExchange): void {
    this.#exchange = exchange;
    this.#parser.begin(exchange.method);
    if (this.#connected) this.#write(exchange);
  }

  /** Gives up on a request and the connection with it, unless the request is over. */
  abandon(exchange: UpstreamExchange): void {
    if (this.#exchange !== exchange) return;
    this.#settle('interrupted');
    this.#socket.destroy();
  }

  /** Closes an idle connection. */
  close(): void {
    this.#socket.destroy();
  }

  #write({ head, body, chunked }: UpstreamExchange): void {
    this.#socket.write(head, 'latin1');
    if (body) this.#pass(body, chunked);
  }

  /** Passes a body on as fast as the service takes it. */
  #pass(body: Readable, chunked: boolean): void {
    const socket = this.#socket;
    const resume = () => body.resume();
    socket.on('drain', resume);
    body.on('data', (chunk: Buffer) => {
      if (chunked) {
        socket.cork();
        socket.write(`${chunk.length.toString(16)}\r\n`, 'latin1');
        socket.write(chunk);
        socket.write('\r\n', 'latin1');
        process.nextTick(() => socket.uncork());
      } else socket.write(chunk);
      if (socket.writableNeedDrain) body.pause();
    });
    body.on('end', () => {
      if (chunked && !socket.destroyed) socket.write('0\r\n\r\n', 'latin1');
    });
    body.on('close', () => {
      socket.off('drain', resume);
      // Broken off: the service is not to take what it has for the whole.
      if (!body.readableEnded) socket.destroy();
    });
  }

  #bodyIsSent(): boolean {
    return this.#exchange?.body?.readableEnded ?? true;
  }

  #settle(outcome: UpstreamResponse | UpstreamFault): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    this.#exchange = undefined;
    exchange.body?.destroy();
    exchange.settle(outcome);
  }
}
