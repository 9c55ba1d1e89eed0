import { type Clock, systemClock } from '../../kernel/clock.ts';
import type { PasswordSource } from '../account/password.ts';
import type { Change, Reading } from '../entity.ts';
import { CacheAnswer } from './answer.ts';
import { type CacheSettings, decodeEntry, type Entry, encodeEntry, entryOf, isDueEarly } from './entry.ts';
import { Fills } from './fill.ts';
import { Flights } from './flight.ts';
import { invalidateAll } from './invalidation.ts';
import { type CacheDebt, Link, type LinkEvent, type LinkState } from './link.ts';
import { refreshDue } from './refresh.ts';

/** What a read-through cache is made of. */
export interface ReadThroughCacheOptions {
  /** Address of the cache, `redis://` or `rediss://`, with its password. */
  readonly url: string;
  /** Asked at each new connection, instead of the address's password. */
  readonly password?: PasswordSource | undefined;
  readonly settings: CacheSettings;
  /** Reads the system of record; must see every change that was committed before the call. */
  readonly read: (id: string) => Promise<Reading>;
  readonly debt: CacheDebt;
  readonly clock?: Clock;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
  readonly onEvent?: (event: LinkEvent) => void;
}

/** How the cache is and what it did since it was opened. */
export interface CacheState {
  readonly link: LinkState;
  /** Invalidations not confirmed and not yet made good by a flush. */
  readonly lost: number;
  readonly hits: number;
  readonly misses: number;
  readonly coalesced: number;
  /** Reads of the system of record. */
  readonly reads: number;
}

/** The read-through cache of entities. No answer is older than one that was given, by any process, before it was asked for. */
export interface ReadThroughCache {
  /** One entity as the cache has it, or as the system of record does. @throws what the system of record's read throws */
  readonly get: (id: string) => Promise<CacheAnswer>;
  /** Tells the cache of changes that were committed. @throws CacheUnavailable when that was not confirmed */
  readonly invalidate: (changes: readonly Change[]) => Promise<void>;
  /** Reads static entities again whose refresh is due; every task may call it on a schedule. @returns how many were read */
  readonly refreshDue: () => Promise<number>;
  readonly state: () => CacheState;
  /** Ends the link; answers that are under way are still given, from the system of record. */
  readonly close: () => void;
}

/**
 * Opens a read-through cache: hit → lease → read → fill. Connects in the background, and works without the cache:
 * reads then go to the system of record.
 */
export function createReadThroughCache(options: ReadThroughCacheOptions): ReadThroughCache {
  const { settings, clock = systemClock, random = Math.random, onEvent = () => {} } = options;
  const counts = { hits: 0, misses: 0, coalesced: 0, reads: 0 };
  const link = new Link({
    url: options.url,
    password: options.password,
    timeout: settings.commandTimeout,
    debt: options.debt,
    random,
    onEvent,
  });
  const read = (id: string) => {
    counts.reads += 1;
    return options.read(id);
  };
  const fills = new Fills({ link, settings, clock, random, read });
  const flights = new Flights((id, flight) => fills.fill(id, flight));
  void link.reach();

  const miss = async (id: string): Promise<CacheAnswer> => {
    const { entry, source } = await flights.join(id);
    counts[source === 'miss' ? 'misses' : 'coalesced'] += 1;
    return new CacheAnswer(id, entry.version, entry.body, source);
  };
  const hit = (id: string, entry: Entry): CacheAnswer => {
    counts.hits += 1;
    if (isDueEarly(entry, clock.now(), random)) fills.refreshEarly(id);
    return new CacheAnswer(id, entry.version, entry.body, 'hit');
  };

  return {
    get: (id) => {
      const connection = link.usable;
      if (connection === undefined) return miss(id);
      return connection.value(id).then(
        (value) => {
          const entry = value === null ? undefined : decodeEntry(value);
          return entry === undefined ? miss(id) : hit(id, entry);
        },
        () => miss(id),
      );
    },
    invalidate: (changes) =>
      invalidateAll(link, changes, (change) => {
        const entry = entryOf(change, { settings, now: clock.now(), random });
        return { value: encodeEntry(entry), ttl: entry.ttl };
      }),
    refreshDue: () => refreshDue({ link, fills, settings, clock }),
    state: () => ({ link: link.state, lost: link.lost, ...counts }),
    close: () => link.close(),
  };
}
