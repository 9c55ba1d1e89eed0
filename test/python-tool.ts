import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { enginesFolder } from './engines.ts';

const execute = promisify(execFile);

/**
 * A tool of the Python package index at one version, installed with pip into the folder of the engines when it is not
 * there. @returns the environment in which `python3 -m` finds it
 */
export async function pythonTool(requirement: string): Promise<Readonly<Record<string, string>>> {
  const version = await execute('python3', ['-c', 'import sys; print(sys.version_info[:2])']);
  const identity = createHash('sha256').update(`${requirement} ${version.stdout}`).digest('hex').slice(0, 12);
  const folder = join(enginesFolder, `${requirement.replace(/\W+/g, '-')}-${identity}`);
  if (!existsSync(folder)) await install(requirement, folder);
  return { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
}

/** Installs into a folder beside and renames it when it is complete: one that is there is whole. */
async function install(requirement: string, folder: string): Promise<void> {
  await mkdir(enginesFolder, { recursive: true });
  const work = await mkdtemp(join(enginesFolder, '.python-'));
  try {
    const words = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:'];
    await execute('python3', [...words, '--target', work, requirement]);
    await rename(work, folder);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
