import type { Entry } from './entry.ts';

/** What a flight brought. */
export interface Landing {
  readonly entry: Entry;
  /** Whether the cache confirmed that nothing newer had been shown until then. */
  readonly confirmed: boolean;
  /** Whether the entry came from a read of this flight's own. */
  readonly own: boolean;
}

/** One flight under way: its last read of the system of record began at this point of the order of events. */
export interface Flight {
  began: number;
  /** To be called right before each read of the system of record. */
  readonly begin: () => void;
}

/**
 * Concurrent misses of one key share one flight. Who joins may use its landing when the cache confirmed it, or when
 * its read began after they asked; otherwise something newer may have been shown before they asked, and they fly anew.
 * So at most one flight a key is under way, with or without the cache.
 */
export class Flights {
  readonly #under = new Map<string, Flight & { readonly landing: Promise<Landing> }>();
  readonly #fly: (id: string, flight: Flight) => Promise<Landing>;
  #order = 0;

  constructor(fly: (id: string, flight: Flight) => Promise<Landing>) {
    this.#fly = fly;
  }

  /** The entry by a flight of one's own or another's. @throws what the flight throws */
  async join(id: string): Promise<{ entry: Entry; source: 'miss' | 'coalesced' }> {
    this.#order += 1;
    const asked = this.#order;
    for (;;) {
      const joined = this.#under.get(id);
      const flight = joined ?? this.#start(id);
      const landing = await flight.landing;
      const mine = joined === undefined;
      if (mine || landing.confirmed || flight.began > asked) {
        return { entry: landing.entry, source: mine && landing.own ? 'miss' : 'coalesced' };
      }
    }
  }

  #start(id: string) {
    const flight = {
      began: 0,
      begin: () => {
        this.#order += 1;
        flight.began = this.#order;
      },
    };
    // A turn later, so that all who ask in this one have asked before the read begins.
    const landing = Promise.resolve()
      .then(() => this.#fly(id, flight))
      .finally(() => this.#under.delete(id));
    const started = Object.assign(flight, { landing });
    this.#under.set(id, started);
    return started;
  }
}
