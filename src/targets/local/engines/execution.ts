import { execFile } from 'node:child_process';

/** How a command ended. `missing` says that there is no such command. */
export interface Execution {
  readonly succeeded: boolean;
  readonly missing: boolean;
  readonly output: string;
  readonly errors: string;
}

/** Where, as whom and how long (milliseconds) a command may run. */
export interface ExecutionOptions {
  readonly directory?: string;
  readonly timeout: number;
  readonly user?: { readonly uid: number; readonly gid: number };
  readonly environment?: Readonly<Record<string, string>>;
}

const outputLimit = 1024 * 1024;

/** Runs a command to its end without a shell. Never rejects: a failure is part of the answer. */
export function execute(
  command: string,
  arguments_: readonly string[],
  { directory, timeout, user, environment }: ExecutionOptions,
): Promise<Execution> {
  return new Promise((resolve) => {
    const options = {
      timeout,
      killSignal: 'SIGKILL' as const,
      maxBuffer: outputLimit,
      env: { ...process.env, ...environment },
      ...(directory === undefined ? {} : { cwd: directory }),
      ...user,
    };
    execFile(command, arguments_, options, (error, output, errors) => {
      resolve({
        succeeded: error === null,
        missing: error?.code === 'ENOENT',
        output,
        errors: errors === '' && error !== null ? error.message : errors,
      });
    });
  });
}

/** The last line of what a command said, to be quoted in one sentence. */
export function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.trim() ?? '';
}
