import { basename, dirname, join, resolve } from 'node:path';
import { StrataError } from '../../../kernel/errors.ts';
import { execute, lastLine } from './execution.ts';
import type { EnginePackage } from './packages.ts';

const versionTimeout = 10_000;

/**
 * The executables a person's own variable names, or undefined when it is not set. For an engine of one executable
 * the variable names that; for PostgreSQL the folder `bin` with `postgres` and `initdb` (or one of the two).
 * @throws StrataError engine-override-unusable when one of them does not answer `--version`
 */
export async function overrideOf(
  engine: string,
  pinned: EnginePackage,
): Promise<Record<string, string> | undefined> {
  const { variable } = pinned;
  const value = process.env[variable];
  if (value === undefined || value === '') return undefined;
  const names = Object.keys(pinned.executables);
  const path = resolve(value);
  const folder = names.includes(basename(path)) ? dirname(path) : path;
  const executables = Object.fromEntries(
    names.map((name) => [name, names.length === 1 ? path : join(folder, name)]),
  );
  for (const executable of Object.values(executables)) {
    const reason = await unusable(executable);
    if (reason === undefined) continue;
    throw new StrataError('engine-override-unusable', { engine, variable, path: value, reason });
  }
  return executables;
}

/** Why an executable does not answer `--version`; undefined when it does. */
export async function unusable(
  executable: string,
  user?: { readonly uid: number; readonly gid: number },
): Promise<string | undefined> {
  const execution = await execute(executable, ['--version'], {
    directory: '/',
    timeout: versionTimeout,
    ...(user === undefined ? {} : { user }),
  });
  if (execution.succeeded) return undefined;
  return execution.missing ? 'no such file' : lastLine(execution.errors).slice(0, 200);
}
