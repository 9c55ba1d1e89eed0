import { accessSync, constants, mkdirSync } from 'node:fs';
import { StrataError } from '../../kernel/errors.ts';
import type { StatePaths } from './paths.ts';

/**
 * Makes the folders of a project's state.
 * @throws StrataError folder-unwritable
 */
export function prepareState(paths: StatePaths): void {
  try {
    // The first of them says why it can't be; below one that is read-only the reason would be another.
    mkdirSync(paths.state, { recursive: true });
    accessSync(paths.state, constants.W_OK);
    for (const folder of [paths.engines, paths.data, paths.logs, paths.compileCache]) {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
    }
  } catch (error) {
    throw unwritable(paths, error);
  }
}

/** The error of a state folder in which nothing can be written. */
export function unwritable(paths: StatePaths, error: unknown): StrataError {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new StrataError('folder-unwritable', { component: 'supervisor', path: paths.state, reason });
}
