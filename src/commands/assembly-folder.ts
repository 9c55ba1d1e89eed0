import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { StrataError } from '../kernel/errors.ts';
import { lockHolder, releaseLock, takeLock } from '../targets/local/lock.ts';
import { project } from './project.ts';

/** Where templates are written, and deployed from. */
export const assemblyFolder = join(project.state, 'aws');

const paths = { ...project, lock: `${assemblyFolder}.json` };

/**
 * Works in that folder while no other command does, which would take from it what is being deployed.
 * @throws StrataError assembly-busy, folder-unwritable
 */
export async function inAssemblyFolder<Value>(work: () => Promise<Value>): Promise<Value> {
  mkdirSync(project.state, { recursive: true });
  if (!takeLock(paths)) {
    const pid = String(lockHolder(paths)?.pid ?? 'unknown');
    throw new StrataError('assembly-busy', { folder: relative('', assemblyFolder), pid });
  }
  try {
    return await work();
  } finally {
    releaseLock(paths);
  }
}
