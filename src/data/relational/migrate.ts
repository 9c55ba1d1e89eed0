import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { StrataError } from '../../kernel/errors.ts';
import { bounded, type Database, openDatabase } from './connection.ts';
import { isUnavailable } from './failure.ts';

/** The migrations in their order. One that was released never changes: what follows is a new one. */
const migrations = [
  '0001-entities.sql',
  '0002-outbox.sql',
  '0003-idempotency-keys.sql',
  '0004-cache-debt.sql',
  '0005-loads.sql',
] as const;

/** Milliseconds all migrations together may take. */
const timeout = 60_000;
/** Milliseconds between two tries while the database does not answer. */
const pause = 250;

/**
 * Brings a database's schema up to this version's; harmless when it is, and when several do it at the same time.
 * Each migration is one transaction, and is tried again while the database does not answer. Forward only.
 * @throws StrataError database-schema-changed, database-schema-newer, database-unavailable
 */
export async function migrate(url: string): Promise<void> {
  const database = openDatabase({ url, connections: 1, name: 'migration', statementTimeout: timeout });
  try {
    const deadline = performance.now() + timeout;
    await bounded(timeout, () => onceAnswered(() => migrateAll(database), deadline));
  } finally {
    await database.end();
  }
}

async function onceAnswered(work: () => Promise<void>, deadline: number): Promise<void> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > deadline) throw error;
      await delay(pause);
    }
  }
}

async function migrateAll(database: Database): Promise<void> {
  const texts = await Promise.all(
    migrations.map(async (name) => ({
      name,
      text: await readFile(new URL(`./migrations/${name}`, import.meta.url), 'utf8'),
    })),
  );
  await database`SELECT pg_advisory_lock(hashtextextended('strata migrations', 0))`;
  await database`
    CREATE TABLE IF NOT EXISTS migrations (
      name TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at TIMESTAMPTZ NOT NULL DEFAULT now())`;
  const rows = await database<{ name: string; checksum: string }[]>`SELECT name, checksum FROM migrations`;
  const applied = new Map(rows.map((row) => [row.name, row.checksum]));
  if (rows.length > texts.length) {
    throw new StrataError('database-schema-newer', { applied: rows.length, known: texts.length });
  }
  for (const { name, text } of texts) {
    const checksum = createHash('sha256').update(text).digest('hex');
    const before = applied.get(name);
    if (before === checksum) continue;
    if (before !== undefined) throw new StrataError('database-schema-changed', { name });
    await database.begin(async (transaction) => {
      await transaction.script(text);
      await transaction`INSERT INTO migrations (name, checksum) VALUES (${name}, ${checksum})`;
    });
  }
}
