import { connect, type Socket } from 'node:net';
import type { LoadRequest } from './protocol.ts';

/** One keep-alive connection that has at most one request under way. */
export interface Connection {
  send(request: LoadRequest, intended: number): void;
  close(): void;
}

/** Told when an exchange has ended. */
export type Settled = (connection: Connection, exchange: Exchange) => void;

/** One request's end. */
export interface Exchange {
  readonly intended: number;
  /** Why the answer was not right; undefined when it was. */
  readonly reason: string | undefined;
  readonly tallied: boolean;
}

/**
 * Opens a connection that reconnects by itself. Answers are read with a parser for just what the servers
 * under test send (Content-Length or chunked), because the load shares the cores with what it measures.
 */
export function openConnection(
  { host, port, tally }: { host: string; port: number; tally?: string | undefined },
  onReady: (c: Connection) => void,
  settled: Settled,
): Connection {
  let socket: Socket;
  let pending: { request: LoadRequest; intended: number } | undefined;
  let received: Buffer = Buffer.alloc(0);
  let closed = false;

  const finish = (reason: string | undefined, tallied = false) => {
    const done = pending;
    pending = undefined;
    received = Buffer.alloc(0);
    if (done) settled(connection, { intended: done.intended, reason, tallied });
  };

  const open = () => {
    socket = connect({ host, port, noDelay: true });
    socket.on('connect', () => onReady(connection));
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      const end = answerEnd(received);
      if (end === undefined || !pending) return;
      const found = tally === undefined ? -1 : received.indexOf(tally, 0, 'latin1');
      finish(check(received, end, pending.request), found >= 0 && found < end.headEnd);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      const lost = pending !== undefined;
      finish('connection closed');
      if (!closed) setTimeout(open, lost ? 5 : 50);
    });
  };

  const connection: Connection = {
    send(request, intended) {
      pending = { request, intended };
      socket.write(request.wire, 'latin1');
    },
    close() {
      closed = true;
      socket.destroy();
    },
  };
  open();
  return connection;
}

interface AnswerEnd {
  readonly headEnd: number;
  readonly end: number;
}

const blankLine = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('0\r\n\r\n');
/** As the servers under test write it. */
const lengthFields = ['\r\ncontent-length: ', '\r\nContent-Length: '].map((text) => Buffer.from(text));
const chunked = /\r\ntransfer-encoding: *chunked/i;

/** Where an answer ends, or undefined while it is incomplete. Reads the bytes in place: it runs for every answer. */
export function answerEnd(bytes: Buffer): AnswerEnd | undefined {
  const headEnd = bytes.indexOf(blankLine);
  if (headEnd < 0) return undefined;
  const length = contentLength(bytes, headEnd);
  if (length !== undefined) {
    const end = headEnd + 4 + length;
    return bytes.length >= end ? { headEnd, end } : undefined;
  }
  if (chunked.test(bytes.toString('latin1', 0, headEnd))) {
    const last = bytes.length - lastChunk.length;
    return last >= headEnd && bytes.indexOf(lastChunk, last) === last
      ? { headEnd, end: bytes.length }
      : undefined;
  }
  return { headEnd, end: headEnd + 4 };
}

function contentLength(bytes: Buffer, headEnd: number): number | undefined {
  for (const field of lengthFields) {
    const at = bytes.indexOf(field);
    if (at < 0 || at > headEnd) continue;
    let length = 0;
    for (let index = at + field.length; ; index += 1) {
      const digit = (bytes[index] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return length;
      length = length * 10 + digit;
    }
  }
  return undefined;
}

function check(bytes: Buffer, { headEnd, end }: AnswerEnd, request: LoadRequest): string | undefined {
  const status = Number(bytes.toString('latin1', 9, 12));
  if (status !== request.status) return `status ${status}`;
  if (bytes.length !== end) return 'more bytes than announced';
  return bytes.indexOf(request.contains, headEnd) < 0 ? 'wrong body' : undefined;
}
