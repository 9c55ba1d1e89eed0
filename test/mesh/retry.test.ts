import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../eventually.ts';
import { send, startApplication } from './application.ts';
import { startPair } from './pair.ts';
import { meshOf } from './proxies.ts';
import { backend, section } from './sections.ts';

test('a service calls another through both sidecars', async (t) => {
  const mesh = meshOf(section({ ejection: false }));
  const catalog = await startApplication(t, 'catalog');
  const { caller } = await startPair(t, mesh, catalog.address);
  const call = (headers: Record<string, string> = {}) =>
    send(caller.egress, { method: 'POST', body: '{}', headers: { host: backend, ...headers } });
  const failing = (failures: number, status: number) =>
    catalog.behave((_, response, count) => response.writeHead(count <= failures ? status : 200).end());

  await t.test('which fails twice: the caller sees success', async () => {
    failing(2, 500);
    assert.equal((await call()).status, 200);
    assert.equal(catalog.requests.length, 3);
  });

  await t.test(
    'which keeps failing: the caller sees the failure after as many retries as defined',
    async () => {
      failing(100, 503);
      assert.equal((await call()).status, 503);
      assert.equal(catalog.requests.length, 4);
    },
  );

  await t.test('and 509 is no server-error, nor is 409', async () => {
    for (const status of [509, 409]) {
      failing(1, status);
      assert.equal((await call()).status, status);
      assert.equal(catalog.requests.length, 1);
    }
  });

  await t.test('which hangs up: that try counts as failed', async () => {
    catalog.behave((incoming, response, count) => (count === 1 ? incoming.socket.destroy() : response.end()));
    assert.equal((await call()).status, 200);
    assert.equal(catalog.requests.length, 2);
  });

  await t.test('which does not answer within a try: the next one may', async () => {
    catalog.behave((_, response, count) => count > 1 && response.end());
    assert.equal((await call()).status, 200);
    assert.equal(catalog.requests.length, 2);
    assert.equal(await caller.statistic('cluster.catalog.upstream_rq_per_try_timeout'), 1);
  });

  await t.test('with a port in the Host as well', async () => {
    failing(0, 200);
    assert.equal((await call({ host: `${backend}:8080` })).status, 200);
  });

  await t.test('a host that is no backend is answered 502 and says what is', async () => {
    const { status, body } = await call({ host: 'elsewhere.local' });
    assert.equal(status, 502);
    assert.match(body, /entities does not list this host as a backend\. Its backends: catalog\.local\./);
  });

  await t.test(
    'request id and trace context arrive as sent, and headers that steer Envoy do nothing',
    async () => {
      failing(1, 500);
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const steering = { 'x-envoy-max-retries': '0', 'x-envoy-upstream-rq-timeout-ms': '1' };
      const answer = await call({ 'x-request-id': 'request-1', traceparent, ...steering });
      assert.equal(answer.status, 200);
      const received = catalog.requests.at(-1)?.headers ?? {};
      assert.equal(received['x-request-id'], 'request-1');
      assert.equal(received.traceparent, traceparent);
      const added = [...Object.keys(received), ...Object.keys(answer.headers)];
      assert.deepEqual(
        added.filter((name) => name.startsWith('x-envoy') || name === 'server'),
        [],
      );
    },
  );

  await t.test('a new retry count acts without a restart or a new listener', async () => {
    failing(1, 500);
    const { pid } = caller;
    await caller.apply(meshOf(section({ ejection: false, retries: 0 })));
    await eventually(async () => {
      failing(1, 500);
      assert.equal((await call()).status, 500);
    });
    await caller.apply(mesh);
    await eventually(async () => {
      failing(1, 500);
      assert.equal((await call()).status, 200);
    });
    assert.equal(caller.pid, pid);
    assert.equal(await caller.statistic('listener_manager.listener_modified'), 0);
  });
});
