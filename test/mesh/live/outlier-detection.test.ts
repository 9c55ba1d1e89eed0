import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../eventually.ts';
import { startHttpApplication } from './applications/http.ts';
import { called, meshOf, ms, to } from './definition.ts';
import { startCaller } from './proxies.ts';

test('a host that keeps failing', async (t) => {
  const routed = (node: string) => ({
    all: {
      httpRoute: {
        match: { prefix: '/' },
        action: to({ [node]: 1 }),
        retryPolicy: {
          maxRetries: 0,
          perRetryTimeout: ms(2000),
          httpRetryEvents: ['gateway-error' as const],
        },
      },
    },
  });
  const outlierDetection = {
    maxServerErrors: 5,
    interval: ms(50),
    baseEjectionDuration: ms(1500),
    maxEjectionPercent: 50,
  };
  const mesh = meshOf({
    nodes: { watched: called('http', { outlierDetection }), unwatched: called('http') },
    services: { 'watched.local': routed('watched'), 'unwatched.local': routed('unwatched') },
  });
  const [good, bad] = [await startHttpApplication(t, 'good'), await startHttpApplication(t, 'bad')];
  const hosts = [good.address, bad.address];
  const proxy = await startCaller(t, mesh, { endpoints: { watched: hosts, unwatched: hosts } });
  const ejected = () => proxy.statistic('cluster\\..*\\.outlier_detection\\.ejections_active');
  const statuses = async (service: string) => {
    const seen = new Set<number>();
    for (let count = 0; count < 30; count += 1) seen.add((await proxy.call(service)).status);
    return [...seen].sort();
  };
  const failing = () => bad.reply({ status: 500 });

  await t.test('is left out after as many server errors as are allowed', async () => {
    failing();
    await eventually(async () => {
      await proxy.call('watched.local');
      assert.equal(await ejected(), 1);
    });
    assert.ok(bad.requests.length >= outlierDetection.maxServerErrors);
    const before = bad.requests.length;
    assert.deepEqual(await statuses('watched.local'), [200]);
    assert.equal(bad.requests.length, before);
  });

  await t.test('and comes back after its time', async () => {
    bad.reply({});
    await eventually(async () => assert.equal(await ejected(), 0));
    await eventually(async () => {
      await proxy.call('watched.local');
      assert.ok(bad.requests.length > 0);
    });
  });

  await t.test('is not left out by errors of its clients', async () => {
    bad.reply({ status: 404 });
    for (let round = 0; round < 3; round += 1) {
      assert.deepEqual(await statuses('watched.local'), [200, 404]);
    }
    assert.equal(await ejected(), 0);
  });

  await t.test('goes on failing where nobody watches', async () => {
    failing();
    for (let round = 0; round < 3; round += 1) {
      assert.deepEqual(await statuses('unwatched.local'), [200, 500]);
    }
    assert.equal(await ejected(), 0);
  });

  await t.test('is not left out when that would be more than the share of hosts that may be', async () => {
    failing();
    good.reply({ status: 500 });
    await eventually(async () => {
      await proxy.call('watched.local');
      assert.equal(await ejected(), 1);
    });
    assert.deepEqual(await statuses('watched.local'), [500]);
    assert.equal(await ejected(), 1);
  });
});
