import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { startGrpcApplication } from './applications/grpc.ts';
import { startHttpApplication } from './applications/http.ts';
import { grpcClient } from './clients/grpc.ts';
import { ask } from './clients/http.ts';
import { called, listener, listening, meshOf, ms, type RouteSpec, to } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

/** Longer than the timeouts of these tests, shorter than anything else. */
const late = 700;
/** Pauses that each fit into a timeout of 300 ms, and together do not. */
const pauses = { pieces: 5, after: 90 };

test('a route', async (t) => {
  const http = (timeout?: NonNullable<RouteSpec['httpRoute']>['timeout']) => ({
    all: {
      httpRoute: {
        match: { prefix: '/' },
        action: to({ slow: 1 }),
        ...(timeout ? { timeout } : {}),
      },
    },
  });
  const grpc = (timeout?: NonNullable<RouteSpec['grpcRoute']>['timeout']) => ({
    all: { grpcRoute: { match: {}, action: to({ echo: 1 }), ...(timeout ? { timeout } : {}) } },
  });
  const mesh = meshOf({
    nodes: { slow: called('http'), echo: called('grpc') },
    services: {
      'request.local': http({ perRequest: ms(300) }),
      'idle.local': http({ idle: ms(300) }),
      'patient.local': http(),
      'grpc-request.local': grpc({ perRequest: ms(300) }),
      'grpc-idle.local': grpc({ idle: ms(300) }),
      'grpc-patient.local': grpc(),
    },
  });
  const slow = await startHttpApplication(t, 'slow');
  const echo = await startGrpcApplication(t, 'echo');
  const proxy = await startCaller(t, mesh, {
    endpoints: { slow: [slow.address], echo: [echo.address] },
  });
  const call = grpcClient(t, proxy.egress);

  await t.test('ends a request that takes longer than its time with 504', async () => {
    slow.reply({ after: late });
    assert.equal((await proxy.call('request.local')).status, 504);
    assert.equal((await proxy.call('patient.local')).status, 200);
  });

  await t.test('ends also one that keeps sending', async () => {
    slow.reply(pauses);
    await assert.rejects(proxy.call('request.local'));
    assert.equal((await proxy.call('patient.local')).body, 'slow'.repeat(pauses.pieces));
  });

  await t.test('ends a request on which nothing moves for its idle time, however long it takes', async () => {
    slow.reply({ pieces: 2, after: late });
    await assert.rejects(proxy.call('idle.local'));
    assert.equal((await proxy.call('patient.local')).status, 200);
    slow.reply(pauses);
    assert.equal((await proxy.call('idle.local')).body, 'slow'.repeat(pauses.pieces));
  });

  await t.test('ends a gRPC call that takes longer than its time', async () => {
    echo.reply({ after: late });
    assert.equal((await call({ authority: 'grpc-request.local' })).code, status.UNAVAILABLE);
    assert.equal((await call({ authority: 'grpc-patient.local' })).code, status.OK);
  });

  await t.test(
    'ends a gRPC stream on which nothing moves for its idle time, however long it takes',
    async () => {
      const count = { method: 'Count', message: { value: 5 } };
      echo.reply({ after: late });
      const cut = await call({ ...count, authority: 'grpc-idle.local' });
      assert.notEqual(cut.code, status.OK);
      assert.equal(cut.messages.length, 1);
      echo.reply({ after: pauses.after });
      assert.equal((await call({ ...count, authority: 'grpc-idle.local' })).messages.length, 5);
      const timed = await call({ ...count, authority: 'grpc-request.local' });
      assert.notEqual(timed.code, status.OK);
    },
  );
});

test("a node's listener", async (t) => {
  const node = listening(
    'slow.local',
    listener(8080, 'http', { timeout: { http: { perRequest: ms(300) } } }),
    listener(8081, 'http', { timeout: { http: { idle: ms(300) } } }),
    listener(8082, 'http'),
  );
  const slow = await startHttpApplication(t, 'slow');
  const applications = { 8080: slow.address, 8081: slow.address, 8082: slow.address };
  const mesh = meshOf({ nodes: { slow: node }, services: {} });
  const proxy = await startProxy(t, mesh, { kind: 'node', name: 'slow' }, { applications });
  const at = (port: number) => ask(proxy.listeners[port] ?? proxy.egress);

  await t.test('ends a request that its app does not answer in time with 504', async () => {
    slow.reply({ after: late });
    assert.deepEqual([(await at(8080)).status, (await at(8082)).status], [504, 200]);
  });

  await t.test('ends one on which nothing moves', async () => {
    slow.reply({ pieces: 2, after: late });
    await assert.rejects(at(8081));
    assert.equal((await at(8082)).status, 200);
  });
});
