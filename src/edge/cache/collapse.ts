/** What came of a fetch, for those who waited for it: look in the store, go on alone, or share its failure. */
export type Outcome = 'stored' | 'apart' | { readonly failure: unknown };

/** One fetch that others may wait for. */
export interface Flight {
  readonly key: string;
  readonly target: string;
  /** Set when what it brings was made invalid while it was under way. */
  spoiled: boolean;
  /** Tells those who wait; only the first word counts. */
  land(outcome: Outcome): void;
}

/**
 * Lets requests for the same thing wait for one fetch (RFC 9111, section 4). What has just proved to be for one
 * request only is not waited for again, for a while.
 */
export interface Flights {
  /** The fetch under way, as a promise of its outcome; undefined when there is none. */
  join(name: string): Promise<Outcome> | undefined;
  /** Begins a fetch; without a name nobody can wait for it. */
  take(name: string | undefined, key: string, target: string): Flight;
  /** Whether waiting would only delay. */
  isApart(name: string, now: number): boolean;
  /** Marks what is under way as invalid on arrival. */
  spoil(test: (flight: Flight) => boolean): void;
}

/** Milliseconds for which a name that was not stored is not waited for. */
const apartTime = 10_000;
const apartNames = 10_000;

export function createFlights(clock: { now(): number }): Flights {
  const flights = new Map<string, { flight: Flight; landed: Promise<Outcome> }>();
  const apart = new Map<string, number>();
  const all = new Set<Flight>();

  function remember(name: string): void {
    if (apart.size >= apartNames) apart.clear();
    apart.set(name, clock.now() + apartTime);
  }

  return {
    join: (name) => flights.get(name)?.landed,
    take(name, key, target) {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      const flight: Flight = {
        key,
        target,
        spoiled: false,
        land(outcome) {
          if (!all.delete(flight)) return;
          resolve(outcome);
          if (name === undefined) return;
          if (flights.get(name)?.flight === flight) flights.delete(name);
          if (outcome === 'apart') remember(name);
          else if (outcome === 'stored') apart.delete(name);
        },
      };
      all.add(flight);
      if (name !== undefined && !flights.has(name)) flights.set(name, { flight, landed: promise });
      return flight;
    },
    isApart: (name, now) => (apart.get(name) ?? 0) > now,
    spoil(test) {
      for (const flight of all) if (test(flight)) flight.spoiled = true;
    },
  };
}
