import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tcpTargets } from '../../../src/mesh/envoy/tcp-route.ts';
import { service } from './models.ts';

const to = (weightedTargets: object[], more: object = {}, priority?: number) => ({
  tcpRoute: { action: { weightedTargets }, ...more },
  priority,
});

function targets(routes: Readonly<Record<string, unknown>>, port = 5432) {
  const listeners = [{ port: 5432, protocol: 'tcp' }] as const;
  return tcpTargets({ name: 'tcp', address: undefined, port, service: service(routes, { listeners }) });
}

const a = { virtualNode: 'a', weight: 1 };
const b = { virtualNode: 'b', weight: 3 };

test('connections go to the target of a TCP route, and end after 300 s of silence', () => {
  assert.deepEqual(targets({ route: to([a]) }), { cluster: 'a', idle_timeout: '300s' });
});

test('by weight where there are several', () => {
  assert.deepEqual(targets({ route: to([a, b, { virtualNode: 'c', weight: 0 }]) }), {
    weighted_clusters: {
      clusters: [
        { name: 'a', weight: 1 },
        { name: 'b', weight: 3 },
      ],
    },
    idle_timeout: '300s',
  });
});

test('for as long a silence as is stated, 0 being for ever', () => {
  const idle = (value: number) => targets({ route: to([a], { timeout: { idle: { unit: 's', value } } }) });
  assert.deepEqual(idle(1), { cluster: 'a', idle_timeout: '1s' });
  assert.deepEqual(idle(0), { cluster: 'a', idle_timeout: '0s' });
});

test('of several routes the one for the port with the smallest priority, then by name', () => {
  const cluster = (routes: Readonly<Record<string, unknown>>) => targets(routes).cluster;
  assert.equal(cluster({ a: to([a]), b: to([b], {}, 7) }), 'b');
  assert.equal(cluster({ b: to([b]), a: to([a]) }), 'a');
  assert.equal(cluster({ a: to([a], { match: { port: 1 } }), b: to([b], { match: { port: 5432 } }) }), 'b');
});

test('a port that no TCP route is for is an error', () => {
  assert.throws(() => targets({ route: to([a], { match: { port: 1 } }) }), RangeError);
});
