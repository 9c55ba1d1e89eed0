import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import type { ServerMessage } from '../../../../src/targets/local/processes/configured-server.ts';
import { configurationOf as edgeConfigurationOf, makeOriginFolder } from '../../../edge/edge-fixture.ts';
import {
  configurationOf as identityConfigurationOf,
  stateDirectory,
} from '../../../security/user-pool-client.ts';

const processes = join(import.meta.dirname, '../../../../src/targets/local/processes');
const nowhere = { host: '127.0.0.1', port: 9 };

/** Starts a server process as the supervisor does. */
function spawn(t: TestContext, name: string): ChildProcess {
  const child = fork(join(processes, `${name}.ts`), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  t.after(() => {
    child.kill('SIGKILL');
  });
  return child;
}

async function configure(child: ChildProcess, configuration: unknown): Promise<ServerMessage> {
  const answered = once(child, 'message');
  child.send({ type: 'configure', configuration });
  const [message] = await answered;
  return message;
}

describe('a server process', () => {
  test('serves what it is configured to, takes changes while it runs, and drains on SIGTERM', async (t) => {
    const folders = [await makeOriginFolder(t), await makeOriginFolder(t)] as const;
    const child = spawn(t, 'edge');
    const ready = await configure(child, edgeConfigurationOf(folders[0], nowhere));
    assert.ok(ready.type === 'ready');
    const base = `http://${ready.address.host}:${ready.address.port}`;
    assert.equal((await fetch(base)).headers.get('x-cache'), 'miss');

    const again = await configure(child, edgeConfigurationOf(folders[1], nowhere, { explain: false }));
    assert.deepEqual(again, ready);
    assert.equal((await fetch(base)).headers.get('x-cache'), null);

    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
  });

  test('says what it is asked for', async (t) => {
    const child = spawn(t, 'edge');
    const early = once(child, 'message');
    child.send({ type: 'request', id: 1, request: { type: 'invalidate', paths: ['/*'] } });
    assert.deepEqual((await early)[0], { type: 'reply', id: 1, error: 'edge is not there yet' });
    const ready = await configure(child, edgeConfigurationOf(await makeOriginFolder(t), nowhere));
    assert.ok(ready.type === 'ready');
    const page = `http://${ready.address.host}:${ready.address.port}/letters.txt`;
    const source = async () => (await fetch(page)).headers.get('x-cache');
    assert.deepEqual([await source(), await source()], ['miss', 'hit']);
    const reply = once(child, 'message');
    child.send({ type: 'request', id: 2, request: { type: 'invalidate', paths: ['/letters*'] } });
    assert.deepEqual((await reply)[0], { type: 'reply', id: 2, result: 1 });
    assert.equal(await source(), 'miss');
  });

  test('ends when its supervisor is gone', async (t) => {
    const child = spawn(t, 'identity');
    const ready = await configure(child, identityConfigurationOf(await stateDirectory(t)));
    assert.ok(ready.type === 'ready');
    const answer = await fetch(
      `http://127.0.0.1:${ready.address.port}/us-west-2_strata/.well-known/jwks.json`,
    );
    assert.equal(answer.status, 200);
    const exited = once(child, 'exit');
    child.disconnect();
    assert.deepEqual(await exited, [0, null]);
  });

  test('reports a port that is taken, and a folder it cannot use', async (t) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    t.after(() => holder.close());
    const { port } = holder.address() as AddressInfo;
    const child = spawn(t, 'identity');
    const exited = once(child, 'exit');
    const failed = await configure(child, identityConfigurationOf(await stateDirectory(t), port));
    assert.ok(failed.type === 'failed');
    assert.equal(failed.code, 'port-taken');
    assert.deepEqual([failed.parameters.component, failed.parameters.port], ['identity', port]);
    assert.deepEqual(await exited, [1, null]);

    const other = spawn(t, 'identity');
    const unusable = await configure(other, identityConfigurationOf('/dev/null/state'));
    assert.ok(unusable.type === 'failed');
    assert.equal(unusable.code, 'folder-unwritable');
  });
});
