import { Readable } from 'node:stream';

/** A body of which the beginning has been read. */
export interface BodyBeginning {
  /** No more bytes than were asked for. */
  readonly head: Buffer;
  /** The whole body, from its first byte. */
  readonly whole: Readable;
}

/**
 * Reads the beginning of a body, and gives it back whole. The source is not destroyed when the whole is: with a
 * viewer's request would go the viewer.
 * @throws what the source ends with when it ends early
 */
export async function beginningOf(body: Readable, bytes: number): Promise<BodyBeginning> {
  const source: AsyncIterator<Buffer> = body.iterator({ destroyOnReturn: false });
  const chunks: Buffer[] = [];
  for (let size = 0; size < bytes; ) {
    const { done, value } = await source.next();
    if (done) break;
    chunks.push(value);
    size += value.length;
  }
  async function* whole() {
    yield* chunks;
    for (;;) {
      const { done, value } = await source.next();
      if (done) return;
      yield value;
    }
  }
  const again = Readable.from(whole(), { objectMode: false });
  // Who reads it learns of an early end, too; where nobody does, it is nobody's failure.
  again.on('error', () => {});
  return { head: Buffer.concat(chunks).subarray(0, bytes), whole: again };
}
