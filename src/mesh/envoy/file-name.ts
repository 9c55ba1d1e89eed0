import { createHash } from 'node:crypto';

/**
 * A file's name for something of any name: the name itself where a file may have it, else a likeness of it with a
 * digest, so that two names never share a file.
 */
export function fileName(kind: string, name: string): string {
  const likeness = name.replace(/[^\w.@-]+/g, '-').slice(0, 100);
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 12);
  return `${kind}-${likeness === name ? name : `${likeness}-${digest}`}.json`;
}
