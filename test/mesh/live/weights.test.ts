import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../eventually.ts';
import { startHttpApplication } from './applications/http.ts';
import { called, meshOf, ms, to } from './definition.ts';
import { underLoad } from './load.ts';
import { startCaller } from './proxies.ts';

const nodes = { blue: called('http'), green: called('http'), grey: called('http') };

test('requests are spread over the targets of a route', async (t) => {
  const split = (weights: Record<string, number>) => ({
    all: { httpRoute: { match: { prefix: '/' }, action: to(weights) } },
  });
  const mesh = meshOf({
    nodes,
    services: {
      'split.local': split({ blue: 70, green: 25, grey: 5 }),
      'none.local': split({ blue: 1, green: 0 }),
    },
  });
  const proxy = await startCaller(t, mesh, { endpoints: await applications(t) });
  const shares = async (service: string, total: number) => {
    const counts: Record<string, number> = {};
    let left = total;
    const worker = async () => {
      while (left > 0) {
        left -= 1;
        const { body } = await proxy.call(service, { keepAlive: true });
        counts[body] = (counts[body] ?? 0) + 100 / total;
      }
    };
    await Promise.all(Array.from({ length: 16 }, worker));
    return counts;
  };

  await t.test('by weight, within 2 percentage points in 10,000 requests', async () => {
    const measured = await shares('split.local', 10_000);
    for (const [node, share] of Object.entries({ blue: 70, green: 25, grey: 5 })) {
      assert.ok(
        Math.abs((measured[node] ?? 0) - share) <= 2,
        `${node}: ${measured[node]} % instead of ${share}`,
      );
    }
  });

  await t.test('and none to a target of weight 0', async () => {
    assert.deepEqual(Object.keys(await shares('none.local', 200)), ['blue']);
  });
});

test('under load, without a restart and without a failed request,', async (t) => {
  const route = (weights: Record<string, number>, maxRetries: number) => ({
    all: {
      httpRoute: {
        match: { prefix: '/' },
        action: to(weights),
        retryPolicy: { maxRetries, perRetryTimeout: ms(2000), httpRetryEvents: ['server-error' as const] },
      },
    },
  });
  const changing = (weights: Record<string, number>, maxRetries: number) =>
    meshOf({
      nodes,
      services: { 'busy.local': route(weights, maxRetries), 'failing.local': route({ grey: 1 }, maxRetries) },
    });
  const blue = await startHttpApplication(t, 'blue');
  const green = await startHttpApplication(t, 'green');
  const grey = await startHttpApplication(t, 'grey');
  const endpoints = { blue: [blue.address], green: [green.address], grey: [grey.address] };
  const proxy = await startCaller(t, changing({ blue: 100, green: 0 }, 2), { endpoints });
  const { pid } = proxy;
  const call = () => proxy.call('busy.local');
  const tries = async () => {
    grey.reply({ status: 500 });
    await proxy.call('failing.local');
    return grey.requests.length;
  };

  await t.test('new weights reach the proxy', async () => {
    const answers = await underLoad(call, async (settled) => {
      await eventually(() => assert.ok(settled.length > 50));
      await proxy.apply(changing({ blue: 0, green: 100 }, 2));
      await eventually(() => {
        const latest = settled.slice(-20).map((answer) => ('body' in answer ? answer.body : answer.message));
        assert.deepEqual([...new Set(latest)], ['green']);
      });
    });
    assert.deepEqual(reasons(answers), ['200 blue', '200 green']);
  });

  await t.test('a new number of retries does', async () => {
    assert.equal(await tries(), 3);
    const answers = await underLoad(call, async (settled) => {
      await proxy.apply(changing({ blue: 0, green: 100 }, 5));
      await eventually(async () => assert.equal(await tries(), 6));
      const until = settled.length + 50;
      await eventually(() => assert.ok(settled.length > until));
    });
    assert.deepEqual(reasons(answers), ['200 green']);
  });

  assert.equal(proxy.pid, pid);
  assert.equal(await proxy.statistic('listener_manager.listener_modified'), 0);
});

function reasons(answers: readonly ({ status: number; body: string } | Error)[]): string[] {
  const found = answers.map((answer) =>
    answer instanceof Error ? answer.message : `${answer.status} ${answer.body}`,
  );
  return [...new Set(found)].sort();
}

async function applications(t: Parameters<typeof startHttpApplication>[0]) {
  const names = Object.keys(nodes);
  const started = await Promise.all(names.map((name) => startHttpApplication(t, name)));
  return Object.fromEntries(started.map(({ name, address }) => [name, [address]]));
}
