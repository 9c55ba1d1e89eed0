import type { StoredHead } from './store.ts';

/** An object as it was saved. */
export interface SavedObject {
  readonly id: number;
  readonly head: StoredHead;
  readonly size: number;
}

/** Where a store keeps bytes and what it remembers over a restart. */
export interface Persistence {
  /** What was saved whole, least recently used first; anything else is cleared away. */
  load(): SavedObject[];
  append(id: number, offset: number, chunk: Buffer): void;
  /** The bytes from an offset to the end of their chunk; undefined when there are none. */
  read(id: number, offset: number): Buffer | undefined;
  /** Drops the chunks that end before an offset. */
  forget(id: number, before: number): void;
  /** Does several things at once: after a crash all of them have been done, or none. */
  together(work: () => void): void;
  /** Makes an object outlive a restart. */
  save(object: SavedObject): void;
  /** No longer found after a restart; its bytes stay readable. */
  unsave(id: number): void;
  drop(id: number): void;
  /** Ends; the order of use is given for the next start. */
  close(order: readonly number[]): void;
}
