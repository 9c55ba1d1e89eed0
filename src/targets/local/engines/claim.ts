import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, ownIdentity } from '../process-table.ts';

/** How long to wait for another process, and how often to look. Milliseconds. */
const patience = 10 * 60_000;
const interval = 50;

/**
 * Runs `work` while this process holds the claim file, so that two processes do not do the same work twice.
 * A claim whose process is gone is taken over. It saves work and is not what keeps results whole:
 * whoever writes under it has to put results in place atomically all the same.
 * @param candidate a file of this caller's own, on the same file system, that becomes the claim
 */
export async function withClaim<Result>(
  path: string,
  candidate: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const deadline = performance.now() + patience;
  while (!(await take(path, candidate)) && performance.now() < deadline) await delay(interval);
  try {
    return await work();
  } finally {
    if ((await readFile(path, 'utf8').catch(() => '')) === identity()) await rm(path, { force: true });
  }
}

/** A name for this process that a later one of the same pid does not have: pid and start time. */
export function identity(): string {
  const { pid, startTime } = ownIdentity();
  return `${pid}-${startTime}`;
}

/** Whether the process of that name still runs. */
export function isAlive(name: string): boolean {
  const [pid = 0, startTime = 0] = name.split('-').map(Number);
  return isRunning({ pid, startTime });
}

/** Linking a finished file into place is atomic and fails when there is one: never a claim without its owner's name. */
async function take(path: string, candidate: string): Promise<boolean> {
  await writeFile(candidate, identity());
  try {
    await link(candidate, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const owner = await readFile(path, 'utf8').catch(() => undefined);
    if (owner !== undefined && !isAlive(owner)) await rm(path, { force: true });
    return false;
  } finally {
    await rm(candidate, { force: true });
  }
}
