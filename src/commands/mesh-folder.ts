import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { StrataError } from '../kernel/errors.ts';

/**
 * Makes a folder hold exactly these files: they are written to one side and put in its place at once, so that nobody
 * sees half of them. A folder that holds anything else than what an earlier call wrote is left as it is.
 * @param inventory the name of the file that lists what was written
 * @throws StrataError folder-occupied | output-unwritable
 */
export function writeFolder(
  folder: string,
  files: Readonly<Record<string, string>>,
  inventory: string,
): void {
  const target = resolve(folder);
  const stranger = strangerIn(target, inventory);
  if (stranger !== undefined) throw new StrataError('folder-occupied', { path: folder, name: stranger });
  const aside = join(dirname(target), `.${basename(target)}-${randomBytes(6).toString('hex')}`);
  const former = `${aside}-former`;
  try {
    for (const [path, content] of Object.entries(files)) {
      const file = join(aside, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    if (exists(target)) renameSync(target, former);
    renameSync(aside, target);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (exists(former) && !exists(target)) renameSync(former, target);
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new StrataError('output-unwritable', { path: folder, reason }, { cause: error });
  }
  rmSync(former, { recursive: true, force: true });
}

/** Something in a folder that no earlier call wrote; the folder's own name when it is none. */
function strangerIn(folder: string, inventory: string): string | undefined {
  if (!exists(folder)) return undefined;
  if (!statSync(folder).isDirectory()) return basename(folder);
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const own = new Set([...listed(join(folder, inventory)), inventory]);
  return found.find((path) => !own.has(path));
}

function listed(inventory: string): readonly string[] {
  try {
    const { files } = JSON.parse(readFileSync(inventory, 'utf8')) as { readonly files: readonly string[] };
    return Array.isArray(files) ? files : [];
  } catch {
    return [];
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
