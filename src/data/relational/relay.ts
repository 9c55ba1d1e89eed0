import { setTimeout as delay } from 'node:timers/promises';
import type { PasswordSource } from '../account/password.ts';
import type { Change } from '../entity.ts';
import { claim, claimSession, settle } from './claim.ts';
import { type Database, openDatabase } from './connection.ts';
import { incurDebt } from './debt.ts';

/** What a relay does with changes, and how. Times are milliseconds. */
export interface RelaySettings {
  readonly url: string;
  readonly password?: PasswordSource | undefined;
  /**
   * Passes changes on: an entity's in the order of its versions, and at least once each. Resolves when every one of
   * them is acknowledged; rejects when one may not be, and all of them are delivered again.
   */
  readonly deliver: (changes: readonly Change[]) => Promise<unknown>;
  /** Takes what the changes made stale out of the cache. Rejects when it cannot; the cache then owes a flush. */
  readonly invalidate: (changes: readonly Change[]) => Promise<unknown>;
  /** The most changes passed on at a time. */
  readonly batch?: number;
  /** The most bytes of entities as JSON passed on at a time (one entity may be larger). */
  readonly batchBytes?: number;
  /** How many batches may be under way at a time; each holds a connection. */
  readonly workers?: number;
  /** How often to look without being woken. */
  readonly poll?: number;
  /** How long a delivery, and an invalidation, may take. */
  readonly timeout?: number;
  /** Told of every failure; the relay goes on by itself. */
  readonly onError?: (error: unknown) => void;
}

/** Delivers the outbox. Any number of relays may run on one database, and die at any moment. */
export interface Relay {
  /** Starts delivering, also when the database does not answer yet. */
  start(): void;
  /** Finishes the batches under way and closes the connections. */
  stop(): Promise<void>;
  /** Says that there may be changes; notifications of the database do so by themselves. */
  wake(): void;
}

/** After a failure the relay waits this long (milliseconds), doubled with each further one in a row. */
const pause = { first: 50, longest: 2000 };

/**
 * Creates a relay: claim → deliver and invalidate → remove, in one transaction a batch. What was not removed, because
 * something failed or died, is claimed again.
 */
export function createRelay(settings: RelaySettings): Relay {
  const { workers = 2, poll: interval = 1000, onError = () => {} } = settings;
  const stopping = new AbortController();
  const bell = createBell();
  let database: Database | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const work = async (pool: Database) => {
    let scan = startOfScan(settings);
    while (!stopping.signal.aborted) {
      try {
        const { taken, next } = await deliverBatch(pool, settings, scan);
        if (taken >= scan.size) bell.ring();
        else if (taken === 0 && scan.from === 0) await bell.wait();
        scan = scanAfter(scan, settings, taken > 0 ? next : 0);
      } catch (error) {
        if (stopping.signal.aborted) return;
        onError(error instanceof DeliveryError ? error.cause : error);
        scan = scanAfterFailure(scan, error);
        const longest = Math.min(pause.longest, pause.first * 2 ** (scan.failures - 1));
        await delay(longest * (0.5 + Math.random() / 2), undefined, { signal: stopping.signal }).catch(
          () => {},
        );
      }
    }
  };

  const poll = async () => {
    while (!stopping.signal.aborted) {
      bell.ring();
      await delay(interval, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };

  return {
    start() {
      if (database || stopping.signal.aborted) return;
      const pool = openDatabase({
        url: settings.url,
        password: settings.password,
        connections: workers,
        name: 'relay',
        statementTimeout: 5000,
        // A removal lost in a crash of the database is a delivery repeated, which may happen anyway.
        session: { ...claimSession, synchronous_commit: 'off' },
      });
      database = pool;
      const workersOf = Array.from({ length: workers }, () => work(pool));
      running = Promise.all([...workersOf, poll(), pool.listen('outbox', bell.ring, stopping.signal)]);
    },
    async stop() {
      stopping.abort();
      bell.mute();
      await running;
      await database?.end();
    },
    wake: bell.ring,
  };
}

/** Where a worker is in the outbox, and how careful after failures. */
interface Scan {
  readonly from: number;
  /** When it started at the front; it does again after a while, for what failed or was committed late. */
  readonly startedAt: number;
  readonly size: number;
  readonly failures: number;
}

/** A scan starts at the front again after this time (milliseconds). */
const scanLength = 500;

function startOfScan({ batch = 100 }: RelaySettings): Scan {
  return { from: 0, startedAt: performance.now(), size: batch, failures: 0 };
}

function scanAfter(scan: Scan, { batch = 100 }: RelaySettings, from: number): Scan {
  const size = Math.min(batch, scan.size * 2);
  const over = from === 0 || performance.now() - scan.startedAt > scanLength;
  return over
    ? { from: 0, startedAt: performance.now(), size, failures: 0 }
    : { ...scan, from, size, failures: 0 };
}

/** Fewer at a time, down to one; and past one that fails alone, so that it holds up nothing but its own entity. */
function scanAfterFailure(scan: Scan, error: unknown): Scan {
  const failures = scan.failures + 1;
  if (!(error instanceof DeliveryError)) return { ...scan, failures };
  return scan.size > 1
    ? { ...scan, failures, size: Math.ceil(scan.size / 4) }
    : { ...scan, failures, from: error.next };
}

/** A claimed batch that was not acknowledged. */
class DeliveryError extends Error {
  readonly next: number;

  constructor(next: number, cause: unknown) {
    super('changes were not acknowledged', { cause });
    this.next = next;
  }
}

async function deliverBatch(
  database: Database,
  { deliver, invalidate, batchBytes = 1024 * 1024, timeout = 10_000 }: RelaySettings,
  { size, from }: Scan,
): Promise<{ taken: number; next: number }> {
  return database.begin(async (transaction) => {
    const { changes, next } = await claim(transaction, { size, bytes: batchBytes, from });
    if (changes.length === 0) return { taken: 0, next };
    const [delivered, invalidated] = await Promise.allSettled([
      inTime(timeout, deliver(changes)),
      inTime(timeout, invalidate(changes)),
    ]);
    if (delivered.status === 'rejected') throw new DeliveryError(next, delivered.reason);
    await settle(transaction, changes);
    // Last, because everyone's debt is one row.
    if (invalidated.status === 'rejected') await incurDebt(transaction);
    return { taken: changes.length, next };
  });
}

async function inTime(timeout: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Wakes one who waits; rung while nobody does, the next who wants to wait does not. Muted, nobody waits any more. */
function createBell() {
  const waiting: (() => void)[] = [];
  let rung = false;
  let muted = false;
  return {
    ring(): void {
      const next = waiting.shift();
      if (next) next();
      else rung = true;
    },
    async wait(): Promise<void> {
      if (muted) return;
      if (!rung) await new Promise<void>((resolve) => waiting.push(resolve));
      else rung = false;
    },
    mute(): void {
      muted = true;
      for (const wake of waiting.splice(0)) wake();
    },
  };
}
