import { changesIn, type EntityChanges } from './changes.ts';
import type { Transaction } from './query.ts';

/** A request that is to be carried out once, however often it is sent. */
export interface OnceRequest {
  /** Who sent it: keys of different callers are different keys. */
  readonly principal: string;
  /** The Idempotency-Key it carries, 1 to 255 characters. */
  readonly key: string;
  /** A hash of its method, path and body: the same key with another is a mistake. */
  readonly fingerprint: string;
}

/** An answer that can be given again. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became of a request sent with a key. */
export type OnceOutcome =
  /** Carried out now. */
  | { readonly outcome: 'done'; readonly answer: StoredAnswer }
  /** Carried out before: the answer it got then. */
  | { readonly outcome: 'replayed'; readonly answer: StoredAnswer }
  /** The key was used for another request. */
  | { readonly outcome: 'mismatch' }
  /** A request with this key is being carried out. */
  | { readonly outcome: 'in-flight' };

/**
 * Carries a request out once: the answer is stored in the transaction that makes the change, for 24 hours.
 * Concurrent requests are told apart by a lock that ends with the transaction, also when its holder dies.
 * @see draft-ietf-httpapi-idempotency-key-header
 */
export async function onceIn(
  transaction: Transaction,
  { principal, key, fingerprint }: OnceRequest,
  work: (changes: EntityChanges) => Promise<StoredAnswer>,
): Promise<OnceOutcome> {
  const lock = JSON.stringify([principal, key]);
  const [{ locked }] = await transaction<[{ locked: boolean }]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${lock}, 0)) AS locked`;
  if (!locked) return { outcome: 'in-flight' };
  // A statement of its own: it sees what the lock's last holder committed.
  const [before] = await transaction<[{ fingerprint: string; answer: StoredAnswer }?]>`
    SELECT fingerprint, answer FROM idempotency_keys
    WHERE principal = ${principal} AND key = ${key} AND created_at > now() - INTERVAL '24 hours'`;
  if (before) {
    return before.fingerprint === fingerprint
      ? { outcome: 'replayed', answer: before.answer }
      : { outcome: 'mismatch' };
  }
  const answer = await work(changesIn(transaction));
  await transaction`
    INSERT INTO idempotency_keys (principal, key, fingerprint, answer)
    VALUES (${principal}, ${key}, ${fingerprint}, ${JSON.stringify(answer)}::text::json)
    ON CONFLICT (principal, key) DO UPDATE
    SET fingerprint = excluded.fingerprint, answer = excluded.answer, created_at = excluded.created_at`;
  await transaction`
    DELETE FROM idempotency_keys WHERE (principal, key) IN (
      SELECT principal, key FROM idempotency_keys WHERE created_at < now() - INTERVAL '24 hours'
      ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED)`;
  return { outcome: 'done', answer };
}
