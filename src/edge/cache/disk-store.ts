import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { withMemoryTier } from './memory-tier.ts';
import { createObjectStore } from './object-store.ts';
import type { Persistence } from './persistence.ts';
import type { ObjectStore, StoredHead, StoreLimits } from './store.ts';

/** Bytes of a row at most: whoever reads a few of them reads all of it. */
const piece = 65_536;

/** Layout of the file; another one is emptied, for a cache may always forget. */
const layout = 1;

/**
 * A store in a folder, which survives a restart. One process at a time.
 * @throws an error of node:fs or node:sqlite when the folder cannot be written or another process has it
 */
export function openDiskStore(folder: string, limits: StoreLimits): ObjectStore {
  mkdirSync(folder, { recursive: true });
  const disk = diskPersistence(join(folder, 'cache.sqlite'));
  if (limits.memoryBytes === undefined) return createObjectStore(limits, disk);
  const tiered = withMemoryTier(disk, limits.memoryBytes);
  const store = createObjectStore(limits, tiered);
  return {
    ...store,
    get bytes() {
      return store.bytes;
    },
    get objectLimit() {
      return store.objectLimit;
    },
    resize(next) {
      store.resize(next);
      tiered.resize(next.memoryBytes ?? 0);
    },
  };
}

function diskPersistence(file: string): Persistence {
  const database = new DatabaseSync(file);
  // A power cut may lose the newest objects, never make one half.
  database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  prepareLayout(database);
  const append = database.prepare('INSERT INTO chunk (id, first, bytes) VALUES (?, ?, ?)');
  const read = database.prepare(
    'SELECT first, bytes FROM chunk WHERE id = ? AND first <= ? ORDER BY first DESC LIMIT 1',
  );
  const forget = database.prepare('DELETE FROM chunk WHERE id = ? AND first + length(bytes) <= ?');
  const save = database.prepare(
    'INSERT INTO object (id, head, size, used) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET head = excluded.head, size = excluded.size',
  );
  const unsave = database.prepare('DELETE FROM object WHERE id = ?');
  const drop = database.prepare('DELETE FROM chunk WHERE id = ?');
  const use = database.prepare('UPDATE object SET used = ? WHERE id = ?');

  return {
    load() {
      database.exec('DELETE FROM chunk WHERE id NOT IN (SELECT id FROM object)');
      const rows = database.prepare('SELECT id, head, size FROM object ORDER BY used').all();
      return rows.map(({ id, head, size }) => ({
        id: Number(id),
        head: headOf(head),
        size: Number(size),
      }));
    },
    append(id, offset, chunk) {
      for (let at = 0; at < chunk.length; at += piece)
        append.run(id, offset + at, chunk.subarray(at, at + piece));
    },
    read(id, offset) {
      const row = read.get(id, offset);
      if (!(row?.bytes instanceof Uint8Array)) return undefined;
      const { buffer, byteOffset, byteLength } = row.bytes;
      const within = offset - Number(row.first);
      return within < byteLength ? Buffer.from(buffer, byteOffset + within, byteLength - within) : undefined;
    },
    forget: (id, before) => void forget.run(id, before),
    together(work) {
      database.exec('BEGIN');
      try {
        work();
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    save: ({ id, head, size }) => void save.run(id, JSON.stringify(head), size, id),
    unsave: (id) => void unsave.run(id),
    drop: (id) => void drop.run(id),
    close(order) {
      database.exec('BEGIN');
      for (const [used, id] of order.entries()) use.run(used, id);
      database.exec('COMMIT');
      database.close();
    },
  };
}

/** A head as it was saved: the file is ours, and its layout is checked. */
function headOf(saved: unknown): StoredHead {
  return JSON.parse(String(saved));
}

function prepareLayout(database: DatabaseSync): void {
  const found = database.prepare('PRAGMA user_version').get()?.user_version;
  if (found !== layout) {
    database.exec('DROP TABLE IF EXISTS object; DROP TABLE IF EXISTS chunk');
    database.exec(`PRAGMA user_version = ${layout}`);
  }
  database.exec(`
    CREATE TABLE IF NOT EXISTS object (id INTEGER PRIMARY KEY, head TEXT, size INTEGER, used INTEGER);
    CREATE TABLE IF NOT EXISTS chunk (id INTEGER, first INTEGER, bytes BLOB, PRIMARY KEY (id, first)) WITHOUT ROWID;
  `);
}
