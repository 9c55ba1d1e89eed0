import { Readable } from 'node:stream';

/** A request's body on its way, whose beginning is kept so that it can be sent once more. */
export interface RepeatableBody {
  /** The body from its start: what was read of it, then the rest; undefined when more was read than is kept. */
  again(): Readable | undefined;
}

/** Keeps what others read of a body, up to `most` bytes. */
export function repeatableBody(body: Readable, most: number): RepeatableBody {
  const read: Buffer[] = [];
  let size = 0;
  const keep = (chunk: Buffer) => {
    size += chunk.length;
    if (size <= most) read.push(chunk);
    else read.length = 0;
  };
  body.on('data', keep);
  return {
    again() {
      body.off('data', keep);
      return size <= most ? Readable.from(joined(read, body)) : undefined;
    },
  };
}

async function* joined(read: readonly Buffer[], rest: Readable): AsyncGenerator<Buffer> {
  yield* read;
  yield* rest;
}
