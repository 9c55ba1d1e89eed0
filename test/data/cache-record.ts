import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import {
  createReadThroughCache,
  type ReadThroughCache,
  type ReadThroughCacheOptions,
} from '../../src/data/cache/read-through-cache.ts';
import type { Change, Entity, Reading } from '../../src/data/entity.ts';
import { eventually } from '../eventually.ts';

/**
 * A system of record whose reads can be held up: linearizable, because a read takes its value at one moment between
 * its beginning and its end.
 */
export class Record {
  readonly #readings = new Map<string, Reading>();
  readonly #debt = { incurred: 0, settled: 0 };
  reads = 0;
  /** Called after a read took its value and before it is answered. */
  afterRead: (id: string) => Promise<void> = async () => {};

  /** Commits a change. */
  write(id: string, attributes: Entity['attributes'] | undefined = {}): Change & { readonly entity: Entity } {
    const version = (this.#readings.get(id)?.version ?? 0) + 1;
    const time = '2026-01-01T00:00:00.000000Z';
    const entity = { id, name: `name of ${id}`, attributes, createdAt: time, updatedAt: time, version };
    this.#readings.set(id, { id, version, entity });
    return { id, version, entity };
  }

  delete(id: string): Change {
    const change = { id, version: (this.#readings.get(id)?.version ?? 0) + 1 };
    this.#readings.set(id, change);
    return change;
  }

  readonly read = async (id: string): Promise<Reading> => {
    this.reads += 1;
    const reading = this.#readings.get(id) ?? { id, version: 0 };
    await this.afterRead(id);
    await delay(0);
    return reading;
  };

  incur(): void {
    this.#debt.incurred += 1;
  }

  get owed(): number {
    return this.#debt.incurred > this.#debt.settled ? this.#debt.incurred : 0;
  }

  readonly debt = {
    read: async () => this.owed,
    settle: async (mark: number) => {
      this.#debt.settled = Math.max(this.#debt.settled, mark);
    },
  };
}

/** The blueprint's, but for a cache that is never silent: a busy machine must not make it seem so. */
export const settings = {
  hot: { ttl: 300_000 },
  static: { ttl: 3_600_000, match: { static: true }, refresh: 900_000 },
  missing: { ttl: 5_000 },
  jitter: 0.1,
  commandTimeout: 2000,
  memory: 64 * 1024 * 1024,
} as const;

/** Settings under which a silent cache is down as soon as the blueprint says. */
export const impatient = { ...settings, commandTimeout: 30 } as const;

/** A cache of a record, closed with the test. */
export function openCache(
  lifetime: { after(release: () => void): void },
  options: Pick<ReadThroughCacheOptions, 'url'> & { record: Record } & Partial<ReadThroughCacheOptions>,
): ReadThroughCache {
  const { record, ...rest } = options;
  const cache = createReadThroughCache({ settings, read: record.read, debt: record.debt, ...rest });
  lifetime.after(() => cache.close());
  return cache;
}

/** Waits until a cache may be used. */
export async function up(cache: ReadThroughCache): Promise<void> {
  await eventually(() => assert.equal(cache.state().link, 'up'));
}

/** A gate that holds up the record's reads until it is opened. */
export function gate(record: Record): { readonly reached: Promise<void>; readonly open: () => void } {
  const reached = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<void>();
  record.afterRead = () => {
    reached.resolve();
    return opened.promise;
  };
  return {
    reached: reached.promise,
    open: () => {
      record.afterRead = async () => {};
      opened.resolve();
    },
  };
}
