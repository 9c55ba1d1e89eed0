import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { Redis } from 'iovalkey';
import { startValkey } from '../engines.ts';
import { eventually } from '../eventually.ts';
import { gate, impatient, openCache, Record, settings, up } from './cache-record.ts';

const valkey = await startValkey({ after });
const inspector = new Redis(valkey.url, { lazyConnect: false, retryStrategy: () => 50 });
inspector.on('error', () => {});
after(() => inspector.disconnect());
const { url } = valkey;

describe('the read-through cache', () => {
  test('reads the record on a miss and not again on hits', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record });
    await up(cache);
    const { id, entity } = record.write(randomUUID(), { city: 'Zürich', depth: [1, { a: '\u2028' }] });
    const miss = await cache.get(id);
    const hit = await cache.get(id);
    assert.deepEqual([miss.source, hit.source, record.reads], ['miss', 'hit', 1]);
    assert.deepEqual(hit.reading, { id, version: 1, entity });
    assert.equal(hit.json, JSON.stringify(entity));
    assert.deepEqual(miss.body, hit.body);
  });

  test('makes one database read of concurrent misses of one key, in one task and over several', async (t) => {
    const record = new Record();
    const caches = [openCache(t, { url, record }), openCache(t, { url, record })];
    await Promise.all(caches.map(up));
    const { id } = record.write(randomUUID());
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => caches[index % 2]?.get(id)));
    assert.equal(record.reads, 1);
    assert.equal(answers.filter((answer) => answer?.source === 'miss').length, 1);
    assert.ok(answers.every((answer) => answer?.version === 1));
  });

  test('takes over the lease of a reader that does not come back', async (t) => {
    const record = new Record();
    const [slow, fast] = [openCache(t, { url, record }), openCache(t, { url, record })];
    await Promise.all([up(slow), up(fast)]);
    const { id } = record.write(randomUUID());
    const held = gate(record);
    const waiting = slow.get(id);
    await held.reached;
    record.afterRead = async () => {};
    assert.equal((await fast.get(id)).source, 'miss');
    held.open();
    assert.equal((await waiting).version, 1);
  });

  test('never lets a slow fill overwrite something newer', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record });
    await up(cache);
    const { id } = record.write(randomUUID());
    const held = gate(record);
    const slow = cache.get(id);
    await held.reached;
    await cache.invalidate([record.write(id)]);
    held.open();
    assert.equal((await slow).version, 2);
    assert.equal((await cache.get(id)).version, 2);
  });

  test('never lets a slow fill overwrite what was deleted', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record });
    await up(cache);
    const { id } = record.write(randomUUID());
    const held = gate(record);
    const slow = cache.get(id);
    await held.reached;
    await cache.invalidate([record.delete(id)]);
    held.open();
    await slow;
    const { version, body } = await cache.get(id);
    assert.deepEqual([version, body], [2, undefined]);
  });

  test('shows a change at once, and keeps the newer of changes that come out of order', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record });
    await up(cache);
    const first = record.write(randomUUID());
    await cache.get(first.id);
    const [second, third] = [record.write(first.id), record.write(first.id)];
    await cache.invalidate([third]);
    await cache.invalidate([second, first]);
    const answer = await cache.get(first.id);
    assert.deepEqual([answer.version, answer.source, record.reads], [3, 'hit', 1]);
  });

  test('does not cache what nobody asked for', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record });
    await up(cache);
    const changes = Array.from({ length: 100 }, () => record.write(randomUUID()));
    await cache.invalidate(changes);
    const keys = await inspector.exists(`entity:{${changes[0]?.id}}`);
    assert.equal(keys, 0);
  });

  test('caches a missing entity for seconds, and shows it once it is created', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record });
    await up(cache);
    const id = randomUUID();
    const missing = await cache.get(id);
    assert.deepEqual([missing.reading, missing.json], [{ id, version: 0 }, undefined]);
    assert.equal((await cache.get(id)).source, 'hit');
    const ttl = await inspector.pttl(`entity:{${id}}`);
    assert.ok(ttl > 0 && ttl <= settings.missing.ttl, String(ttl));
    await cache.invalidate([record.write(id)]);
    assert.equal((await cache.get(id)).version, 1);
  });

  test('keeps hot entities five minutes and static ones an hour, less the jitter, and follows the attribute', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record, random: () => 0.999 });
    await up(cache);
    const ttl = async (id: string) => Math.round((await inspector.pttl(`entity:{${id}}`)) / 60_000);
    const hot = record.write(randomUUID(), { static: 'true' });
    const steady = record.write(randomUUID(), { static: true });
    await Promise.all([cache.get(hot.id), cache.get(steady.id)]);
    assert.deepEqual([await ttl(hot.id), await ttl(steady.id)], [5, 54]);
    await cache.invalidate([record.write(hot.id, { static: true }), record.write(steady.id, {})]);
    assert.deepEqual([await ttl(hot.id), await ttl(steady.id)], [54, 5]);
  });

  test('reads static entities again on schedule, one task each, and finds what nobody told it', async (t) => {
    const record = new Record();
    const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() };
    let offset = 0;
    const caches = [openCache(t, { url, record, clock }), openCache(t, { url, record, clock })];
    await Promise.all(caches.map(up));
    await inspector.flushdb();
    const [steady, other] = [record.write(randomUUID(), { static: true }), record.write(randomUUID())];
    await Promise.all([caches[0]?.get(steady.id), caches[0]?.get(other.id)]);
    record.write(steady.id, { static: true });
    const refresh = async () =>
      (await Promise.all(caches.map((cache) => cache.refreshDue()))).reduce((sum, count) => sum + count, 0);
    assert.equal(await refresh(), 0);
    offset = settings.static.refresh + 1000;
    assert.equal(await refresh(), 1);
    assert.equal((await caches[1]?.get(steady.id))?.version, 2);
    assert.equal(await refresh(), 0);
  });

  test('stops refreshing a static entity that nobody asks for', async (t) => {
    const record = new Record();
    const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() };
    let offset = 0;
    const cache = openCache(t, { url, record, clock });
    await up(cache);
    await inspector.flushdb();
    await cache.get(record.write(randomUUID(), { static: true }).id);
    let refreshed = 0;
    for (let round = 0; round < 10; round++) {
      offset += settings.static.refresh + 1000;
      refreshed += await cache.refreshDue();
    }
    assert.equal(refreshed, settings.static.ttl / settings.static.refresh);
    assert.equal(await inspector.zcard('refresh'), 0);
  });

  test('reads an entry again in the background before it expires, without holding a reader up', async (t) => {
    const record = new Record();
    const clock = { now: () => Date.now() + offset, monotonic: () => performance.now() };
    let offset = 0;
    const cache = openCache(t, { url, record, clock, random: () => 0.5 });
    await up(cache);
    const { id } = record.write(randomUUID());
    await cache.get(id);
    record.write(id);
    offset = settings.hot.ttl * 0.95;
    assert.deepEqual((await cache.get(id)).version, 1);
    await eventually(async () => assert.equal((await cache.get(id)).version, 2));
  });

  test('passes on what the record throws, and answers the next reader', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record });
    await up(cache);
    const { id } = record.write(randomUUID());
    record.afterRead = () => Promise.reject(new Error('the database is gone'));
    await assert.rejects(cache.get(id), /the database is gone/);
    record.afterRead = async () => {};
    assert.equal((await cache.get(id)).version, 1);
  });

  test('takes a stall of its own process for what it is', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url, record, settings: impatient });
    await up(cache);
    const { id } = record.write(randomUUID());
    await cache.get(id);
    const answer = cache.get(id);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 120);
    assert.equal((await answer).source, 'hit');
    assert.equal(cache.state().link, 'up');
  });
});
