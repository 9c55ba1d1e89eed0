import { createHash } from 'node:crypto';

/** A folder's name for something of any name: the name itself where it is safe, else a likeness with a digest. */
export function folderNameOf(name: string): string {
  if (/^[\w@-][\w.@-]{0,99}$/.test(name)) return name;
  const likeness = name.replace(/[^\w@-]+/g, '-').slice(0, 80);
  return `${likeness}-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
}
