import { useSyncExternalStore } from 'react';
import type { Entity, EntityInput } from '../api/entity.ts';
import { CallFailure, isPassing, isStatus } from '../api/failure.ts';
import { carryOut } from '../entities/carry-out.ts';
import { type NewChange, rebased, type WaitingChange } from './change.ts';
import { addChange, readChanges, writeChanges } from './storage.ts';

const none: readonly WaitingChange[] = [];
const listeners = new Set<() => void>();
/** Tells other tabs; open while someone listens. */
let channel: BroadcastChannel | undefined;
let current: readonly WaitingChange[] = none;

/** The changes of this device that wait, in order; of every tab. */
export function useOutbox(subject: string | undefined): readonly WaitingChange[] {
  const all = useSyncExternalStore(
    subscribe,
    () => current,
    () => none,
  );
  return subject === undefined ? none : filtered(all, subject);
}

/** The same list for the same changes, so that nothing is drawn again without a reason. */
let last: { all: readonly WaitingChange[]; subject: string; own: readonly WaitingChange[] } | undefined;

function filtered(all: readonly WaitingChange[], subject: string): readonly WaitingChange[] {
  if (last?.all !== all || last.subject !== subject) {
    last = { all, subject, own: all.filter((change) => change.subject === subject) };
  }
  return last.own;
}

/** Keeps a change until it can be sent. */
export async function keepChange(change: NewChange): Promise<void> {
  await addChange(change);
  await refresh();
}

/** Takes a change back. */
export async function dropChange(id: string): Promise<void> {
  await writeChanges([], [id]);
  await refresh();
}

/** Takes back every change of one person. */
export async function dropChangesOf(subject: string): Promise<void> {
  const changes = await readChanges();
  await writeChanges(
    [],
    changes.filter((change) => change.subject === subject).map(({ id }) => id),
  );
  await refresh();
}

/** Puts a decided conflict back into the queue: what was decided, on the version it was decided about. */
export async function decideChange(change: WaitingChange, theirs: Entity, input: EntityInput): Promise<void> {
  const decided: WaitingChange = {
    ...change,
    input,
    base: theirs,
    ifMatch: theirs.version,
    idempotencyKey: crypto.randomUUID(),
    sent: false,
    state: 'waiting',
  };
  await writeChanges([decided], []);
  await refresh();
}

/**
 * Sends what waits of one person, oldest first, in one tab at a time. Ends at the first that cannot be sent now; what
 * was changed meanwhile waits for a decision, and what is refused says why. @returns how many were carried out
 */
export function sendWaiting(subject: string): Promise<number> {
  return navigator.locks.request('strata-outbox', { ifAvailable: true }, async (lock) => {
    let done = 0;
    while (lock) {
      const queue = await readChanges();
      const next = queue.find(
        (change) =>
          change.subject === subject &&
          change.state === 'waiting' &&
          !queue.some((other) => other.entityId === change.entityId && other.position < change.position),
      );
      const outcome = next ? await sendOne(next) : 'later';
      if (outcome === 'later') break;
      if (outcome === 'done') done += 1;
    }
    return done;
  });
}

/** @returns whether it was carried out, was set aside, or has to be sent later */
async function sendOne(change: WaitingChange): Promise<'done' | 'aside' | 'later'> {
  // Said first: when the answer is lost, only the same request may follow.
  await writeChanges([{ ...change, sent: true }], []);
  try {
    const entity = await carryOut(change);
    const queue = await readChanges();
    await writeChanges(entity ? rebased(queue, change, entity) : [], [change.id]);
    await refresh();
    return 'done';
  } catch (error) {
    if (isPassing(error) || (error instanceof CallFailure && error.kind === 'signed-out')) {
      await refresh();
      return 'later';
    }
    const conflict = isStatus(error, 412) || (isStatus(error, 404) && change.kind === 'replace');
    const reason = error instanceof Error ? error.message : String(error);
    if (isStatus(error, 404) && change.kind === 'delete') await writeChanges([], [change.id]);
    else
      await writeChanges([{ ...change, sent: true, state: conflict ? 'conflict' : 'refused', reason }], []);
    await refresh();
    return 'aside';
  }
}

async function refresh(): Promise<void> {
  await read();
  channel?.postMessage('changed');
}

async function read(): Promise<void> {
  current = await readChanges();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    channel = new BroadcastChannel('strata-outbox');
    channel.addEventListener('message', read);
    void read();
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    channel?.close();
    channel = undefined;
  };
}
