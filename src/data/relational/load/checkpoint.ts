import type { Database } from '../connection.ts';
import type { Transaction } from '../query.ts';
import type { Place } from './lines.ts';

/** How far a load has come and what became of the lines behind it. */
export interface Checkpoint extends Place {
  /** Lines that created or changed an entity. */
  readonly loaded: number;
  /** Lines whose entity was there already, just so. */
  readonly unchanged: number;
  readonly bad: number;
}

/** Where a load starts. */
export const startOfFile: Checkpoint = { line: 0, byte: 0, loaded: 0, unchanged: 0, bad: 0 };

/** The checkpoint of an interrupted load of the file with this SHA-256, or the file's start. */
export async function readCheckpoint(database: Database, digest: string): Promise<Checkpoint> {
  const [row] = await database<[Record<keyof Checkpoint, string>?]>`
    SELECT line, byte, loaded, unchanged, bad FROM loads WHERE digest = ${digest}`;
  if (!row) return startOfFile;
  return {
    line: Number(row.line),
    byte: Number(row.byte),
    loaded: Number(row.loaded),
    unchanged: Number(row.unchanged),
    bad: Number(row.bad),
  };
}

/** Keeps a checkpoint, in the transaction that stores what it counts. */
export async function writeCheckpoint(
  transaction: Transaction,
  digest: string,
  { line, byte, loaded, unchanged, bad }: Checkpoint,
): Promise<void> {
  await transaction`
    INSERT INTO loads (digest, line, byte, loaded, unchanged, bad)
    VALUES (${digest}, ${line}, ${byte}, ${loaded}, ${unchanged}, ${bad})
    ON CONFLICT (digest) DO UPDATE SET line = excluded.line, byte = excluded.byte, loaded = excluded.loaded,
      unchanged = excluded.unchanged, bad = excluded.bad, updated_at = now()`;
}

/** Forgets a load that is finished: the file may be loaded again, from its start. */
export async function removeCheckpoint(database: Database, digest: string): Promise<void> {
  await database`DELETE FROM loads WHERE digest = ${digest}`;
}
