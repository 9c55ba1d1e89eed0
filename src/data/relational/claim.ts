import type { Change, Entity } from '../entity.ts';
import type { Transaction } from './query.ts';

/** Changes claimed for delivery until the transaction ends. */
export interface Claim {
  /** In the order of their heads' positions, an entity's changes in the order of its versions. */
  readonly changes: readonly Change[];
  /** The position after the last head: what is claimed next starts there. */
  readonly next: number;
}

/** What to claim. */
export interface ClaimRange {
  /** The most changes. */
  readonly size: number;
  /** The most bytes of their entities as JSON, but at least one change. */
  readonly bytes: number;
  /** The lowest position looked at: what lies before has been seen, and its dead rows need not be passed again. */
  readonly from: number;
}

/**
 * The planner's statistics never match a table that fills and empties within seconds, so a claiming session is held to
 * the one plan that is right for any size: walk the positions, look at each entity's earlier versions by key.
 */
export const claimSession = {
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
} as const;

/**
 * Claims changes nobody else has claimed. The lock on an entity's head, its lowest version, is the lease on the entity:
 * whoever holds it may deliver the entity's later changes too, and nobody else sees a head while it exists.
 */
export async function claim(transaction: Transaction, { size, bytes, from }: ClaimRange): Promise<Claim> {
  const rows = await transaction<Row[]>`
    WITH head AS MATERIALIZED (
      SELECT position, entity_id FROM outbox AS candidate
      WHERE position >= ${from} AND NOT EXISTS (
        SELECT FROM outbox AS earlier
        WHERE earlier.entity_id = candidate.entity_id AND earlier.version < candidate.version)
      ORDER BY position LIMIT ${size} FOR UPDATE SKIP LOCKED)
    SELECT head.position, due.*
    FROM head CROSS JOIN LATERAL (
      SELECT entity_id AS id, version, entity, coalesce(octet_length(entity::text), 0) AS bytes
      FROM outbox WHERE outbox.entity_id = head.entity_id
      ORDER BY version LIMIT ${size}) AS due
    ORDER BY head.position, due.version LIMIT ${size}`;
  const changes: Change[] = [];
  let next = from;
  let total = 0;
  for (const row of rows) {
    total += row.bytes;
    if (changes.length > 0 && total > bytes) break;
    changes.push(changeOf(row));
    next = Number(row.position) + 1;
  }
  return { changes, next };
}

/** Removes changes that were delivered. */
export async function settle(transaction: Transaction, changes: readonly Change[]): Promise<void> {
  const keys = changes.map(({ id, version }) => ({ id, version }));
  await transaction`
    DELETE FROM outbox USING json_to_recordset(${JSON.stringify(keys)}::text::json) AS delivered (id UUID, version BIGINT)
    WHERE outbox.entity_id = delivered.id AND outbox.version = delivered.version`;
}

interface Row {
  readonly position: string;
  readonly id: string;
  readonly version: string;
  readonly entity: Entity | null;
  readonly bytes: number;
}

function changeOf({ id, version, entity }: Row): Change {
  return entity ? { id, version: Number(version), entity } : { id, version: Number(version) };
}
