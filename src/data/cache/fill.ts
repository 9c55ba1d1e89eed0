import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.ts';
import type { Reading } from '../entity.ts';
import { CacheUnavailable, type Connection, type ScriptReply } from './connection.ts';
import { type CacheSettings, decodeEntry, type Entry, encodeEntry, entryOf } from './entry.ts';
import type { Flight, Landing } from './flight.ts';
import type { Link } from './link.ts';

/** What fills are made with. */
export interface FillOptions {
  readonly link: Link;
  readonly settings: CacheSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly read: (id: string) => Promise<Reading>;
}

/** Milliseconds a lease is held; longer than a read of the system of record should take. */
const leaseTime = 5000;
/** Milliseconds another reader's lease is waited for before it is taken over: about half of what a miss may take. */
const leaseWait = 20;
const rounds = 4;
/** Early refreshes under way at most. */
const backgroundLimit = 100;

/** Fills the cache from the system of record, so that no slow read overwrites or follows something newer. */
export class Fills {
  readonly #options: FillOptions;
  readonly #refreshing = new Set<string>();

  constructor(options: FillOptions) {
    this.#options = options;
  }

  /** One flight: lease → read → fill, again when the lease was lost, and from the system of record alone without the cache. */
  async fill(id: string, flight: Flight): Promise<Landing> {
    let entry: Entry | undefined;
    try {
      for (let round = 0; round < rounds; round++) {
        const connection = this.#options.link.usable;
        if (connection === undefined) break;
        const token = newToken();
        const found = await this.#leaseOrValue(connection, id, token);
        if (found !== undefined) return { entry: found, confirmed: true, own: false };
        entry = await this.#read(id, flight);
        const stored = await this.#store(connection, id, token, entry);
        if (stored !== undefined) return { entry: stored, confirmed: true, own: true };
      }
    } catch (error) {
      if (!isOfCache(error)) throw error;
    }
    return this.#direct(id, entry ?? (await this.#read(id, flight)));
  }

  /** Reads an entry again in the background before it expires. */
  refreshEarly(id: string): void {
    if (this.#refreshing.has(id) || this.#refreshing.size >= backgroundLimit) return;
    this.#refreshing.add(id);
    this.renew(id, 0)
      .catch(() => {})
      .finally(() => this.#refreshing.delete(id));
  }

  /**
   * Reads an entry again although it is there, unless somebody does already.
   * @param renewals scheduled refreshes since a reader last made it be read
   * @returns the entry that was stored
   */
  async renew(id: string, renewals: number): Promise<Entry | undefined> {
    const connection = this.#options.link.usable;
    if (connection === undefined) return undefined;
    const token = newToken();
    if ((await connection.run('acquire', id, [token, leaseTime, 'renew'])) !== 1) return undefined;
    return this.#store(connection, id, token, await this.#read(id, undefined, renewals));
  }

  /** The value, or undefined once the lease is ours. */
  async #leaseOrValue(connection: Connection, id: string, token: string): Promise<Entry | undefined> {
    const { clock, random } = this.#options;
    const deadline = clock.monotonic() + leaseWait;
    for (;;) {
      const mode = clock.monotonic() < deadline ? 'wait' : 'steal';
      const reply = await connection.run('acquire', id, [token, leaseTime, mode]);
      if (reply === 1) return undefined;
      const found = entryIn(reply);
      if (found !== undefined) return found;
      await delay(3 + 4 * random());
    }
  }

  async #read(id: string, flight: Flight | undefined, renewals = 0): Promise<Entry> {
    const { settings, clock, random, read } = this.#options;
    flight?.begin();
    const start = clock.monotonic();
    const reading = await read(id);
    return entryOf(reading, {
      settings,
      now: clock.now(),
      random,
      cost: clock.monotonic() - start,
      renewals,
    });
  }

  /** Stores an entry under our lease. @returns what is stored, ours or newer, or undefined when the lease was lost */
  async #store(connection: Connection, id: string, token: string, entry: Entry): Promise<Entry | undefined> {
    const reply = await connection.run('fill', id, [token, encodeEntry(entry), entry.ttl]);
    if (reply !== 1) return entryIn(reply);
    if (entry.kind === 's') {
      const due = this.#options.clock.now() + this.#options.settings.static.refresh;
      connection.schedule(id, due).catch(() => {});
    }
    return entry;
  }

  /**
   * Shows what the system of record said without storing it. Before that, whatever is older leaves the cache; or it is
   * proved that no cache is there, so that all it will ever hold was read after this.
   */
  async #direct(id: string, entry: Entry): Promise<Landing> {
    const { link } = this.#options;
    for (let round = 0; round < rounds; round++) {
      const state = await link.reach();
      if (state === 'refused') break;
      const { connection } = link;
      if (connection === undefined) {
        if (state === 'up') continue;
        break;
      }
      let confirm: (() => void) | undefined;
      try {
        const newer = entryIn(await connection.run('show', id, [entry.version], () => confirm?.()));
        // Without a lease the cache vouches only for what it holds: who joined late flies anew.
        if (newer !== undefined) return { entry: newer, confirmed: true, own: false };
        break;
      } catch (error) {
        if (!isOfCache(error)) throw error;
        // Silent: it may still hold something older, and is flushed at its return unless it carries this out.
        if (state !== 'up' || connection.silent) {
          confirm = link.lose();
          break;
        }
      }
    }
    return { entry, confirmed: false, own: true };
  }
}

function newToken(): string {
  return randomBytes(12).toString('base64url');
}

/** The entry a script answered with, or undefined when it answered otherwise. */
function entryIn(reply: ScriptReply): Entry | undefined {
  return Buffer.isBuffer(reply) ? decodeEntry(reply) : undefined;
}

/** Whether an error is the cache's (then the system of record answers), not the system of record's. */
function isOfCache(error: unknown): boolean {
  return error instanceof CacheUnavailable || (error instanceof Error && error.name === 'ReplyError');
}
