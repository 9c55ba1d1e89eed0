import { setTimeout as delay } from 'node:timers/promises';
import type { StatePaths } from './paths.ts';
import { isRunning, type ProcessIdentity, processesWith } from './process-table.ts';
import { readRun } from './run.ts';

/** Name of the variable every child carries, so that it is found also when no record names it. */
export const rootMarker = 'STRATA_ROOT';

/** How long a process may take to end by itself. Milliseconds. */
const grace = 5000;

/**
 * Ends what a supervisor that crashed left behind: recorded processes by id and start time, and every process that
 * carries the project's marker. The caller holds the lock.
 * @returns how many there were
 */
export async function endOrphans(paths: StatePaths): Promise<number> {
  const orphans = orphansOf(paths);
  signalAll(orphans, 'SIGTERM');
  const deadline = performance.now() + grace;
  while (orphans.some(isRunning) && performance.now() < deadline) await delay(50);
  // Processes that were being started when the first list was made are in the second one.
  for (let round = 0; round < 20; round += 1) {
    const left = [...orphans.filter(isRunning), ...orphansOf(paths)];
    if (left.length === 0) break;
    signalAll(left, 'SIGKILL');
    await delay(50);
  }
  return orphans.length;
}

function orphansOf(paths: StatePaths): ProcessIdentity[] {
  const recorded = (readRun(paths)?.processes ?? []).flatMap(({ pid, startTime }) =>
    pid === undefined || startTime === undefined ? [] : [{ pid, startTime }],
  );
  const marked = processesWith(`${rootMarker}=${paths.root}`);
  const all = [...recorded.filter(isRunning), ...marked];
  return [...new Map(all.map((identity) => [identity.pid, identity])).values()];
}

function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const identity of processes) {
    try {
      if (isRunning(identity)) process.kill(identity.pid, signal);
    } catch {
      // It ended in between, or belongs to somebody else.
    }
  }
}
