import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { enqueued, type NewChange, type WaitingChange } from './change.ts';

interface OutboxSchema extends DBSchema {
  changes: { key: string; value: WaitingChange; indexes: { position: number } };
}

/** More than this nobody types while offline; what is over it is refused rather than lost. */
export const maxChanges = 200;

let database: Promise<IDBPDatabase<OutboxSchema>> | undefined;

function open(): Promise<IDBPDatabase<OutboxSchema>> {
  database ??= openDB<OutboxSchema>('strata-outbox', 1, {
    upgrade(created) {
      created.createObjectStore('changes', { keyPath: 'id' }).createIndex('position', 'position');
    },
    terminated() {
      database = undefined;
    },
  });
  return database;
}

/** Every waiting change of this device, in order. */
export async function readChanges(): Promise<readonly WaitingChange[]> {
  return (await open()).getAllFromIndex('changes', 'position');
}

/** Puts a change into the queue; what it makes needless goes in the same transaction. @throws when the queue is full */
export async function addChange(change: NewChange): Promise<void> {
  const transaction = (await open()).transaction('changes', 'readwrite');
  const queue = await transaction.store.index('position').getAll();
  if (queue.length >= maxChanges)
    throw new Error(`${maxChanges} changes are waiting; go online to send them first.`);
  const { put, remove } = enqueued(queue, change, Date.now());
  for (const id of remove) await transaction.store.delete(id);
  for (const entry of put) await transaction.store.put(entry);
  await transaction.done;
}

/** Replaces changes, and removes others, in one transaction. */
export async function writeChanges(put: readonly WaitingChange[], remove: readonly string[]): Promise<void> {
  const transaction = (await open()).transaction('changes', 'readwrite');
  for (const id of remove) await transaction.store.delete(id);
  for (const entry of put) await transaction.store.put(entry);
  await transaction.done;
}
