import type { Finding } from '../found-resource.ts';
import { folderOf } from './folder.ts';

/**
 * Notes on shell scripts that stand beside specifications, above them or below: what they pass on a command line is
 * not known here.
 */
export function scriptFindings(scripts: readonly string[], specifications: readonly string[]): Finding[] {
  const folders = [...new Set(specifications.map(folderOf))];
  return scripts
    .filter((script) => folders.some((folder) => isNear(folderOf(script), folder)))
    .map((script) => ({
      severity: 'note',
      code: 'cli-script-unread',
      message:
        'this shell script is not read; what it gives to aws appmesh on its command lines is not known',
      origin: { file: script, line: 1, path: '' },
      remedy: 'Look up the names and values it gives, and give them with --set.',
    }));
}

function isNear(one: string, other: string): boolean {
  return isWithin(one, other) || isWithin(other, one);
}

function isWithin(inner: string, outer: string): boolean {
  return outer === '' || inner === outer || inner.startsWith(`${outer}/`);
}
