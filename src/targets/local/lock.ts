import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { readJson } from './file.ts';
import type { StatePaths } from './paths.ts';
import { isRunning, ownIdentity } from './process-table.ts';
import { unwritable } from './state-folder.ts';

const lockSchema = z.object({
  pid: z.number().int().positive(),
  startTime: z.number(),
  /** The holder's control socket; a process that only cleans up has none. */
  control: z.string().optional(),
});

/** Who owns a project's platform. */
export type Lock = z.infer<typeof lockSchema>;

/** The lock's living holder; undefined when nobody holds it. */
export function lockHolder(paths: StatePaths): Lock | undefined {
  const lock = lockSchema.safeParse(readJson(paths.lock)).data;
  return lock && isRunning(lock) ? lock : undefined;
}

/**
 * Takes the lock for this process, from a dead holder too. Of several processes that try at once one succeeds:
 * a link to a finished file is made or is not (link(2)), so a lock is never seen half-written.
 * @param control the socket on which this process takes requests
 * @returns whether this process holds it now
 * @throws StrataError folder-unwritable
 */
export function takeLock(paths: StatePaths, control?: string): boolean {
  const aside = `${paths.lock}.${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(aside, JSON.stringify({ ...ownIdentity(), control }), { mode: 0o600 });
  } catch (error) {
    throw unwritable(paths, error);
  }
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      try {
        linkSync(aside, paths.lock);
        return true;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      }
      if (lockHolder(paths)) return false;
      removeDead(paths, aside);
    }
    return false;
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Gives the lock back if this process holds it. */
export function releaseLock(paths: StatePaths): void {
  if (lockHolder(paths)?.pid === process.pid) rmSync(paths.lock, { force: true });
}

/** Moves a dead lock away; when another process has taken it meanwhile, its lock is put back. */
function removeDead(paths: StatePaths, aside: string): void {
  const moved = `${aside}.dead`;
  try {
    renameSync(paths.lock, moved);
  } catch {
    return;
  }
  const lock = lockSchema.safeParse(readJson(moved)).data;
  if (lock && isRunning(lock)) {
    try {
      linkSync(moved, paths.lock);
    } catch {
      // A third process holds it by now; the one put aside learns so when it looks.
    }
  }
  rmSync(moved, { force: true });
}
