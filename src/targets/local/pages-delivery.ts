import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../../model/plan.ts';
import { pagesRevision } from './pages.ts';
import type { StatePaths } from './paths.ts';

/**
 * Has the edge forget what it keeps of earlier pages: a document kept from before would ask for files that are not
 * there any more. What it keeps outlives a restart, so which pages it knows is kept beside it.
 */
export async function deliverPages(
  paths: StatePaths,
  plan: Plan,
  invalidate: (paths: readonly string[]) => Promise<unknown>,
): Promise<void> {
  const known = join(paths.data, 'edge-pages');
  const revision = pagesRevision(paths.root, plan);
  if ((await readFile(known, 'utf8').catch(() => undefined)) === revision) return;

  await invalidate(['/*']);
  await writeFile(known, revision);
}
