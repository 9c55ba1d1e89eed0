import type { PasswordSource } from '../account/password.ts';
import type { Entity, Reading } from '../entity.ts';
import { changesIn, type EntityChanges } from './changes.ts';
import { bounded, openDatabase } from './connection.ts';
import { beforeAll, encodeCursor, type Position } from './cursor.ts';
import { type CacheDebt, incurDebt, readDebt, settleDebtTo } from './debt.ts';
import { type OnceOutcome, type OnceRequest, onceIn, type StoredAnswer } from './idempotency.ts';
import type { Transaction } from './query.ts';

/** A page of the list of entities; without a cursor it is the last. */
export interface Page {
  readonly items: readonly Entity[];
  readonly cursor?: string;
}

/**
 * The system of record. Every call ends within the store's time limit: it rejects with StrataError
 * database-unavailable (503) when the database does not answer, and a change is done when its call resolves to 'done',
 * never otherwise. Readings come from the primary: they show every change that was acknowledged before.
 */
export interface EntityStore extends EntityChanges, CacheDebt {
  /** What is known of an id. */
  read(id: string): Promise<Reading>;
  /** What is known of several ids, in one query; every id asked for has an entry under its lower-case form. */
  readMany(ids: readonly string[]): Promise<Map<string, Reading>>;
  /** A page of entities, newest first. */
  list(range: { readonly limit: number; readonly after?: Position | undefined }): Promise<Page>;
  /**
   * Carries a request out once, in one transaction. The work may be called again when the transaction is repeated;
   * when it throws, nothing is changed or kept.
   */
  once(request: OnceRequest, work: (changes: EntityChanges) => Promise<StoredAnswer>): Promise<OnceOutcome>;
  /** Settles when the database answers a query. */
  ping(): Promise<void>;
  /** Ends what is under way within a second and closes the connections. */
  close(): Promise<void>;
}

/** How a store is opened. */
export interface EntityStoreSettings {
  readonly url: string;
  readonly password?: PasswordSource | undefined;
  /** The most connections held. */
  readonly connections: number;
  /** The longest a call may take, milliseconds. */
  readonly timeout?: number;
  /** What the database's own views call the holder. */
  readonly name?: string;
  /** Told of each notice the server sends. */
  readonly onNotice?: (message: string) => void;
}

/** Opens the system of record; nothing is connected before the first call. The schema must have been migrated. */
export function openEntityStore(settings: EntityStoreSettings): EntityStore {
  const { timeout = 1500, name = 'entity-store' } = settings;
  const database = openDatabase({ ...settings, name, statementTimeout: timeout });
  const within = <Value>(work: () => Promise<Value>) => bounded(timeout, work);
  const inTransaction = <Value>(work: (transaction: Transaction) => Promise<Value>) =>
    within(() => database.begin(work));

  const readMany = (ids: readonly string[]) =>
    within(async () => {
      const rows = await database<{ id: string; entity: Entity | null; buried: string | null }[]>`
        SELECT wanted.id, tombstone.version AS buried,
          CASE WHEN entity.id IS NOT NULL THEN entity_json(entity) END AS entity
        FROM unnest(${`{${ids.join()}}`}::text::uuid[]) AS wanted (id)
        LEFT JOIN entities AS entity ON entity.id = wanted.id
        LEFT JOIN entity_tombstones AS tombstone ON tombstone.id = wanted.id`;
      return new Map(rows.map((row) => [row.id, readingOf(row.id, row.entity, row.buried)]));
    });

  return {
    // A statement of its own: the one for several ids is planned anew each time, which takes six times as long as this.
    read: (id) =>
      within(async () => {
        const [row] = await database<[{ id: string; entity: Entity | null; buried: string | null }]>`
          SELECT wanted.id, tombstone.version AS buried,
            CASE WHEN entity.id IS NOT NULL THEN entity_json(entity) END AS entity
          FROM (SELECT ${id}::uuid AS id) AS wanted
          LEFT JOIN entities AS entity ON entity.id = wanted.id
          LEFT JOIN entity_tombstones AS tombstone ON tombstone.id = wanted.id`;
        return readingOf(row.id, row.entity, row.buried);
      }),
    readMany,
    list: ({ limit, after = beforeAll }) =>
      within(async () => {
        // One more than asked for tells whether there is a next page.
        const rows = await database<{ entity: Entity }[]>`
          SELECT entity_json(entity) AS entity FROM entities AS entity
          WHERE (created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)
          ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`;
        const items = rows.slice(0, limit).map((row) => row.entity);
        const last = items.at(-1);
        return rows.length > limit && last ? { items, cursor: encodeCursor(last) } : { items };
      }),
    create: (fields, options) =>
      inTransaction((transaction) => changesIn(transaction).create(fields, options)),
    replace: (id, fields, condition) =>
      inTransaction((transaction) => changesIn(transaction).replace(id, fields, condition)),
    merge: (id, patch, condition) =>
      inTransaction((transaction) => changesIn(transaction).merge(id, patch, condition)),
    remove: (id, condition) => inTransaction((transaction) => changesIn(transaction).remove(id, condition)),
    once: (request, work) => inTransaction((transaction) => onceIn(transaction, request, work)),
    debt: () => within(() => readDebt(database)),
    addDebt: () => within(() => incurDebt(database)),
    settleDebt: (mark) => within(() => settleDebtTo(database, mark)),
    ping: () =>
      within(async () => {
        await database`SELECT 1`;
      }),
    close: () => database.end(),
  };
}

function readingOf(id: string, entity: Entity | null, buried: string | null): Reading {
  return entity ? { id, version: entity.version, entity } : { id, version: Number(buried ?? 0) };
}
