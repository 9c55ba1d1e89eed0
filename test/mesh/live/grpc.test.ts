import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { startGrpcApplication } from './applications/grpc.ts';
import { openChat } from './clients/chat.ts';
import { grpcClient } from './clients/grpc.ts';
import { called, meshOf } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

test('through two proxies a gRPC', async (t) => {
  const mesh = meshOf({ nodes: { echo: called('grpc') }, services: { 'echo.local': 'echo' } });
  const echo = await startGrpcApplication(t, 'echo');
  const callee = await startProxy(
    t,
    mesh,
    { kind: 'node', name: 'echo' },
    { applications: { 8080: echo.address } },
  );
  const proxy = await startCaller(t, mesh, { endpoints: { echo: [callee.listeners] } });
  const client = grpcClient(t, proxy.egress);
  const call = (more: Omit<Parameters<typeof client>[0], 'authority'> = {}) =>
    client({ ...more, authority: 'echo.local' });

  await t.test('call is answered, with its metadata and its trailers', async () => {
    echo.reply({ trailers: { 'x-cost': '3' } });
    const result = await call({ metadata: { tenant: 'a' } });
    assert.deepEqual(result.messages, [{ text: 'echo: hello' }]);
    assert.deepEqual([result.code, result.trailers['x-cost']], [status.OK, '3']);
    assert.equal(echo.calls[0]?.metadata.tenant, 'a');
  });

  await t.test('status arrives as it was sent, with its text and its trailers', async () => {
    const sent = { details: 'no such thing', trailers: { 'x-reason': 'typo' } };
    for (const code of [
      status.NOT_FOUND,
      status.INVALID_ARGUMENT,
      status.PERMISSION_DENIED,
      status.ABORTED,
    ]) {
      echo.reply({ ...sent, code });
      const result = await call();
      assert.deepEqual(
        [result.code, result.details, result.trailers['x-reason']],
        [code, sent.details, 'typo'],
      );
    }
  });

  await t.test('stream of answers arrives whole, then its trailers', async () => {
    echo.reply({ trailers: { 'x-cost': '200' } });
    const result = await call({ method: 'Count', message: { value: 200 } });
    assert.deepEqual(
      result.messages.map(({ value }) => value),
      Array.from({ length: 200 }, (_, index) => index + 1),
    );
    assert.deepEqual([result.code, result.trailers['x-cost']], [status.OK, '200']);
  });

  await t.test('stream that fails half way shows what came before', async () => {
    echo.reply({ code: status.RESOURCE_EXHAUSTED, details: 'enough' });
    const result = await call({ method: 'Count', message: { value: 3 } });
    assert.deepEqual(
      [result.messages.length, result.code, result.details],
      [3, status.RESOURCE_EXHAUSTED, 'enough'],
    );
  });

  await t.test('conversation goes both ways, message by message', async () => {
    echo.reply({ trailers: { 'x-turns': '2' } });
    const chat = openChat(t, proxy.egress, 'echo.local');
    assert.equal(await chat.say('one'), 'echo: one');
    assert.equal(await chat.say('two'), 'echo: two');
    const { code, trailers } = await chat.end();
    assert.deepEqual([code, trailers['x-turns']], [status.OK, '2']);
  });
});
