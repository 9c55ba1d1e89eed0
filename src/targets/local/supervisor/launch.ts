import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import type { ProcessDefinition } from '../process.ts';
import { type ProcessIdentity, startTimeOf } from '../process-table.ts';
import { lastLine, openLog, sizeOf } from './log-file.ts';

/** What every child of a platform shares. */
export interface LaunchSettings {
  /** Folder for `<name>.log`. */
  readonly logs: string;
  /** Environment beside the definition's own; nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A child process as it was started. */
export interface Launched {
  readonly identity?: ProcessIdentity;
  readonly process: ChildProcess;
  /** Settles with the reason in words when it ended, or could not be started. Never rejects. */
  readonly ended: Promise<string>;
  /** Sends a signal to the process itself. */
  signal(signal: NodeJS.Signals): void;
  /** Ends the process and everything in its process group at once. */
  kill(): void;
}

/**
 * Starts a process in a session of its own, so that Ctrl-C in the terminal reaches the supervisor alone and a kill
 * reaches all that the process started. A definition that runs on Node.js gets an IPC channel.
 */
export function launch(definition: ProcessDefinition, settings: LaunchSettings): Launched {
  const file = join(settings.logs, `${definition.name}.log`);
  const log = openLog(file);
  const logged = sizeOf(file);
  const child = spawn(definition.command, definition.arguments, {
    cwd: definition.directory,
    env: { ...settings.environment, ...definition.environment },
    detached: true,
    stdio: usesNode(definition) ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
    ...(definition.user ?? {}),
  });
  closeSync(log);
  const { pid } = child;
  const startTime = pid === undefined ? undefined : startTimeOf(pid);

  const signalTo = (target: number | undefined, signal: NodeJS.Signals) => {
    try {
      if (target !== undefined) process.kill(target, signal);
    } catch {
      // It is gone already.
    }
  };
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`cannot be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      // Whatever it left behind in its group goes with it.
      if (pid !== undefined) signalTo(-pid, 'SIGKILL');
      const said = lastLine(file, logged);
      const how = signal === null ? `exited with code ${code}` : `ended by ${signal}`;
      resolve(said === undefined ? how : `${how}: ${said}`);
    });
  });
  // A channel that breaks means that the process is ending, which `ended` tells.
  child.on('error', () => undefined);

  return {
    ...(pid === undefined || startTime === undefined ? {} : { identity: { pid, startTime } }),
    process: child,
    ended,
    signal: (signal) => {
      if (child.exitCode === null && child.signalCode === null) signalTo(pid, signal);
    },
    kill: () => {
      if (pid !== undefined && child.exitCode === null && child.signalCode === null)
        signalTo(-pid, 'SIGKILL');
    },
  };
}

function usesNode(definition: ProcessDefinition): boolean {
  return definition.command === process.execPath;
}
