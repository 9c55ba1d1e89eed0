import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { StrataError } from '../../../kernel/errors.ts';
import { type Account, canReach } from './account.ts';
import type { Executables } from './acquisition.ts';
import { putInPlace, workFolder } from './installation.ts';
import { unusable } from './override.ts';
import { packages } from './packages.ts';

const outsideFolder = '/var/lib/strata';
const openMode = 0o755;

/**
 * The folder outside the project that holds the database's data and binaries when the project is where only root
 * can enter. It exists only then; `strata reset` removes it together with the project's own state.
 */
export function stateFolder(projectRoot: string): string {
  return join(outsideFolder, hash(resolve(projectRoot)));
}

/**
 * Where data goes: where it is wanted, or under {@link stateFolder} if the account cannot get there.
 * The folder above it exists afterwards.
 * @throws StrataError folder-unwritable
 */
export async function placeData(
  projectRoot: string,
  wanted: string,
  account: Account | undefined,
): Promise<string> {
  await make(dirname(wanted));
  const actual = join(await realpath(dirname(wanted)), basename(wanted));
  if (account === undefined || (await canReach(actual, account))) return wanted;
  await makeOutsideFolder(projectRoot);
  return join(stateFolder(projectRoot), `${basename(wanted)}-${hash(resolve(wanted))}`);
}

/**
 * Binaries the account can run: those given, or a copy of them under {@link stateFolder}.
 * @throws StrataError folder-unwritable; engine-override-unusable for a user's own binary out of the account's reach
 */
export async function placeBinaries(
  projectRoot: string,
  given: Executables<'postgres'>,
  account: Account | undefined,
): Promise<Executables<'postgres'>> {
  if (account === undefined || (await unusable(given.postgres, account)) === undefined) return given;
  const { variable, version, executables } = packages.postgres;
  if (process.env[variable]) {
    const reason = `PostgreSQL does not run as root, and user ${account.uid} cannot run this`;
    throw new StrataError('engine-override-unusable', {
      engine: 'postgres',
      variable,
      path: given.postgres,
      reason,
    });
  }
  const folder = join(stateFolder(projectRoot), `postgres-${version}`);
  const copied = { postgres: join(folder, executables.postgres), initdb: join(folder, executables.initdb) };
  const works = async () => (await unusable(copied.postgres, account)) === undefined;
  if (await works()) return copied;
  await makeOutsideFolder(projectRoot);
  await copy(resolve(given.postgres, '../../..'), folder, works);
  return copied;
}

async function copy(original: string, folder: string, isComplete: () => Promise<boolean>): Promise<void> {
  const work = await workFolder(dirname(folder), 'postgres');
  try {
    const engine = join(work, 'engine');
    await cp(original, engine, { recursive: true, verbatimSymlinks: true });
    await chmod(engine, openMode);
    await putInPlace(engine, folder, isComplete);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function makeOutsideFolder(projectRoot: string): Promise<void> {
  for (const folder of [outsideFolder, stateFolder(projectRoot)]) {
    await make(folder);
    await chmod(folder, openMode);
  }
}

async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StrataError(
      'folder-unwritable',
      { component: 'postgres', path: folder, reason },
      { cause: error },
    );
  }
}

function hash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
