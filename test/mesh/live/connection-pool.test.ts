import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { eventually } from '../../eventually.ts';
import { startGrpcApplication } from './applications/grpc.ts';
import { startHttpApplication } from './applications/http.ts';
import { startTcpApplication } from './applications/tcp.ts';
import { grpcClient } from './clients/grpc.ts';
import { ask } from './clients/http.ts';
import { openLine } from './clients/tcp.ts';
import { listener, listening, meshOf } from './definition.ts';
import { startProxy } from './proxies.ts';

test("a node's connection pool", async (t) => {
  // Two ports a protocol: one with a connection pool, one without.
  const node = listening(
    'pools.local',
    listener(1001, 'http', { connectionPool: { http: { maxConnections: 2, maxPendingRequests: 1 } } }),
    listener(1002, 'http'),
    listener(2001, 'http2', { connectionPool: { http2: { maxRequests: 2 } } }),
    listener(2002, 'http2'),
    listener(3001, 'grpc', { connectionPool: { grpc: { maxRequests: 2 } } }),
    listener(3002, 'grpc'),
    listener(4001, 'tcp', { connectionPool: { tcp: { maxConnections: 2 } } }),
    listener(4002, 'tcp'),
  );
  const app = await startHttpApplication(t, 'app');
  const echo = await startGrpcApplication(t, 'echo');
  const tcp = await startTcpApplication(t, 'tcp');
  const applications = {
    ...{ 1001: app.address, 1002: app.address, 2001: app.address, 2002: app.address },
    ...{ 3001: echo.address, 3002: echo.address, 4001: tcp.address, 4002: tcp.address },
  };
  const mesh = meshOf({ nodes: { node }, services: {} });
  const proxy = await startProxy(t, mesh, { kind: 'node', name: 'node' }, { applications });
  const address = (port: number) => proxy.listeners[port] ?? assert.fail(`${port} is no listener`);
  const counted = (what: string) => proxy.statistic(`cluster\\..*\\.${what}`);

  /** How many of five requests reach an app that holds on to them, and how many are answered 503 meanwhile. */
  const held = async (port: number, protocol: 'http' | 'http2', reaching: number) => {
    const gate = Promise.withResolvers<void>();
    app.reply({ when: gate.promise });
    const answers: Promise<number>[] = [];
    let refused = 0;
    for (let count = 1; count <= 5; count += 1) {
      answers.push(
        ask(address(port), { protocol }).then(({ status: code }) => {
          if (code === 503) refused += 1;
          return code;
        }),
      );
      // One after the other: a connection that is only being made lets its request wait.
      await eventually(() => assert.ok(app.requests.length >= Math.min(count, reaching)));
    }
    await eventually(async () => assert.ok(app.requests.length + refused + (await waiting()) >= 5));
    const reached = app.requests.length;
    gate.resolve();
    const codes = await Promise.all(answers);
    return { reached, refused: codes.filter((code) => code === 503).length };
  };
  const waiting = () => counted('upstream_rq_pending_active');

  await t.test('of http bounds the connections to the app and the requests that wait for one', async () => {
    assert.deepEqual(await held(1001, 'http', 2), { reached: 2, refused: 2 });
    assert.equal(await counted('upstream_rq_pending_overflow'), 2);
    assert.deepEqual(await held(1002, 'http', 5), { reached: 5, refused: 0 });
  });

  await t.test('of http2 bounds the requests at a time', async () => {
    assert.deepEqual(await held(2001, 'http2', 2), { reached: 2, refused: 3 });
    assert.deepEqual(await held(2002, 'http2', 5), { reached: 5, refused: 0 });
  });

  await t.test('of grpc bounds the calls at a time', async () => {
    const codes = async (port: number) => {
      const call = grpcClient(t, address(port));
      echo.reply({ after: 400 });
      const results = await Promise.all(Array.from({ length: 5 }, () => call({ authority: 'echo' })));
      return results.map(({ code }) => code).sort();
    };
    const { OK, UNAVAILABLE } = status;
    assert.deepEqual(await codes(3001), [OK, OK, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE]);
    assert.deepEqual(await codes(3002), [OK, OK, OK, OK, OK]);
    assert.equal(await counted('upstream_rq_active_overflow'), 6, 'of http2 and of grpc');
  });

  await t.test('of tcp bounds the connections', async () => {
    const lines = async (port: number) => {
      const opened = [1, 2, 3].map(() => openLine(t, address(port)));
      const said = await Promise.allSettled(opened.map((line) => line.say('hello')));
      for (const line of opened) line.close();
      return said.filter((outcome) => outcome.status === 'fulfilled').length;
    };
    const before = await counted('upstream_cx_overflow');
    assert.equal(await lines(4001), 2);
    assert.equal(await lines(4002), 3);
    assert.equal(await counted('upstream_cx_overflow'), before + 1);
  });
});
