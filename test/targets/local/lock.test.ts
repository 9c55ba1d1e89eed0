import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lockHolder, releaseLock, takeLock } from '../../../src/targets/local/lock.ts';
import { statePaths } from '../../../src/targets/local/paths.ts';

async function project(t: TestContext) {
  const root = await mkdtemp(join(tmpdir(), 'strata-lock-'));
  t.after(() => rm(root, { recursive: true }));
  const paths = statePaths(root);
  mkdirSync(paths.state);
  return paths;
}

/** Takes the lock in a process of its own, says whether it did, and holds it until it is killed. */
async function contender(root: string) {
  const module = (name: string) =>
    JSON.stringify(join(import.meta.dirname, `../../../src/targets/local/${name}.ts`));
  const program = `
    const { takeLock } = await import(${module('lock')});
    const { statePaths } = await import(${module('paths')});
    process.stdout.write(String(takeLock(statePaths(${JSON.stringify(root)}))));
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = await once(child.stdout, 'data');
  return { took: String(said) === 'true', child };
}

test('of several processes that take the lock at once, one gets it', async (t) => {
  const paths = await project(t);
  const contenders = await Promise.all([1, 2, 3].map(() => contender(paths.root)));
  t.after(() => contenders.forEach(({ child }) => void child.kill('SIGKILL')));
  assert.equal(contenders.filter(({ took }) => took).length, 1);
  const holder = contenders.find(({ took }) => took);
  assert.equal(lockHolder(paths)?.pid, holder?.child.pid);
});

test('the lock of a process that was killed is taken over', async (t) => {
  const paths = await project(t);
  const { child } = await contender(paths.root);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal(lockHolder(paths), undefined);
  assert.ok(takeLock(paths, '/somewhere/control.sock'));
  assert.equal(lockHolder(paths)?.control, '/somewhere/control.sock');
  releaseLock(paths);
  assert.equal(lockHolder(paths), undefined);
});

test('a lock of an earlier process with the same id is no lock', async (t) => {
  const paths = await project(t);
  writeFileSync(paths.lock, JSON.stringify({ pid: process.pid, startTime: 1 }));
  assert.equal(lockHolder(paths), undefined);
  assert.ok(takeLock(paths));
});

test('a state folder that is not there is an error with a remedy', async (t) => {
  const paths = await project(t);
  await rm(paths.state, { recursive: true });
  assert.throws(() => takeLock(paths), { code: 'folder-unwritable' });
});
