import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { eventually } from '../eventually.ts';
import { send, startApplication } from './application.ts';
import { startPair } from './pair.ts';
import { meshOf, type RunningProxy } from './proxies.ts';
import { backend, section } from './sections.ts';

test('a backend that cannot keep up', async (t) => {
  const ejection = { maxServerErrors: 5, interval: '50ms', baseEjectionDuration: '2s' };
  const mesh = meshOf(section({ pool: { maxRequests: 2 }, ejection }));
  const catalog = await startApplication(t, 'catalog');
  const { caller } = await startPair(t, mesh, catalog.address);
  const call = () => send(caller.egress, { headers: { host: backend } });

  await t.test('gets no more requests at once than its pool allows; the rest is answered 503', async () => {
    const held: ServerResponse[] = [];
    catalog.behave((_, response) => held.push(response));
    const allowed = [call(), call()];
    await eventually(() => assert.equal(held.length, 2));
    const refused = await Promise.all([call(), call(), call()]);
    assert.deepEqual(
      refused.map(({ status }) => status),
      [503, 503, 503],
    );
    assert.equal(catalog.requests.length, 2);
    for (const response of held) response.end();
    for (const { status } of await Promise.all(allowed)) assert.equal(status, 200);
    assert.ok((await caller.statistic('cluster.catalog.upstream_rq_active_overflow')) >= 3);
  });

  await t.test('is ejected when it keeps failing, though its health path answers', async () => {
    catalog.behave((_, response) => response.writeHead(500).end());
    await eventually(async () => {
      await call();
      assert.equal(await caller.statistic('cluster.catalog.outlier_detection.ejections_active'), 1);
    });
    await moreHealthChecks(caller, 2);
    const before = catalog.requests.length;
    assert.equal((await call()).status, 503);
    assert.equal(catalog.requests.length, before, 'Envoy answers without asking the app');
  });

  await t.test('and returns after its ejection', async () => {
    catalog.behave((_, response) => response.end('well again'));
    await eventually(async () => assert.equal((await call()).body, 'well again'));
    assert.equal(await caller.statistic('cluster.catalog.outlier_detection.ejections_active'), 0);
  });

  await t.test('is not called while its app is down, and is found again by its health check', async () => {
    await catalog.stop();
    await eventually(async () =>
      assert.equal(await caller.statistic('cluster.catalog.membership_healthy'), 0),
    );
    assert.equal((await call()).status, 503);
    await catalog.start();
    await eventually(async () => assert.equal((await call()).status, 200));
  });
});

async function moreHealthChecks(proxy: RunningProxy, count: number): Promise<void> {
  const name = 'cluster.catalog.health_check.success';
  const before = await proxy.statistic(name);
  await eventually(async () => assert.ok((await proxy.statistic(name)) >= before + count));
}
