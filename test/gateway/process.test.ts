import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../engines.ts';
import { eventually } from '../eventually.ts';
import { callPort, configurationOf, dataRoute, startService } from './gateway-under-test.ts';

const entry = fileURLToPath(new URL('../../src/targets/local/processes/gateway.ts', import.meta.url));

test('the process is configured over its channel, at the start and later, and ends on SIGTERM', async (t) => {
  const service = await startService(t);
  const child = fork(entry, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  t.after(() => child.kill('SIGKILL'));
  child.send({ type: 'configure', configuration: configurationOf(service.port, [dataRoute]) });
  const [ready] = (await once(child, 'message')) as [
    { type: string; address: { host: string; port: number } },
  ];
  assert.deepEqual([ready.type, ready.address.host], ['ready', '127.0.0.1']);
  const { port } = ready.address;
  assert.equal((await callPort(port, '/api/v1/data')).status, 200);
  assert.equal(
    (await callPort(port, '/api/v1/data', { headers: { authorization: 'Bearer a.b.c' } })).status,
    401,
  );
  child.send({ type: 'configure', configuration: configurationOf(service.port, []) });
  await eventually(async () => assert.equal((await callPort(port, '/api/v1/data')).status, 403));
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('what a function prints is in a log of its own, which is there before it has printed anything', async (t) => {
  const folder = await temporaryFolder(t);
  const service = await startService(t);
  const child = fork(entry, {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, FUNCTION_LOGS: folder },
  });
  t.after(() => child.kill('SIGKILL'));
  const { service: _, ...route } = { ...dataRoute, methods: ['POST' as const], function: 'talker' };
  const file = fileURLToPath(new URL('programs/behaving.ts', import.meta.url));
  const talker = { file, digest: '', memory: 128, timeout: 3000, variables: {} };
  const configuration = {
    ...configurationOf(service.port, [
      { ...route, path: '/talk', auth: { mode: 'none', ttl: 0 }, cache: { ttl: 0, query: [] } },
    ]),
    functions: { talker },
  };
  child.send({ type: 'configure', configuration });
  const [ready] = (await once(child, 'message')) as [{ address: { port: number } }];
  const log = join(folder, 'talker.log');
  await eventually(async () => assert.equal(await readFile(log, 'utf8'), ''));
  await callPort(ready.address.port, '/talk/print', { method: 'POST', body: 'hello' });
  await eventually(async () => assert.equal(await readFile(log, 'utf8'), 'said hello\n'));
  assert.equal((await stat(log)).mode & 0o777, 0o600);
});

test('a process whose port is taken says so and ends', async (t) => {
  const service = await startService(t);
  const child = fork(entry, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  t.after(() => child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  child.send({ type: 'configure', configuration: { ...configurationOf(1), port: service.port } });
  const [failed] = (await once(child, 'message')) as [
    { type: string; code: string; parameters: { port: number } },
  ];
  assert.deepEqual(
    [failed.type, failed.code, failed.parameters.port],
    ['failed', 'port-taken', service.port],
  );
  assert.deepEqual(await exit, [1, null]);
});
