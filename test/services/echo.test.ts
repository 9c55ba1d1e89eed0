import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePort, projectRoot } from '../engines.ts';
import { eventually } from '../eventually.ts';

describe('the program that stands for a service', () => {
  const sidecar = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
  let own: number;
  let other: number;
  let child: ReturnType<typeof spawn>;
  before(async () => {
    [own, other] = [await freePort(), await freePort()];
    const egress = await freePort();
    sidecar.listen(egress, '127.0.0.1');
    await once(sidecar, 'listening');
    child = spawn(process.execPath, [join(projectRoot, 'services/echo/main.ts')], {
      stdio: 'inherit',
      env: {
        ...process.env,
        SERVICE_NAME: 'front',
        TASK_ID: 'front-1',
        PORT: String(own),
        PORT_9090: String(other),
        MESH_EGRESS_URL: `http://127.0.0.1:${egress}`,
      },
    });
    await eventually(async () => assert.equal((await fetch(`http://127.0.0.1:${own}/health`)).status, 200));
  });
  after(async () => {
    sidecar.close();
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });

  test('it says who it is and what it was asked, on each of its ports', async () => {
    for (const port of [own, other]) {
      const answer = await fetch(`http://127.0.0.1:${port}/a?b=c`, {
        method: 'POST',
        headers: { 'x-d': 'e' },
        body: 'f',
      });
      const { service, task, method, path, headers } = (await answer.json()) as Record<string, unknown>;
      assert.deepEqual([service, task, method, path], ['front', 'front-1', 'POST', '/a?b=c']);
      assert.equal((headers as Record<string, unknown>)['x-d'], 'e');
    }
  });

  test('it calls another service through the mesh when asked to', async () => {
    const answer = await fetch(`http://127.0.0.1:${own}/call/back.shop.local/x/y`);
    assert.equal(await answer.text(), 'back.shop.local /x/y');
  });

  test('it speaks HTTP/2, is well by gRPC, and implements nothing else', async () => {
    const session = connect(`http://127.0.0.1:${own}`);
    assert.match((await exchange(session, { ':path': '/p' })).body, /"path": "\/p"/);
    const grpc = { ':method': 'POST', 'content-type': 'application/grpc' };
    const health = await exchange(session, { ...grpc, ':path': '/grpc.health.v1.Health/Check' });
    assert.deepEqual([...Buffer.from(health.body, 'latin1')], [0, 0, 0, 0, 2, 8, 1]);
    assert.equal(health.trailers['grpc-status'], '0');
    const call = await exchange(session, { ...grpc, ':path': '/shop.Orders/List' });
    assert.equal(call.trailers['grpc-status'], '12');
    session.close();
  });

  test('it ends when it is told to', async () => {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    assert.deepEqual(await ended, [0, null]);
  });
});

async function exchange(session: ClientHttp2Session, headers: Record<string, string>) {
  const stream = session.request(headers);
  let trailers: IncomingHttpHeaders = {};
  stream.on('trailers', (received) => {
    trailers = received;
  });
  stream.setEncoding('latin1').end();
  let body = '';
  for await (const part of stream) body += part;
  return { body, trailers };
}
