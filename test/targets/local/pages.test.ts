import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { loadPlan } from '../../../src/commands/project.ts';
import { StrataError } from '../../../src/kernel/errors.ts';
import type { Plan } from '../../../src/model/plan.ts';
import { buildPages } from '../../../src/targets/local/pages.ts';
import type { ProgressEvent } from '../../../src/targets/local/progress.ts';

const repository = resolve(import.meta.dirname, '../../..');

describe('the pages of an origin', () => {
  let root: string;
  let plan: Plan;
  const page = () => join(root, 'clients/web/dist/index.html');
  /** Builds, and tells what was said meanwhile. */
  const build = async (): Promise<ProgressEvent['state'][]> => {
    const states: ProgressEvent['state'][] = [];
    await buildPages(root, plan, ({ state }) => states.push(state));
    return states;
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'strata-pages-'));
    plan = await loadPlan(repository);
    for (const part of ['clients', 'package.json', 'package-lock.json', 'tsconfig.json']) {
      await cp(join(repository, part), join(root, part), {
        recursive: true,
        filter: (source) => !/\/dist(\/|$)/.test(source),
      });
    }
    await symlink(join(repository, 'node_modules'), join(root, 'node_modules'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  test('are built once, and again only when their sources have changed', async () => {
    assert.equal((await build()).at(-1), 'done');
    const { mtimeMs } = await stat(page());
    assert.deepEqual(await build(), [], 'nothing is to be done or said');
    assert.equal((await stat(page())).mtimeMs, mtimeMs);

    const source = join(root, 'clients/web/src/documents.ts');
    await writeFile(source, (await readFile(source, 'utf8')).replace("title: 'Entities'", "title: 'Places'"));
    assert.equal((await build()).at(-1), 'done');
    assert.match(await readFile(page(), 'utf8'), /<title>Places · Strata<\/title>/);
  });

  test('that two processes build at once are put in their place once', async () => {
    await rm(join(root, 'clients/web/dist'), { recursive: true });
    const seen = new Set<number>();
    const built = async () => {
      await build();
      seen.add((await stat(page())).ino);
    };
    await Promise.all([built(), built()]);
    assert.equal(seen.size, 1);
  });

  test('stay what they were when a build fails, and the error says why', async () => {
    const kept = await readFile(page(), 'utf8');
    await writeFile(join(root, 'clients/web/src/main.tsx'), "import './nowhere.ts';\n");
    await assert.rejects(build(), (error) => error instanceof StrataError && /nowhere/.test(error.message));
    assert.equal(await readFile(page(), 'utf8'), kept);
  });
});
