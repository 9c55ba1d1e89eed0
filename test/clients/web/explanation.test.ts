import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain, spansOf } from '../../../clients/web/src/explain/explanation.ts';
import { parseServerTiming } from '../../../clients/web/src/explain/server-timing.ts';

const explained = (headers: Record<string, string>) =>
  explain((name) => headers[name], { sentAt: 1_000, duration: 20 });

test('Server-Timing is read with quoted descriptions and metrics without a duration', () => {
  assert.deepEqual(parseServerTiming('edge;dur=3.1, miss, db;desc="a, b;dur=9";dur=2, x;dur=none'), [
    { name: 'edge', duration: 3.1 },
    { name: 'db', duration: 2 },
  ]);
  assert.deepEqual(parseServerTiming(undefined), []);
});

test('the words of both worlds mean the same', () => {
  const local = explained({ 'x-cache': 'hit', 'x-gateway-cache': 'coalesced', 'x-entity-cache': 'miss' });
  assert.deepEqual(
    local.caches.map(({ word, hit }) => [word, hit]),
    [
      ['hit', true],
      ['shared', true],
      ['miss', false],
    ],
  );
  assert.equal(explained({ 'x-cache': 'RefreshHit from cloudfront' }).caches[0]?.word, 'revalidated');
  assert.equal(explained({ 'x-cache': 'Miss from cloudfront' }).caches[0]?.hit, false);
});

test('each bar stands inside the one around it', () => {
  const { spans, total } = spansOf(
    explained({ 'server-timing': 'database;dur=2, gateway;dur=6, edge;dur=10' }),
  );
  assert.equal(total, 20);
  assert.deepEqual(
    spans.map(({ label, start, duration }) => [label, start, duration]),
    [
      ['Your browser', 0, 20],
      ['Edge', 5, 10],
      ['Gateway', 7, 6],
      ['PostgreSQL', 9, 2],
    ],
  );
});

test('an answer of an earlier time is the device’s, one kept just now is the platform’s', () => {
  assert.equal(explained({ 'x-stored-at': '900' }).storedAt, 900);
  assert.equal(explained({ 'x-stored-at': '1005' }).storedAt, undefined);
});
