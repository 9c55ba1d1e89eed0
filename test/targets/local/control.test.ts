import assert from 'node:assert/strict';
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  askSupervisor,
  ControlFailure,
  controlPath,
  serveControl,
} from '../../../src/targets/local/control.ts';
import { statePaths } from '../../../src/targets/local/paths.ts';
import type { ProgressEvent } from '../../../src/targets/local/progress.ts';

async function socketIn(t: TestContext, ...folders: string[]): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'strata-control-'));
  t.after(() => rm(root, { recursive: true }));
  const paths = statePaths(join(root, ...folders));
  await mkdir(paths.state, { recursive: true });
  return controlPath(paths);
}

const lineOf = (error: unknown) => String(error instanceof Error ? error.message : error);

test('a request is answered with progress and then the end, over a socket for this user only', async (t) => {
  const path = await socketIn(t);
  const close = await serveControl(
    path,
    async (request, progress) => {
      progress({ component: request.type, state: 'done' });
      return { edge: 'http://127.0.0.1:1' };
    },
    lineOf,
  );
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const events: ProgressEvent[] = [];
  const urls = await askSupervisor(path, { type: 'stop' }, (event) => events.push(event));
  assert.deepEqual(urls, { edge: 'http://127.0.0.1:1' });
  assert.deepEqual(events, [{ component: 'stop', state: 'done' }]);
  await close();
  assert.ok(!existsSync(path));
  assert.ok(existsSync(dirname(path)), 'the state beside the socket stays');
});

test('a failure reaches the asker as its line, and so does what is no request', async (t) => {
  const path = await socketIn(t);
  const close = await serveControl(path, () => Promise.reject(new Error('it is full')), lineOf);
  t.after(close);
  await assert.rejects(
    askSupervisor(path, { type: 'stop' }, () => undefined),
    (error) => error instanceof ControlFailure && error.message === 'it is full',
  );
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = createConnection(path, () => socket.write('nonsense\n'));
    socket.on('data', (data) => resolve(String(data))).on('error', reject);
  });
  assert.equal(JSON.parse(answer).type, 'failed');
});

test('a project in a very deep folder gets its socket in a private temporary one', async (t) => {
  const path = await socketIn(t, 'a'.repeat(60), 'b'.repeat(60));
  assert.ok(Buffer.byteLength(path) < 108);
  const close = await serveControl(path, async () => ({}), lineOf);
  assert.equal(statSync(join(path, '..')).mode & 0o777, 0o700);
  assert.deepEqual(await askSupervisor(path, { type: 'stop' }, () => undefined), {});
  await close();
  assert.ok(!existsSync(join(path, '..')));
});
