import { Readable } from 'node:stream';
import type { ByteRange } from './range.ts';
import type { ObjectStore, ObjectWriter, StoredObject } from './store.ts';

/** Bytes that a response too large to keep may be ahead of its slowest reader. */
const window = 1_048_576;

/**
 * Lets a body flow into the store at the origin's pace, whoever reads it, or nobody. Once it proves too large to keep
 * it flows at its readers' pace, and ends with the last of them.
 */
export function fillFrom(body: Readable, writer: ObjectWriter, whenWhole: () => void = () => {}): void {
  const { object } = writer;
  function follow(): void {
    const lag = writer.lag();
    if (lag === undefined) body.destroy();
    else if (lag > window) body.pause();
    else body.resume();
  }
  writer.onRead(follow);
  body.on('data', (chunk: Buffer) => {
    writer.write(chunk);
    if (object.state === 'passing') follow();
  });
  body.on('end', () => {
    const kept = object.state === 'writing';
    writer.commit();
    if (kept) whenWhole();
  });
  body.on('error', () => writer.abort());
  body.on('close', () => writer.abort());
}

/** A stream over stored bytes, also over those still to come. The range is in offsets of the stored bytes. */
export function streamOf(store: ObjectStore, object: StoredObject, range?: ByteRange): Readable {
  // One that is whole now may become longer while it is read.
  const all = object.state === 'whole' ? object.size : Infinity;
  let left = range ? range.last - range.first + 1 : all;
  const reader = store.open(object, range?.first ?? 0);

  function pump(stream: Readable): void {
    while (left > 0) {
      const chunk = reader.read();
      if (chunk === 'later') {
        reader.wait(() => pump(stream));
        return;
      }
      if (chunk === 'gone' || (chunk === undefined && left !== Infinity)) {
        stream.destroy(new Error('the origin ended midway'));
        return;
      }
      if (chunk === undefined) break;
      const bytes = chunk.length > left ? chunk.subarray(0, left) : chunk;
      left -= bytes.length;
      if (!stream.push(bytes)) return;
    }
    stream.push(null);
  }

  return new Readable({
    read() {
      pump(this);
    },
    destroy(error, callback) {
      reader.close();
      callback(error);
    },
  });
}
