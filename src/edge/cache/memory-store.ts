import { createObjectStore } from './object-store.ts';
import type { Persistence } from './persistence.ts';
import type { ObjectStore, StoreLimits } from './store.ts';

interface Chunk {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** A response of up to so many bytes is kept in one piece. */
const compacted = 65_536;

/** A store in memory: gone with the process. */
export function createMemoryStore(limits: StoreLimits): ObjectStore {
  return createObjectStore(limits, memoryPersistence());
}

function memoryPersistence(): Persistence {
  const bodies = new Map<number, Chunk[]>();
  return {
    load: () => [],
    append(id, offset, bytes) {
      const chunks = bodies.get(id);
      if (chunks) chunks.push({ offset, bytes });
      else bodies.set(id, [{ offset, bytes }]);
    },
    read(id, offset) {
      const chunks = bodies.get(id) ?? [];
      const chunk = chunks[indexAt(chunks, offset)];
      return chunk && offset < chunk.offset + chunk.bytes.length
        ? chunk.bytes.subarray(offset - chunk.offset)
        : undefined;
    },
    forget(id, before) {
      const chunks = bodies.get(id) ?? [];
      chunks.splice(0, Math.max(0, indexAt(chunks, before)));
    },
    together: (work) => work(),
    save({ id, size }) {
      const chunks = bodies.get(id) ?? [];
      if (chunks.length < 2 || size > compacted) return;
      bodies.set(id, [{ offset: 0, bytes: Buffer.concat(chunks.map(({ bytes }) => bytes)) }]);
    },
    unsave() {},
    drop: (id) => void bodies.delete(id),
    close: () => bodies.clear(),
  };
}

/** Index of the last chunk that begins at or before an offset. */
function indexAt(chunks: readonly Chunk[], offset: number): number {
  let low = 0;
  let high = chunks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((chunks[middle]?.offset ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
