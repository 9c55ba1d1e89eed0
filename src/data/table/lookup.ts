import { setTimeout as delay } from 'node:timers/promises';
import { StrataError } from '../../kernel/errors.ts';
import type { Entity } from '../entity.ts';
import type { TableCall } from './client.ts';
import { entityOf, type Item, idOf, keyOf, type TableSettings } from './item.ts';
import { decodeCursor, encodeCursor } from './name-cursor.ts';

/** A page of a lookup. */
export interface NamePage {
  readonly items: readonly Entity[];
  /** Where the next page starts; absent after the last. */
  readonly cursor?: string;
}

/** How much of a lookup to answer. */
export interface NamePageOptions {
  /** Entities at most, 1 to 100 (what one batch reads). */
  readonly limit: number;
  /** The cursor of the page before. */
  readonly cursor?: string;
}

interface QueryOutput {
  readonly Items?: readonly Item[];
  readonly LastEvaluatedKey?: Item;
}

interface BatchOutput {
  readonly Responses?: Readonly<Record<string, readonly Item[]>>;
  readonly UnprocessedKeys?: Readonly<Record<string, { readonly Keys: readonly Item[] }>>;
}

const rounds = 8;

/**
 * Finds entities by name: one query of the index for their keys, one batch for the rest, in the index's order. The
 * index follows the table a little later, so what was renamed or deleted since is left out; a page may have fewer
 * entities than its limit and still not be the last.
 * @throws StrataError `cursor-invalid`, `table-unavailable`
 */
export async function findByName(
  call: TableCall,
  settings: TableSettings,
  name: string,
  { limit, cursor }: NamePageOptions,
): Promise<NamePage> {
  const index = settings.indexes.find((candidate) => candidate.partitionKey === 'name');
  if (index === undefined) throw new Error('the table has no index by name');
  const start = cursor === undefined ? undefined : decodeCursor(cursor);
  const found = await call<QueryOutput>('Query', {
    TableName: settings.name,
    IndexName: index.name,
    KeyConditionExpression: '#name = :name',
    ProjectionExpression: '#pk, #sk',
    ExpressionAttributeNames: { '#name': 'name', '#pk': settings.partitionKey, '#sk': settings.sortKey },
    ExpressionAttributeValues: { ':name': { S: name } },
    Limit: Math.min(100, Math.max(1, limit)),
    ...(start !== undefined && { ExclusiveStartKey: { ...keyOf(start, settings), name: { S: name } } }),
  });
  const ids = (found.Items ?? []).map((item) => idOf(item, settings));
  const entities = await readAll(call, settings, ids);
  const items = ids.flatMap((id) => entities.get(id) ?? []).filter((entity) => entity.name === name);
  const last = found.LastEvaluatedKey;
  return last === undefined ? { items } : { items, cursor: encodeCursor(idOf(last, settings)) };
}

/** Entities by id, in as few batches as the server needs; tombstones are left out. */
async function readAll(
  call: TableCall,
  settings: TableSettings,
  ids: readonly string[],
): Promise<Map<string, Entity>> {
  const entities = new Map<string, Entity>();
  let keys: readonly Item[] = [...new Set(ids)].map((id) => keyOf(id, settings));
  for (let round = 1; keys.length > 0; round++) {
    const output = await call<BatchOutput>('BatchGetItem', {
      RequestItems: { [settings.name]: { Keys: keys } },
    });
    for (const item of output.Responses?.[settings.name] ?? []) {
      const entity = entityOf(item, settings);
      if (entity !== undefined) entities.set(entity.id, entity);
    }
    keys = output.UnprocessedKeys?.[settings.name]?.Keys ?? [];
    if (keys.length === 0) break;
    if (round >= rounds) throw new StrataError('table-unavailable', { reason: 'keys stay unprocessed' });
    await delay(Math.random() * Math.min(500, 10 * 2 ** round));
  }
  return entities;
}
