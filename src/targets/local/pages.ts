import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { buildOutput, isBuilt } from '../../edge/pages-folder.ts';
import { StrataError } from '../../kernel/errors.ts';
import type { Plan } from '../../model/plan.ts';
import { type Progress, reported } from './progress.ts';
import { sourceDigest } from './source.ts';

/** Holds what an output was built from; no file that is served has such a name. */
const stamp = '.built-from';

/** Where outputs are while they are made; below the output's own name, so that it is ignored where that is. */
const unfinished = `${buildOutput}.next`;

/** Longest build, milliseconds. */
const timeout = 120_000;

/**
 * Builds the clients that the plan's origins serve, where their sources have changed since. The output is replaced as
 * a whole when it is there.
 * @throws StrataError child-failed, with what the build tool says
 */
export async function buildPages(root: string, { access }: Plan, progress: Progress): Promise<void> {
  for (const origin of Object.values(access.origins)) {
    if (!('folder' in origin)) continue;
    const folder = resolve(root, origin.folder);
    if (!isBuilt(folder)) continue;
    const digest = digestOf(root, folder);
    if (builtFrom(folder) === digest) continue;
    await reported(progress, 'web client', async (detail) => {
      detail('building');
      await build(root, folder, digest);
      detail('built');
    });
  }
}

/** What the origins' folders hold, in one word: another one when anything that is served has changed. */
export function pagesRevision(root: string, { access }: Plan): string {
  const hash = createHash('sha256');
  for (const [name, origin] of Object.entries(access.origins)) {
    if (!('folder' in origin)) continue;
    const folder = resolve(root, origin.folder);
    hash.update(`${name}\0${isBuilt(folder) ? builtFrom(folder) : sourceDigest(folder)}\0`);
  }
  return hash.digest('hex');
}

/** What a client is made of: its own files, those the clients share, and the versions of the packages. */
function digestOf(root: string, folder: string): string {
  const hash = createHash('sha256');
  for (const part of [folder, join(root, 'clients/kit')])
    hash.update(sourceDigest(part, [buildOutput, unfinished]));
  for (const file of ['package-lock.json', 'tsconfig.json']) {
    if (existsSync(join(root, file))) hash.update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function builtFrom(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, buildOutput, stamp), 'utf8');
  } catch {
    return undefined;
  }
}

/** Renames a folder, unless there is one of that name that holds something. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTEMPTY') return false;
    throw error;
  }
}

async function build(root: string, folder: string, digest: string): Promise<void> {
  const output = join(folder, buildOutput);
  const id = randomUUID();
  const [next, last] = [join(folder, unfinished, id, 'next'), join(folder, unfinished, id, 'last')];
  const tool = join(root, 'node_modules/vite/bin/vite.js');
  try {
    await promisify(execFile)(
      process.execPath,
      [tool, 'build', folder, '--outDir', next, '--logLevel', 'error'],
      { cwd: root, timeout, env: { NODE_ENV: 'production', NO_COLOR: '1', PATH: process.env.PATH ?? '' } },
    );
    await writeFile(join(next, stamp), digest);
    // Another process may have built the same meanwhile: what is read from it already stays.
    if (await renamed(next, output)) return;
    if (builtFrom(folder) === digest) return;
    await rename(output, last);
    await rename(next, output);
  } catch (error) {
    throw new StrataError(
      'child-failed',
      { component: 'web client', reason: reasonOf(error) },
      { cause: error },
    );
  } finally {
    await rm(join(folder, unfinished, id), { recursive: true, force: true });
    // Another build may be at work there.
    await rmdir(join(folder, unfinished)).catch(() => undefined);
  }
}

/** What the build tool says of its failure: the first lines after those that only warn. */
function reasonOf(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const text = stripVTControlCharacters(stderr || message || String(error));
  const failure = text.slice(Math.max(0, text.indexOf('error during build:')));
  const lines = failure.split('\n').map((line) => line.trim());
  return lines.filter(Boolean).slice(0, 4).join(' ');
}
