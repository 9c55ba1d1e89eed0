import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  access,
  chmod,
  constants,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { StrataError } from '../../../kernel/errors.ts';
import { identity, isAlive } from './claim.ts';
import { execute, lastLine } from './execution.ts';
import type { EnginePackage, PlatformPackage } from './packages.ts';

/** Written into a folder before it gets its final name; holds the SHA-256 of the package it came from. */
const stamp = '.complete';
const unpackTimeout = 5 * 60_000;
const worldReadable = 0o755;

/** Whether the engine's folder is complete and of the pinned package. */
export async function isInstalled(folder: string, pinned: EnginePackage, sha256: string): Promise<boolean> {
  try {
    const files = Object.values(pinned.executables);
    await Promise.all(files.map((file) => access(join(folder, file), constants.X_OK)));
    return (await readFile(join(folder, stamp), 'utf8')) === sha256;
  } catch {
    return false;
  }
}

/** SHA-256 of a file, in hexadecimal. */
export async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/**
 * Makes a folder to work in beside the final one, and removes those that earlier, interrupted runs left.
 * Its name holds this process's, so that nobody removes a folder in use.
 * @throws StrataError folder-unwritable
 */
export async function workFolder(enginesFolder: string, name: string): Promise<string> {
  try {
    await mkdir(enginesFolder, { recursive: true });
    await removeLeftovers(enginesFolder, name);
    return await mkdtemp(join(enginesFolder, `.${name}_${identity()}_`));
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StrataError(
      'folder-unwritable',
      { component: 'engines', path: enginesFolder, reason },
      { cause: error },
    );
  }
}

async function removeLeftovers(enginesFolder: string, name: string): Promise<void> {
  for (const entry of await readdir(enginesFolder)) {
    const [prefix, owner] = entry.split('_');
    if (prefix !== `.${name}` || owner === undefined || isAlive(owner)) continue;
    await rm(join(enginesFolder, entry), { recursive: true, force: true });
  }
}

/**
 * Unpacks a verified archive under `work` into a complete, stamped engine folder, and returns that.
 * @throws Error when the archive cannot be unpacked
 */
export async function unpack(
  archive: string,
  work: string,
  pinned: EnginePackage,
  platform: PlatformPackage,
): Promise<string> {
  const contents = join(work, 'archive');
  const folder = join(work, 'engine');
  await mkdir(contents);
  await mkdir(folder);
  const execution = await (archive.endsWith('.whl')
    ? execute('python3', ['-m', 'zipfile', '--extract', archive, contents], { timeout: unpackTimeout })
    : execute('tar', ['-xzf', archive, '--no-same-owner', '-C', contents], { timeout: unpackTimeout }));
  if (!execution.succeeded)
    throw new Error(`${basename(archive)} could not be unpacked: ${lastLine(execution.errors)}`);
  for (const [from, to] of Object.entries(platform.keep))
    await rename(join(contents, from), join(folder, to));
  for (const file of Object.values(pinned.executables)) await chmod(join(folder, file), worldReadable);
  if (pinned.links !== undefined) await createLinks(folder, pinned.links);
  await chmod(folder, worldReadable);
  await writeFile(join(folder, stamp), platform.sha256);
  return folder;
}

/** The package lists its symbolic links, because npm archives hold none. */
async function createLinks(folder: string, list: string): Promise<void> {
  const links = JSON.parse(await readFile(join(folder, list), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    await symlink(relative(dirname(target), source), join(folder, target)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      },
    );
  }
}

/**
 * Gives a complete folder its final name. What is there without being complete makes way;
 * if another process was faster, its folder, which is the same, stays.
 */
export async function putInPlace(
  complete: string,
  final: string,
  isComplete: () => Promise<boolean>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    if (await isComplete()) return;
    await rename(final, join(dirname(complete), `replaced-${attempt}`)).catch(ignoreMissing);
    try {
      return await rename(complete, final);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (attempt === 5 || (code !== 'ENOTEMPTY' && code !== 'EEXIST')) throw error;
    }
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
