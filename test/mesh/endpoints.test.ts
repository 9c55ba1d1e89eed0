import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../eventually.ts';
import { send, startApplication } from './application.ts';
import { meshAuthority, meshOf, startProxy } from './proxies.ts';
import { section } from './sections.ts';

test('tasks come and go under load without a failed request', async (t) => {
  const mesh = meshOf(section());
  const authority = await meshAuthority();
  const slowly = (name: string) =>
    startApplication(t, name, (_, response) => setTimeout(() => response.end(name), 20));
  const [first, second] = [await slowly('first'), await slowly('second')];
  const sidecar = (application: typeof first.address) =>
    startProxy(t, mesh, { kind: 'node', name: 'entities' }, { authority, application });
  const [firstSidecar, secondSidecar] = [await sidecar(first.address), await sidecar(second.address)];
  const one = { entities: [firstSidecar.ingress] };
  const gateway = await startProxy(
    t,
    mesh,
    { kind: 'gateway', name: 'ingress' },
    { authority, endpoints: one },
  );

  const statuses: number[] = [];
  let loaded = true;
  const load = Promise.all(
    Array.from({ length: 8 }, async () => {
      // POST: what breaks is not repeated, so that nothing hides a dropped request.
      while (loaded) statuses.push((await send(gateway.ingress, { method: 'POST', body: '{}' })).status);
    }),
  );
  try {
    await gateway.apply(mesh, { entities: [firstSidecar.ingress, secondSidecar.ingress] });
    await eventually(() => assert.ok(second.requests.length > 10, 'the new task gets its share'));

    await gateway.apply(mesh, { entities: [secondSidecar.ingress] });
    await eventually(async () =>
      assert.equal(await gateway.statistic('cluster.entities.membership_total'), 1),
    );
    await eventually(async () =>
      assert.equal(await firstSidecar.statistic('http.ingress.downstream_rq_active'), 0),
    );
    const last = first.requests.length;
    await firstSidecar.stop();
    const reached = statuses.length + 50;
    await eventually(() => assert.ok(statuses.length > reached));
    assert.equal(first.requests.length, last, 'the task that left gets nothing more');
  } finally {
    loaded = false;
    await load;
  }
  assert.deepEqual([...new Set(statuses)], [200]);
  assert.equal(await gateway.statistic('cluster.entities.upstream_rq_retry'), 0);
});
