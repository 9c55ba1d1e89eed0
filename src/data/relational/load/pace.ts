import { setTimeout as delay } from 'node:timers/promises';
import { bounded, type Database } from '../connection.ts';

/** How far a load may run ahead of the delivery of its changes. */
export interface PaceSettings {
  /** The most changes that may wait for delivery. */
  readonly ahead: number;
  /** Milliseconds after which a delivery that does not move is not waited for: it catches up by itself later. */
  readonly patience: number;
}

/** How often the outbox is looked at while it is too full, milliseconds. */
const interval = 100;

/** Milliseconds one look may take. */
const timeout = 10_000;

/**
 * Makes a wait that holds a load back while too many changes wait for delivery, so that they are delivered soon after
 * the load's end.
 * @param onWait told how many wait, while it waits
 */
export function createPace(
  database: Database,
  { ahead, patience }: PaceSettings,
  onWait: (pending: number) => void,
): (signal: AbortSignal) => Promise<void> {
  let stalledAt: number | undefined;

  return async (signal) => {
    if ((await pending(database, ahead + 1)) <= ahead) {
      stalledAt = undefined;
      return;
    }
    let lowest = stalledAt ?? Number.POSITIVE_INFINITY;
    let moved = performance.now();
    while (!signal.aborted) {
      const depth = await pending(database);
      onWait(depth);
      if (depth <= ahead) return;
      if (depth < lowest) {
        lowest = depth;
        moved = performance.now();
        stalledAt = undefined;
      }
      if (stalledAt !== undefined || performance.now() - moved > patience) {
        stalledAt = depth;
        return;
      }
      await delay(interval, undefined, { signal }).catch(() => {});
    }
  };
}

/** How many changes wait for delivery; counting stops at a limit. */
async function pending(database: Database, limit?: number): Promise<number> {
  const [row] = await bounded(
    timeout,
    () => database<[{ count: string }]>`
      SELECT count(*) FROM (SELECT FROM outbox LIMIT ${limit ?? null}::bigint) AS waiting`,
  );
  return Number(row.count);
}
