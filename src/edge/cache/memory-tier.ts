import type { Persistence } from './persistence.ts';

/** A persistence with the bytes of what was read last in memory, too. */
export interface TieredPersistence extends Persistence {
  /** Changes how many bytes are held in memory. */
  resize(bytes: number): void;
}

/** An object of up to so many bytes is held in memory. */
const held = 262_144;

/** Puts memory in front of a slower persistence; the least recently read goes first. */
export function withMemoryTier(behind: Persistence, bytes: number): TieredPersistence {
  /** Whole small objects, least recently read first. */
  const bodies = new Map<number, Buffer>();
  /** Sizes of the whole small objects there are. */
  const sizes = new Map<number, number>();
  let limit = bytes;
  /** The one at the end of that order, where that is known. */
  let lastRead: number | undefined;
  let total = 0;

  function forget(id: number): void {
    total -= bodies.get(id)?.length ?? 0;
    bodies.delete(id);
  }

  function makeRoom(): void {
    for (const id of bodies.keys()) {
      if (total <= limit) return;
      forget(id);
    }
  }

  function hold(id: number, body: Buffer): void {
    forget(id);
    if (body.length > Math.min(held, limit)) return;
    bodies.set(id, body);
    lastRead = id;
    total += body.length;
    makeRoom();
  }

  function bytesOf(id: number, size: number): Buffer {
    const chunks: Buffer[] = [];
    for (let at = 0; at < size; ) {
      const chunk = behind.read(id, at);
      if (!chunk) break;
      chunks.push(chunk);
      at += chunk.length;
    }
    return Buffer.concat(chunks);
  }

  return {
    ...behind,
    read(id, offset) {
      const size = sizes.get(id);
      if (size !== undefined && !bodies.has(id)) hold(id, bytesOf(id, size));
      const body = bodies.get(id);
      if (!body) return behind.read(id, offset);
      if (id !== lastRead) {
        bodies.delete(id);
        bodies.set(id, body);
        lastRead = id;
      }
      return offset < body.length ? body.subarray(offset) : undefined;
    },
    save(object) {
      behind.save(object);
      // What is held may be the beginning of what it is now.
      if (sizes.get(object.id) !== object.size) forget(object.id);
      if (object.size <= held) sizes.set(object.id, object.size);
      else sizes.delete(object.id);
    },
    load() {
      const saved = behind.load();
      for (const { id, size } of saved) if (size <= held) sizes.set(id, size);
      return saved;
    },
    drop(id) {
      forget(id);
      sizes.delete(id);
      behind.drop(id);
    },
    resize(next) {
      limit = next;
      makeRoom();
    },
  };
}
