import type { Change } from '../entity.ts';
import { CacheUnavailable } from './connection.ts';
import type { Link } from './link.ts';

/** A change as the cache would store it. */
export interface StoredChange {
  readonly value: Buffer;
  /** Milliseconds. */
  readonly ttl: number;
}

/**
 * Takes leases away and replaces what is older, for all changes in one round trip. What is not confirmed is lost:
 * the link then flushes the cache before it uses it again, unless the confirmation comes late.
 * @throws CacheUnavailable when not all was confirmed
 */
export async function invalidateAll(
  link: Link,
  changes: readonly Change[],
  stored: (change: Change) => StoredChange,
): Promise<void> {
  if (changes.length === 0) return;
  if (link.state !== 'up') await link.reach();
  const { connection } = link;
  if (connection === undefined) {
    link.lose();
    throw new CacheUnavailable('no connection');
  }
  await Promise.all(
    connection.together(() =>
      changes.map((change) => {
        const { value, ttl } = stored(change);
        let confirm: (() => void) | undefined;
        const confirmed = connection.run('invalidate', change.id, [value, ttl], () => confirm?.());
        return confirmed.catch((error: unknown) => {
          confirm = link.lose();
          throw error;
        });
      }),
    ),
  );
}
