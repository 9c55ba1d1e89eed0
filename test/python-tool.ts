import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { enginesFolder } from './engines.ts';

const execute = promisify(execFile);

/** Files with a tool of the Python package index and all it needs, each at one version and with its hashes. */
export const pythonTools = {
  moto: join(import.meta.dirname, 'python/moto.txt'),
  'cfn-lint': join(import.meta.dirname, 'python/cfn-lint.txt'),
} as const;

/**
 * What a requirements file names, installed with pip into the folder of the engines when it is not there: wheels alone,
 * and none whose hash is another. @returns the environment in which `python3` finds it
 */
export async function pythonTool(
  requirements: string,
  home: string = enginesFolder,
): Promise<Readonly<Record<string, string>>> {
  const version = await execute('python3', ['-c', 'import sys; print(sys.version_info[:2])']);
  const content = await readFile(requirements, 'utf8');
  const identity = createHash('sha256').update(`${content} ${version.stdout}`).digest('hex').slice(0, 12);
  const folder = join(home, `${basename(requirements, '.txt')}-${identity}`);
  if (!existsSync(folder)) await install(requirements, { home, folder });
  return { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
}

/** Installs into a folder beside and renames it when it is complete: one that is there is whole. */
async function install(
  requirements: string,
  { home, folder }: { home: string; folder: string },
): Promise<void> {
  await mkdir(home, { recursive: true });
  const work = await mkdtemp(join(home, '.python-'));
  try {
    const quiet = ['--quiet', '--disable-pip-version-check', '--root-user-action=ignore'];
    const words = ['-m', 'pip', 'install', ...quiet, '--only-binary=:all:', '--require-hashes'];
    await execute('python3', [...words, '--target', work, '--requirement', requirements]);
    await rename(work, folder);
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
