import type { FieldLines } from './fields.ts';
import type { Selection } from './vary.ts';

/** What is known of a stored response beside its bytes. Plain data. Times in milliseconds since the epoch. */
export interface StoredHead {
  readonly key: string;
  /** Path and query it was asked by, for invalidation. */
  readonly target: string;
  readonly status: number;
  readonly reason: string;
  /** End-to-end fields, without Age. */
  readonly headers: FieldLines;
  readonly selection: Selection;
  readonly requestTime: number;
  readonly responseTime: number;
  /** Milliseconds of age it came with (RFC 9111, section 4.2.3). */
  readonly initialAge: number;
  /** Set for a 206: where its bytes begin, the size of the whole, and the Range that asked for it. */
  readonly part: StoredPart | undefined;
}

/** Which bytes of a representation are stored. */
export interface StoredPart {
  readonly first: number;
  readonly complete: number | undefined;
  readonly range: string;
}

/** A stored response, or one on its way into the store. */
export interface StoredObject {
  readonly id: number;
  readonly head: StoredHead;
  /** Bytes that are there. */
  readonly size: number;
  /** `passing`: too large to keep; what its readers have read is dropped. */
  readonly state: 'writing' | 'passing' | 'whole' | 'failed';
}

/** Puts the bytes of one response into the store. It is found from the first byte, and kept only once committed. */
export interface ObjectWriter {
  readonly object: StoredObject;
  write(chunk: Buffer): void;
  /** Bytes that the slowest reader is behind; undefined when nobody reads. */
  lag(): number | undefined;
  /** Calls each time a reader of a passing response has read on or left. */
  onRead(listener: () => void): void;
  /** Makes it whole. */
  commit(): void;
  /** Forgets it: its readers see that it is not whole. */
  abort(): void;
}

/** Reads the bytes of one response in order, also while they come. */
export interface ObjectReader {
  /** The bytes from where the reader is up to the end of their chunk; 'later' when they have not come, 'gone' when they never will; undefined at the end. */
  read(): Buffer | 'later' | 'gone' | undefined;
  /** Calls once when there may be more to read. */
  wait(wake: () => void): void;
  close(): void;
}

/**
 * A store of responses, bounded in bytes: the least recently used goes first. What is being read stays readable. Never
 * holds half a response as a whole one, also after a crash.
 */
export interface ObjectStore {
  /** Largest response it takes, in bytes. */
  readonly objectLimit: number;
  /** All of a key, newest first. */
  select(key: string): readonly StoredObject[];
  /** Marks as used. */
  touch(object: StoredObject): void;
  begin(head: StoredHead): ObjectWriter;
  /** Changes what is known of an object; its bytes stay. */
  update(object: StoredObject, head: StoredHead): void;
  /** Adds the bytes of another object from an offset on to a whole one, which then has another head. Neither is removed. */
  extend(object: StoredObject, other: StoredObject, from: number, head: StoredHead): void;
  /** A reader from an offset in the stored bytes. */
  open(object: StoredObject, from: number): ObjectReader;
  /** All stored bytes of a small whole object in one buffer. */
  content(object: StoredObject): Buffer;
  remove(object: StoredObject): void;
  /** Removes what the test names. @returns how many */
  removeWhere(test: (head: StoredHead) => boolean): number;
  /** Changes the bounds; what is too much goes. */
  resize(limits: StoreLimits): void;
  /** Bytes held, with what is known of each object. */
  readonly bytes: number;
  close(): void;
}

/** How much a store may hold, in bytes. */
export interface StoreLimits {
  readonly bytes: number;
  readonly objectBytes: number;
  /** Bytes of a store on disk that are held in memory, too. */
  readonly memoryBytes?: number;
}
