import { createHash } from 'node:crypto';
import { type Dirent, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders that are not a program's own text. */
const foreign: ReadonlySet<string> = new Set(['node_modules', '.git']);

/**
 * SHA-256, in hexadecimal, of the names and contents of all files below a service's folder, so that tasks are replaced
 * when their program has changed. Of a folder that is not there, the hash of nothing.
 * @param left names of folders that do not count
 */
export function sourceDigest(folder: string, left: readonly string[] = []): string {
  const hash = createHash('sha256');
  for (const file of filesBelow(folder, new Set([...foreign, ...left]))) {
    const content = readFileSync(join(folder, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Relative paths, sorted. */
function filesBelow(folder: string, left: ReadonlySet<string>, below = ''): string[] {
  const named = ({ name }: Dirent) => join(below, name);
  const entries = entriesOf(join(folder, below)).filter(({ name }) => !left.has(name));
  const files = entries.filter((entry) => entry.isFile()).map(named);
  const inner = entries.filter((entry) => entry.isDirectory()).map(named);
  return [...files, ...inner.flatMap((path) => filesBelow(folder, left, path))].sort();
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
