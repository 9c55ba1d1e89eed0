import { setTimeout as delay } from 'node:timers/promises';
import type { ReadThroughCache } from '../../src/data/cache/read-through-cache.ts';
import type { Change } from '../../src/data/entity.ts';
import type { EntityStore } from '../../src/data/relational/store.ts';

/** Milliseconds an acknowledgement waits for the cache at most. */
const patience = 250;

/**
 * Makes what tells the cache of an acknowledged change, so that its writer sees it on /api/v1/data too. It never
 * fails and never takes long: when the cache cannot be told, the system of record notes that it owes a flush, and the
 * relay tells it once more in any case.
 */
export function createAnnouncement(
  cache: Pick<ReadThroughCache, 'invalidate'>,
  store: Pick<EntityStore, 'addDebt'>,
): (change: Change) => Promise<void> {
  return async (change) => {
    const told = cache.invalidate([change]).catch(() => store.addDebt().catch(() => {}));
    const waited = new AbortController();
    await Promise.race([told, delay(patience, undefined, { signal: waited.signal }).catch(() => {})]);
    waited.abort();
  };
}
