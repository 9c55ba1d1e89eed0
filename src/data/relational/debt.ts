import type { Query } from './query.ts';

/** Flushes the cache owes because changes were delivered while it could not be reached. */
export interface CacheDebt {
  /** The debt's mark, or 0 when there is none. Flush after reading it, then settle that mark. */
  debt(): Promise<number>;
  /** Says that the cache missed something. */
  addDebt(): Promise<void>;
  /** Says that a flush was made after `mark` was read. @returns whether no debt is left; one added since is. */
  settleDebt(mark: number): Promise<boolean>;
}

/** Reads the debt's mark. */
export async function readDebt(query: Query): Promise<number> {
  const [row] = await query<[{ mark: string }]>`
    SELECT CASE WHEN incurred > settled THEN incurred ELSE 0 END AS mark FROM cache_debt`;
  return Number(row.mark);
}

/** Adds to the debt; in a transaction it counts when that is committed. */
export async function incurDebt(query: Query): Promise<void> {
  await query`UPDATE cache_debt SET incurred = incurred + 1`;
}

/** Settles the debt up to a mark. */
export async function settleDebtTo(query: Query, mark: number): Promise<boolean> {
  const [row] = await query<[{ free: boolean }]>`
    UPDATE cache_debt SET settled = greatest(settled, least(${mark}::bigint, incurred))
    RETURNING settled = incurred AS free`;
  return row.free;
}
