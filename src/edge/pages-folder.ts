import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Where a client that is built has its output, below its own folder. */
export const buildOutput = 'dist';

/** Whether an origin's folder holds a client that is built, rather than the files themselves. */
export function isBuilt(folder: string): boolean {
  return existsSync(join(folder, 'vite.config.ts'));
}

/** The folder, absolute, with the files that an origin serves: the output of its build where it has one. */
export function pagesFolder(root: string, folder: string): string {
  const absolute = resolve(root, folder);
  return isBuilt(absolute) ? join(absolute, buildOutput) : absolute;
}
