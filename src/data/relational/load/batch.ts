import type { EntityFields } from '../../entity-rules.ts';
import { isRefusal } from '../failure.ts';
import type { Transaction } from '../query.ts';

/** An entity to be stored under its id. */
export interface LoadRecord extends EntityFields {
  readonly id: string;
}

/** What became of a batch. */
export interface BatchOutcome<Item extends LoadRecord> {
  /** Entities created or changed. */
  readonly loaded: number;
  /** Entities that were there already, just so: they get no new version. */
  readonly unchanged: number;
  /** Those the database refused, with its reason. */
  readonly refused: readonly { readonly record: Item; readonly reason: string }[];
}

/**
 * Stores entities whose ids differ, in one statement; when the database refuses it, in halves, until only what it
 * refuses is left out.
 */
export async function storeBatch<Item extends LoadRecord>(
  transaction: Transaction,
  records: readonly Item[],
): Promise<BatchOutcome<Item>> {
  if (records.length === 0) return { loaded: 0, unchanged: 0, refused: [] };
  try {
    const loaded = await transaction.savepoint(() => upsert(transaction, records));
    return { loaded, unchanged: records.length - loaded, refused: [] };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const [record] = records;
    if (record && records.length === 1) {
      return { loaded: 0, unchanged: 0, refused: [{ record, reason: error.message }] };
    }
    const middle = Math.ceil(records.length / 2);
    const first = await storeBatch(transaction, records.slice(0, middle));
    const second = await storeBatch(transaction, records.slice(middle));
    return {
      loaded: first.loaded + second.loaded,
      unchanged: first.unchanged + second.unchanged,
      refused: [...first.refused, ...second.refused],
    };
  }
}

async function upsert(transaction: Transaction, records: readonly LoadRecord[]): Promise<number> {
  const json = JSON.stringify(records.map(({ id, name, attributes }) => ({ id, name, attributes })));
  // In the order of their ids: two loads that change the same entities wait for each other instead of deadlocking.
  const result = await transaction`
    INSERT INTO entities (id, name, attributes)
    SELECT id, name, attributes
    FROM json_to_recordset(${json}::text::json) AS record (id UUID, name TEXT, attributes JSONB)
    ORDER BY id
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, attributes = excluded.attributes
    WHERE (entities.name, entities.attributes) IS DISTINCT FROM (excluded.name, excluded.attributes)`;
  return result.count;
}
