import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StrataError } from '../../kernel/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { ControlFailure } from './control.ts';
import type { StatePaths } from './paths.ts';
import type { Progress, ProgressEvent } from './progress.ts';
import { prepareState } from './state-folder.ts';
import { lastLine, openLog } from './supervisor/log-file.ts';

/** What a detached supervisor is told to run. */
export interface SupervisorOrder {
  readonly root: string;
  readonly plan: Plan;
  readonly portBase: number;
}

/** What it says until the platform is ready, or is not going to be. */
export type SupervisorMessage =
  | { readonly type: 'progress'; readonly event: ProgressEvent }
  | { readonly type: 'ready'; readonly urls: Readonly<Record<string, string>> }
  | { readonly type: 'failed'; readonly line: string }
  | { readonly type: 'busy' };

/** How long a supervisor that gave up may take to exit. Milliseconds. */
const exitPatience = 5000;

/** How long a message of a process that ended may be under way. Milliseconds. */
const lastMessage = 200;

/**
 * Starts a supervisor that outlives this process and follows it until the platform is ready.
 * @param signal aborted, the supervisor is asked to stop again
 * @returns the platform's URLs, or undefined when there is a supervisor already
 * @throws ControlFailure with its one line; StrataError supervisor-ended, folder-unwritable
 */
export async function startDetached(
  paths: StatePaths,
  order: SupervisorOrder,
  progress: Progress,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>> | undefined> {
  prepareState(paths);
  const file = join(paths.logs, 'supervisor.log');
  const log = openLog(file);
  const program = join(import.meta.dirname, 'processes', 'supervisor.ts');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2', '--v8-pool-size=1', program],
    {
      cwd: paths.root,
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env: supervisorEnvironment(paths),
    },
  );
  closeSync(log);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = () => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await new Promise<SupervisorMessage>((resolve, reject) => {
      child.on('message', (message: SupervisorMessage) => {
        if (message.type === 'progress') progress(message.event);
        else resolve(message);
      });
      child.once('error', reject);
      child.once('exit', (code, by) => {
        const reason = lastLine(file) ?? `exit ${code ?? by}`;
        // Its last message may still be on the way.
        setTimeout(() => reject(new StrataError('supervisor-ended', { reason })), lastMessage);
      });
      child.send(order);
    });
    // One that does not stay has gone before this command says so.
    if (outcome.type !== 'ready')
      await Promise.race([exited, delay(exitPatience, undefined, { ref: false })]);
    if (signal.aborted) throw new StrataError('stopped-early', { component: 'supervisor' });
    if (outcome.type === 'failed') throw new ControlFailure(outcome.line);
    return outcome.type === 'ready' ? outcome.urls : undefined;
  } finally {
    signal.removeEventListener('abort', stop);
    if (child.connected) child.disconnect();
    child.unref();
  }
}

/** The supervisor keeps the environment of the command, as the one in the foreground does, and compiled code. */
function supervisorEnvironment(paths: StatePaths): NodeJS.ProcessEnv {
  return { ...process.env, NODE_COMPILE_CACHE: paths.compileCache };
}
