import { setTimeout as delay } from 'node:timers/promises';
import { StrataError } from '../kernel/errors.ts';
import { askSupervisor, type ControlRequest } from '../targets/local/control.ts';
import { lockHolder } from '../targets/local/lock.ts';
import type { StatePaths } from '../targets/local/paths.ts';
import type { Progress } from '../targets/local/progress.ts';

/** How long a process that just became the supervisor may take to open its control socket. Milliseconds. */
const patience = 10_000;

/** What a socket says whose supervisor is not there yet, or was just stopping. */
const goneCodes: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

/**
 * Sends a request to the supervisor that runs.
 * @returns the platform's URLs; undefined when there is no supervisor, or none any more
 * @throws ControlFailure; StrataError supervisor-ended
 */
export async function requestOf(
  paths: StatePaths,
  request: ControlRequest,
  progress: Progress,
): Promise<Readonly<Record<string, string>> | undefined> {
  const deadline = performance.now() + patience;
  for (;;) {
    const holder = lockHolder(paths);
    if (!holder) return undefined;
    try {
      if (holder.control !== undefined) return await askSupervisor(holder.control, request, progress);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (!goneCodes.has(String(code))) throw error;
    }
    if (performance.now() > deadline) {
      throw new StrataError('supervisor-ended', { reason: 'it does not take requests' });
    }
    await delay(50);
  }
}
