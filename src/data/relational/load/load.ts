import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { StrataError } from '../../../kernel/errors.ts';
import { bounded, type Database, openDatabase } from '../connection.ts';
import { storeBatch } from './batch.ts';
import {
  type Checkpoint,
  readCheckpoint,
  removeCheckpoint,
  startOfFile,
  writeCheckpoint,
} from './checkpoint.ts';
import { type LineRecord, parseLine } from './line-record.ts';
import { type Line, readLines } from './lines.ts';
import { createPace, type PaceSettings } from './pace.ts';

/** What to load, and whom to tell. */
export interface LoadSettings {
  readonly url: string;
  /** A file of one JSON object a line: `{ "id"?, "name", "attributes"? }`. */
  readonly file: string;
  /** Bytes the attributes of one entity may have as JSON. */
  readonly maxAttributes?: number;
  /** Lines stored in one transaction. */
  readonly batch?: number;
  readonly pace?: PaceSettings;
  /** Aborted, the load ends after the batch under way, and the next load of the file goes on there. */
  readonly signal?: AbortSignal;
  /** Told after each batch, and while the load waits for delivery. */
  readonly onProgress?: (progress: LoadProgress) => void;
  /** Told of each line that is not loaded, once its batch is stored. */
  readonly onBadLine?: (line: number, reason: string) => void;
}

/** How far a load has come; the counts include what an interrupted load did before. */
export interface LoadProgress extends Checkpoint {
  /** Bytes of the whole file. */
  readonly bytes: number;
  /** Changes that wait for delivery, while the load waits for them. */
  readonly pending?: number;
}

/** What became of a load. */
export interface LoadResult extends Checkpoint {
  /** Whether the whole file was read; otherwise the next load of it goes on after `line`. */
  readonly finished: boolean;
  /** The line after which it went on, 0 for the start. */
  readonly resumedAfter: number;
}

const defaults = { maxAttributes: 256 * 1024, batch: 1000, pace: { ahead: 10_000, patience: 5000 } } as const;

/** Bytes of the longest line: attributes at their limit, written with escapes or spaces. */
const longestLine = 1024 * 1024;

/** Bytes of lines after which a batch is stored though it has fewer lines. */
const batchBytes = 4 * 1024 * 1024;

/** Milliseconds one batch may take. */
const timeout = 30_000;

/**
 * Loads entities from a file: batch by batch, each with the checkpoint in its transaction, so that an interrupted load
 * of the same content goes on where it was. A repeated load changes nothing. Bad lines are told and left out.
 * @throws StrataError file-unreadable, database-unavailable
 */
export async function loadEntities(settings: LoadSettings): Promise<LoadResult> {
  const signal = settings.signal ?? new AbortController().signal;
  const { digest, bytes } = await digestOf(settings.file);
  const database = openDatabase({
    url: settings.url,
    connections: 1,
    name: 'load',
    statementTimeout: timeout,
  });
  try {
    let done = await bounded(timeout, () => readCheckpoint(database, digest));
    const resumedAfter = done.line;
    const report = (pending?: number) =>
      settings.onProgress?.({ ...done, bytes, ...(pending === undefined ? {} : { pending }) });
    const pace = createPace(database, settings.pace ?? defaults.pace, report);
    report();
    for await (const batch of batchesOf(settings, done)) {
      if (signal.aborted) break;
      const { checkpoint, bad } = await bounded(timeout, () => store(database, digest, done, batch));
      done = checkpoint;
      for (const { line, reason } of bad) settings.onBadLine?.(line, reason);
      report();
      await pace(signal);
    }
    const finished = done.byte === bytes;
    if (finished) await bounded(timeout, () => removeCheckpoint(database, digest));
    return { ...done, finished, resumedAfter };
  } finally {
    await database.end();
  }
}

interface BadLine {
  readonly line: number;
  readonly reason: string;
}

/** Lines that are stored together, with the file's place after them. */
interface Batch {
  readonly line: number;
  readonly byte: number;
  readonly records: readonly LineRecord[];
  readonly bad: readonly BadLine[];
}

async function store(
  database: Database,
  digest: string,
  before: Checkpoint,
  { line, byte, records, bad }: Batch,
): Promise<{ checkpoint: Checkpoint; bad: BadLine[] }> {
  return database.begin(async (transaction) => {
    const { loaded, unchanged, refused } = await storeBatch(transaction, records);
    const allBad = [...bad, ...refused.map(({ record, reason }) => ({ line: record.line, reason }))];
    const checkpoint = {
      line,
      byte,
      loaded: before.loaded + loaded,
      unchanged: before.unchanged + unchanged,
      bad: before.bad + allBad.length,
    };
    await writeCheckpoint(transaction, digest, checkpoint);
    return { checkpoint, bad: allBad.toSorted((one, other) => one.line - other.line) };
  });
}

/** The file from a place on, in batches whose entities differ in their ids. */
async function* batchesOf(
  { file, maxAttributes = defaults.maxAttributes, batch: size = defaults.batch }: LoadSettings,
  start: Checkpoint,
): AsyncGenerator<Batch> {
  let records = new Map<string, LineRecord>();
  let bad: BadLine[] = [];
  let begin = start.byte;
  let place = { line: start.line, byte: start.byte };
  const cut = (): Batch => {
    const batch = { ...place, records: [...records.values()], bad };
    records = new Map();
    bad = [];
    begin = place.byte;
    return batch;
  };
  for await (const lines of readLines(createReadStream(file, { start: start.byte }), start, longestLine)) {
    for (const line of lines) {
      const entry = entryOf(line, maxAttributes);
      if (entry && 'record' in entry && records.has(entry.record.id)) yield cut();
      if (entry && 'record' in entry) records.set(entry.record.id, entry.record);
      if (entry && 'reason' in entry) bad.push({ line: line.number, reason: entry.reason });
      place = { line: line.number, byte: line.end };
      if (records.size + bad.length >= size || place.byte - begin >= batchBytes) yield cut();
    }
  }
  if (place.byte > begin) yield cut();
}

/** What a line says; nothing when it is blank. */
function entryOf({ number, text, problem }: Line, maxAttributes: number) {
  if (text === undefined) return { reason: problem ?? 'unreadable' };
  return text.trim() === '' ? undefined : parseLine(number, text, maxAttributes);
}

async function digestOf(file: string): Promise<{ digest: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = startOfFile.byte;
  try {
    for await (const chunk of createReadStream(file)) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StrataError('file-unreadable', { path: file, reason }, { cause: error });
  }
  return { digest: hash.digest('hex'), bytes };
}
