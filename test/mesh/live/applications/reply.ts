/**
 * What an application does with one request: an answer, or one of the ways not to give one. 'refuse the stream' is
 * HTTP/2's REFUSED_STREAM (RFC 9113, section 8.7), which an HTTP/1.1 connection shows as a hang-up.
 */
export type Reply = Answering | 'hang up' | 'refuse the stream' | 'be silent';

/** An answer. */
interface Answering {
  /** 200 when left out. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The application's name when left out. */
  readonly body?: string;
  /** Milliseconds before it is given. */
  readonly after?: number;
  /** Answers at once with the head, and sends the body in as many pieces, `after` milliseconds apart. */
  readonly pieces?: number;
  /** Answers only once this has settled. */
  readonly when?: Promise<unknown>;
}

/** Replies to give in turn; the last one is given to all further requests. */
export interface Script<Item> {
  next(): Item;
  rewrite(items: readonly Item[]): void;
}

/** A script that starts with one reply for everything. */
export function scriptOf<Item>(first: Item): Script<Item> {
  let items: readonly Item[] = [first];
  let count = 0;
  return {
    next: () => {
      const item = items[Math.min(count, items.length - 1)] ?? first;
      count += 1;
      return item;
    },
    rewrite: (next) => {
      items = next;
      count = 0;
    },
  };
}
