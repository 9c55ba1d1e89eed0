import { limits } from '../model/limits.ts';
import type { Answer } from './answer.ts';
import { LeastRecentlyUsed } from './least-recently-used.ts';
import { storedHeaders } from './response-headers.ts';

interface Entry {
  readonly answer: Answer;
  /** Monotonic milliseconds at which it was asked for: it is no fresher than that. */
  readonly askedAt: number;
  /** Orders fetches of one key by their beginning. */
  readonly order: number;
}

/** A fetch under way: the answer for who began it, and the same for who joined. */
interface Fetch {
  readonly own: Answer;
  readonly shared: Answer;
}

/** Bytes counted for an entry beside its texts and body. */
const allowance = 512;

/**
 * Answers by key, the fetches under way that later requests join, and nothing else: what may be stored is the
 * stage's business. A fetch belongs to the cache, not to who began it, and goes on when that client leaves.
 */
export class ResponseCache {
  readonly #entries: LeastRecentlyUsed<Entry>;
  readonly #underWay = new Map<string, Promise<Fetch>>();
  #order = 0;

  /** @param size bytes of all stored answers together */
  constructor(size: number) {
    this.#entries = new LeastRecentlyUsed(size);
  }

  /** Bytes that the stored answers take. */
  get size(): number {
    return this.#entries.cost;
  }

  /** Goes on with another size in bytes. */
  resize(size: number): void {
    this.#entries.resize(size);
  }

  /** The stored answer, while it is younger than the time to live; times in milliseconds of the monotonic clock. */
  find(key: string, now: number, ttl: number): Answer | undefined {
    const entry = this.#entries.get(key);
    return entry && now - entry.askedAt < ttl ? entry.answer : undefined;
  }

  /** The answer of the newest fetch of a key that is under way, or undefined when there is none. */
  join(key: string): Promise<Answer> | undefined {
    return this.#underWay.get(key)?.then(({ shared }) => shared);
  }

  /** Fetches a key and stores a 200 of a size that may be stored, unless a later fetch has stored its own. */
  fetch(key: string, now: number, call: () => Promise<Answer>): Promise<Answer> {
    const order = ++this.#order;
    const underWay = call().then((own): Fetch => {
      if (this.#underWay.get(key) === underWay) this.#underWay.delete(key);
      const shared = sharedAnswer(own);
      if (own.status === 200 && own.body.length <= limits.gatewayCacheEntry.value) {
        this.#store(key, { answer: shared, askedAt: now, order });
      }
      return { own, shared };
    });
    this.#underWay.set(key, underWay);
    return underWay.then(({ own }) => own);
  }

  #store(key: string, entry: Entry): void {
    const stored = this.#entries.get(key);
    if (stored && stored.order > entry.order) return;
    const { headers, body } = entry.answer;
    const heads = headers.reduce((total, text) => total + text.length, 0);
    this.#entries.set(key, entry, key.length + heads + body.length + allowance);
  }
}

function sharedAnswer({ status, headers, body }: Answer): Answer {
  return { status, headers: storedHeaders(headers), body };
}
