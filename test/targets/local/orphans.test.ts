import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { endOrphans } from '../../../src/targets/local/orphans.ts';
import { statePaths } from '../../../src/targets/local/paths.ts';
import { isRunning } from '../../../src/targets/local/process-table.ts';
import { eventually } from '../../eventually.ts';

test('what a killed supervisor left behind is ended, recorded or not, and all that it started', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'strata-orphans-'));
  t.after(() => rm(root, { recursive: true }));
  const program = join(import.meta.dirname, 'programs', 'supervising.ts');
  const supervisor = spawn(process.execPath, [program, root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(supervisor.stdout, 'data');
  const children = JSON.parse(String(said)) as { pid: number; startTime: number }[];
  assert.equal(children.length, 2);

  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  assert.ok(children.every(isRunning));

  // Each child has one of its own, which carries the marker too.
  assert.equal(await endOrphans(statePaths(root)), 4);
  await eventually(() => assert.ok(!children.some(isRunning)));
  assert.equal(await endOrphans(statePaths(root)), 0);
});
