import { setTimeout as delay } from 'node:timers/promises';
import { StrataError } from '../../kernel/errors.ts';
import { ServiceFailure } from '../account/service-failure.ts';
import type { Change } from '../entity.ts';
import type { TableCall } from './client.ts';
import { itemOf, type TableSettings } from './item.ts';

/** What became of a change: written, or the table had its version or a higher one already. */
export interface ApplyResult {
  readonly id: string;
  readonly version: number;
  readonly outcome: 'applied' | 'superseded';
}

/**
 * Writes a transaction, at most 100
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
 */
export const transactionSize = 25;
/** Bytes of changes in one transaction, safely below the 4 MB an account allows. */
const transactionBytes = 3 * 1024 * 1024;
/** Transactions of one call under way at a time. */
const concurrency = 2;
const rounds = 8;

/** Reasons of a cancelled transaction that another try may not meet. */
const transientReasons: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ProvisionedThroughputExceeded',
  'ThrottlingError',
]);

/**
 * Applies changes, each only if the table has no version of its entity that is as high. Changes may come twice and
 * in any order. Of several changes of one entity the highest is written and the others are superseded by it.
 * @returns one result a change, in the order given. @throws StrataError `table-unavailable`; some may have been written
 */
export async function applyChanges(
  call: TableCall,
  settings: TableSettings,
  changes: readonly Change[],
): Promise<ApplyResult[]> {
  const newest = new Map<string, Change>();
  for (const change of changes) {
    const known = newest.get(change.id);
    if (known === undefined || change.version > known.version) newest.set(change.id, change);
  }
  const chunks = chunksOf([...newest.values()]);
  const applied = new Set<Change>();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let chunk = chunks.shift(); chunk !== undefined; chunk = chunks.shift()) {
        for (const change of await applyChunk(call, settings, chunk)) applied.add(change);
      }
    }),
  );
  return changes.map((change) => ({
    id: change.id,
    version: change.version,
    outcome: applied.has(change) ? 'applied' : 'superseded',
  }));
}

/** One transaction, again without the changes it was cancelled for because they are superseded. @returns what was written */
async function applyChunk(
  call: TableCall,
  settings: TableSettings,
  chunk: readonly Change[],
): Promise<readonly Change[]> {
  let remaining = chunk;
  for (let round = 1; remaining.length > 0; round++) {
    try {
      await call('TransactWriteItems', {
        TransactItems: remaining.map((change) => ({ Put: conditionalPut(change, settings) })),
      });
      return remaining;
    } catch (error) {
      if (!(error instanceof ServiceFailure) || error.type !== 'TransactionCanceledException') throw error;
      const codes = error.reasons.map((reason) => reason.Code ?? 'None');
      const conflict = codes.find((code) => transientReasons.has(code));
      const current = remaining.filter((_, index) => codes[index] !== 'ConditionalCheckFailed');
      if (current.length === remaining.length) {
        if (conflict === undefined) throw error;
        if (round >= rounds)
          throw new StrataError('table-unavailable', { reason: conflict }, { cause: error });
        await delay(Math.random() * Math.min(500, 10 * 2 ** round));
      }
      remaining = current;
    }
  }
  return remaining;
}

function conditionalPut(change: Change, settings: TableSettings): object {
  return {
    TableName: settings.name,
    Item: itemOf(change, settings),
    ConditionExpression: 'attribute_not_exists(#key) OR #version < :version',
    ExpressionAttributeNames: { '#key': settings.partitionKey, '#version': 'version' },
    ExpressionAttributeValues: { ':version': { N: String(change.version) } },
  };
}

/** Cuts changes into transactions of bounded number and bytes. */
function chunksOf(changes: readonly Change[]): Change[][] {
  const chunks: Change[][] = [];
  let bytes = 0;
  for (const change of changes) {
    const size = change.entity === undefined ? 0 : Buffer.byteLength(JSON.stringify(change.entity));
    const chunk = chunks.at(-1);
    bytes += size;
    if (chunk === undefined || chunk.length >= transactionSize || bytes > transactionBytes) {
      chunks.push([change]);
      bytes = size;
    } else chunk.push(change);
  }
  return chunks;
}
