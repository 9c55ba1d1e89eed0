import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { answerEnd } from '../../bench/load/connection.ts';
import { runLoad } from '../../bench/load/generator.ts';

async function serve(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

const request = { wire: 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', status: 200, contains: 'right' };
const order = { host: '127.0.0.1', connections: 4, warmup: 0, duration: 500, requests: [request] };

test('an open loop offers exactly its rate and counts right answers', async (t) => {
  const port = await serve(t, (_request, response) => response.end('right'));
  const result = await runLoad({ ...order, port, rate: 200 });
  assert.equal(result.offered, 100);
  assert.equal(result.answered, 100);
  assert.equal(result.availability, 1);
  assert.deepEqual(result.wrong, {});
});

test('wrong bodies, wrong statuses and closed connections are counted apart', async (t) => {
  let turn = 0;
  const port = await serve(t, (incoming, response) => {
    turn += 1;
    if (turn % 4 === 0) incoming.socket.destroy();
    else if (turn % 4 === 1) response.writeHead(500).end('right');
    else response.end(turn % 4 === 2 ? 'right' : 'something else');
  });
  const result = await runLoad({ ...order, port, rate: 200 });
  assert.deepEqual(Object.keys(result.wrong).sort(), ['connection closed', 'status 500', 'wrong body']);
  assert.ok(result.availability < 0.3);
});

test('a stalled server shows in the latency of every request that was due meanwhile', async (t) => {
  const held: (() => void)[] = [];
  const port = await serve(t, (_request, response) => held.push(() => response.end('right')));
  const running = runLoad({ ...order, port, rate: 100, connections: 1 });
  const started = performance.now();
  const timer = setInterval(() => {
    if (performance.now() - started < 400) return;
    for (const release of held.splice(0)) release();
  }, 1);
  t.after(() => clearInterval(timer));
  const result = await running;
  assert.equal(result.availability, 1);
  assert.ok(result.max > 300 && result.p50 > 100, JSON.stringify(result));
});

test('an answer ends where its length or its last chunk says', () => {
  const end = (text: string) => answerEnd(Buffer.from(text))?.end;
  assert.equal(end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'), 40);
  assert.equal(end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok'), undefined);
  assert.equal(end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n'), undefined);
  assert.equal(end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'), 59);
  assert.equal(end('HTTP/1.1 200 OK\r\nContent-Le'), undefined);
});
