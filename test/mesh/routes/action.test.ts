import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import { startHttpApplication } from '../live/applications/http.ts';
import { egress, service, toNode } from './models.ts';
import { startRouter } from './router.ts';

/** What Envoy does with a route's requests, its retry policy aside. */
function actionOf(route: RouteSpec) {
  const [first] = egress([service({ route })]).virtual_hosts as { routes: { route: object }[] }[];
  const { retry_policy: _, ...action } = { retry_policy: undefined, ...first?.routes[0]?.route };
  return action;
}

const to = (...weightedTargets: readonly (readonly [string, number, number?])[]): RouteSpec =>
  ({
    httpRoute: {
      match: { prefix: '/' },
      action: {
        weightedTargets: weightedTargets.map(([virtualNode, weight, port]) => ({
          virtualNode,
          weight,
          port,
        })),
      },
    },
  }) as RouteSpec;

test('targets', async (t) => {
  await t.test('one is a cluster', () => {
    assert.deepEqual(actionOf(to(['a', 1])), { cluster: 'a', timeout: '15s' });
  });

  await t.test('several are clusters by weight, whatever the sum', () => {
    assert.deepEqual(actionOf(to(['a', 20], ['b', 1])), {
      weighted_clusters: {
        clusters: [
          { name: 'a', weight: 20 },
          { name: 'b', weight: 1 },
        ],
      },
      timeout: '15s',
    });
  });

  await t.test('a weight of 0 is left out', () => {
    assert.deepEqual(actionOf(to(['a', 0], ['b', 5])), { cluster: 'b', timeout: '15s' });
  });

  await t.test('a port of a node is a cluster of its own', () => {
    assert.deepEqual(actionOf(to(['a', 1, 80], ['a', 1, 81])), {
      weighted_clusters: {
        clusters: [
          { name: 'a:80', weight: 1 },
          { name: 'a:81', weight: 1 },
        ],
      },
      timeout: '15s',
    });
  });

  await t.test('two of one cluster share their weights', () => {
    assert.deepEqual(actionOf(to(['a', 1], ['b', 5], ['a', 2])), {
      weighted_clusters: {
        clusters: [
          { name: 'a', weight: 3 },
          { name: 'b', weight: 5 },
        ],
      },
      timeout: '15s',
    });
  });

  await t.test('only weights of 0 are an error', () => {
    assert.throws(() => actionOf(to(['a', 0], ['b', 0])), RangeError);
  });
});

const timed = (timeout: object, kind = 'httpRoute') => {
  const { httpRoute } = toNode('a', { prefix: '/' }, { timeout });
  return { [kind]: kind === 'grpcRoute' ? { ...httpRoute, match: {} } : httpRoute } as RouteSpec;
};

test('timeouts are those stated, for HTTP, HTTP/2 and gRPC, and 0 turns one off', () => {
  const [perRequest, idle] = [
    { unit: 'ms', value: 2500 },
    { unit: 's', value: 60 },
  ];
  const off = { unit: 's', value: 0 };
  for (const kind of ['httpRoute', 'http2Route', 'grpcRoute']) {
    assert.deepEqual(actionOf(timed({ perRequest }, kind)), { cluster: 'a', timeout: '2.5s' });
    assert.deepEqual(actionOf(timed({ idle }, kind)), { cluster: 'a', timeout: '15s', idle_timeout: '60s' });
    const both = timed({ perRequest: off, idle: off }, kind);
    assert.deepEqual(actionOf(both), { cluster: 'a', timeout: '0s', idle_timeout: '0s' });
  }
});

test('what a route does with requests', async (t) => {
  const app = await startHttpApplication(t, 'app');
  const other = await startHttpApplication(t, 'other');
  const short = { unit: 'ms', value: 100 };
  const retryPolicy = { maxRetries: 0, perRetryTimeout: short, httpRetryEvents: ['server-error'] };
  const timedOut = (timeout: object) => toNode('app', { prefix: '/' }, { timeout, retryPolicy });
  const services = Object.entries({
    request: timedOut({ perRequest: short }),
    silence: timedOut({ idle: short }),
    unbounded: timedOut({ perRequest: { unit: 's', value: 0 } }),
    weights: to(['app', 3], ['other', 1], ['gone', 0]),
    connect: toNode('app', { prefix: '/', method: 'CONNECT' }),
  }).map(([name, route]) => service({ route }, { name }));
  const { address } = app;
  const router = await startRouter(
    t,
    { egress: egress(services) },
    { clusters: { app, other, gone: { address: { ...address, port: 1 } } } },
  );

  await t.test('a request that takes longer than it may is answered 504', async () => {
    app.reply('be silent');
    assert.equal((await router.send({ host: 'request' })).status, 504);
  });

  await t.test('and so is one that is silent for longer than it may', async () => {
    assert.equal((await router.send({ host: 'silence' })).status, 504);
  });

  await t.test('one that may take for ever gets its answer', async () => {
    app.reply({ after: 300 });
    assert.equal((await router.send({ host: 'unbounded' })).status, 200);
  });

  await t.test('a target of weight 0 gets nothing, the others their parts', async () => {
    app.reply({});
    const answers = await Promise.all(Array.from({ length: 400 }, () => router.send({ host: 'weights' })));
    const count = (name: string) => answers.filter(({ body }) => body === name).length;
    assert.equal(count('app') + count('other'), 400);
    assert.ok(count('app') > 200 && count('other') > 40, `${count('app')} and ${count('other')}`);
  });

  await t.test('CONNECT reaches a route for it', async () => {
    const { port = 0 } = router.addresses.egress ?? {};
    const socket = connect(port, '127.0.0.1').setEncoding('latin1');
    socket.write('CONNECT connect:80 HTTP/1.1\r\nhost: connect:80\r\n\r\n');
    const [answer] = await once(socket, 'data');
    socket.destroy();
    assert.match(answer, /x-route: route/);
  });
});
