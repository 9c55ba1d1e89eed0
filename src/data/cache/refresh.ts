import type { Clock } from '../../kernel/clock.ts';
import { type CacheSettings, decodeEntry } from './entry.ts';
import type { Fills } from './fill.ts';
import type { Link } from './link.ts';

/** What the scheduled refresh works with. */
export interface RefreshOptions {
  readonly link: Link;
  readonly fills: Fills;
  readonly settings: CacheSettings;
  readonly clock: Clock;
}

const batch = 50;
/** Milliseconds within which whoever claimed an entry has refreshed it; then it is due for others again. */
const claim = 30_000;

/**
 * Reads static entries again whose refresh is due, in batches, and drops from the schedule what is no longer cached
 * or static. An entry nobody asks for is refreshed only as often as it takes to outlive its time to live once; then
 * it expires, so that the schedule stays as small as what is in use.
 * @returns how many were read. @throws CacheUnavailable when the cache goes in between
 */
export async function refreshDue({ link, fills, settings, clock }: RefreshOptions): Promise<number> {
  const most = Math.ceil(settings.static.ttl / settings.static.refresh);
  let refreshed = 0;
  for (;;) {
    const connection = link.usable;
    if (connection === undefined) return refreshed;
    const due = await connection.claimDue(clock.now(), claim, batch);
    const results = await Promise.all(
      due.map(async (id) => {
        const value = await connection.value(id);
        const entry = value === null ? undefined : decodeEntry(value);
        if (entry?.kind === 's' && entry.renewals < most) {
          const renewed = await fills.renew(id, entry.renewals + 1);
          return renewed === undefined ? 0 : 1;
        }
        await connection.unschedule(id);
        return 0;
      }),
    );
    refreshed += results.reduce<number>((sum, read) => sum + read, 0);
    if (due.length < batch) return refreshed;
  }
}
