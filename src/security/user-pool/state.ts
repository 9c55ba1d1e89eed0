import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StrataError } from '../../kernel/errors.ts';

/**
 * Opens the pool's database in its state directory, readable by its owner only, and brings its schema up.
 * Every change is on disk before it is answered.
 * @throws StrataError `folder-unwritable`
 */
export function openState(directory: string): DatabaseSync {
  const file = join(directory, 'user-pool.sqlite');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new StrataError('folder-unwritable', { component: 'identity', path: directory, reason }, { cause });
  }
  const database = new DatabaseSync(file, { timeout: 2000 });
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cache_size = -1024;
    CREATE TABLE IF NOT EXISTS users (
      username TEXT PRIMARY KEY,
      sub TEXT NOT NULL UNIQUE,
      password TEXT NOT NULL,
      groups TEXT NOT NULL,
      email TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS entries (
      model TEXT NOT NULL,
      id TEXT NOT NULL,
      payload TEXT NOT NULL,
      grant_id TEXT,
      uid TEXT,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (model, id)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS entries_by_grant ON entries (grant_id) WHERE grant_id IS NOT NULL;
    CREATE INDEX IF NOT EXISTS entries_by_uid ON entries (uid) WHERE uid IS NOT NULL;
    CREATE INDEX IF NOT EXISTS entries_by_expiry ON entries (expires_at);
  `);
  return database;
}
