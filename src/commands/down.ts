import { existsSync, rmSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import { lockHolder, releaseLock, takeLock } from '../targets/local/lock.ts';
import { endOrphans } from '../targets/local/orphans.ts';
import { isRunning } from '../targets/local/process-table.ts';
import { createProgressView } from './progress-view.ts';
import { project } from './project.ts';
import { requestOf } from './reconcile.ts';

/** How long a supervisor may take to stop everything; services may ask for two minutes each. Milliseconds. */
const patience = 180_000;

/** `strata down`: stops the platform, and what a crashed supervisor left behind. */
export function downCommand(): Command {
  return new Command('down')
    .description('stop the platform')
    .addHelpText('after', '\nExample:\n  strata down')
    .action(down);
}

async function down(): Promise<void> {
  const started = performance.now();
  if (!existsSync(project.state)) {
    process.stdout.write('  nothing was running\n');
    return;
  }
  const stopped = await stopSupervisor();
  const orphans = await cleanUp();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(stopped || orphans > 0 ? `  stopped in ${seconds} s\n` : '  nothing was running\n');
}

/** @returns whether there was a supervisor */
async function stopSupervisor(): Promise<boolean> {
  const holder = lockHolder(project);
  if (!holder) return false;
  const view = createProgressView(process.stdout);
  const giveUp = AbortSignal.timeout(patience);
  const gone = (async () => {
    while (isRunning(holder) && !giveUp.aborted) await delay(25);
  })();
  // A supervisor that answers no more, or not in time, is ended; its children are orphans then.
  await Promise.race([requestOf(project, { type: 'stop' }, view.progress).catch(() => undefined), gone]);
  const grace = AbortSignal.timeout(10_000);
  while (isRunning(holder) && !grace.aborted) await delay(25);
  if (isRunning(holder)) process.kill(holder.pid, 'SIGKILL');
  view.end();
  return true;
}

async function cleanUp(): Promise<number> {
  if (!takeLock(project)) return 0;
  try {
    const ended = await endOrphans(project);
    rmSync(project.run, { force: true });
    return ended;
  } finally {
    releaseLock(project);
  }
}
