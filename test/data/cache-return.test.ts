import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { startValkey } from '../engines.ts';
import { gate, impatient, openCache, Record, up } from './cache-record.ts';

const valkey = await startValkey({ after });
const { url } = valkey;

describe('a cache that goes and returns', () => {
  for (const [how, go, come] of [
    ['killed', () => valkey.kill(), () => valkey.restart()],
    ['suspended', () => valkey.suspend(), async () => valkey.resume()],
  ] as const) {
    test(`${how}: reads go to the record, writes go on, and nothing stale survives its return`, async (t) => {
      const record = new Record();
      const options = { url, record, settings: impatient };
      const caches = [openCache(t, options), openCache(t, options)] as const;
      await Promise.all(caches.map(up));
      const { id } = record.write(randomUUID());
      await Promise.all(caches.map((cache) => cache.get(id)));
      go();
      const change = record.write(id);
      await assert.rejects(caches[0].invalidate([change]), { name: 'CacheUnavailable' });
      const answers = await Promise.all(caches.map((cache) => cache.get(id)));
      assert.deepEqual(
        answers.map((answer) => answer.version),
        [2, 2],
      );
      await come();
      await Promise.all(caches.map(up));
      const returned = await Promise.all(caches.map((cache) => cache.get(id)));
      assert.deepEqual(
        returned.map((answer) => answer.version),
        [2, 2],
      );
      assert.equal(caches[0].state().lost, 0);
    });
  }

  test('flushes before it is used when another process owes invalidations, and settles that debt', async (t) => {
    const record = new Record();
    const { id } = record.write(randomUUID());
    const first = openCache(t, { url, record });
    await up(first);
    await first.get(id);
    record.write(id);
    record.incur();
    const second = openCache(t, { url, record });
    await up(second);
    assert.equal((await second.get(id)).version, 2);
    assert.equal(record.owed, 0);
  });

  test('lets no task show something older than another showed that was still returning', async (t) => {
    const record = new Record();
    const [first, read] = [openCache(t, { url, record }), Promise.withResolvers<number>()];
    await up(first);
    const { id } = record.write(randomUUID());
    await first.get(id);
    const returning = openCache(t, { url, record, debt: { ...record.debt, read: () => read.promise } });
    record.write(id);
    assert.equal((await returning.get(id)).version, 2);
    assert.equal(returning.state().link, 'returning');
    assert.equal((await first.get(id)).version, 2);
    read.resolve(0);
    await up(returning);
  });

  test('answers from the record when there never was a cache, one read at a time for one key', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url: 'redis://127.0.0.1:1', record });
    const { id } = record.write(randomUUID());
    const answers = await Promise.all(Array.from({ length: 50 }, () => cache.get(id)));
    assert.ok(answers.every((answer) => answer.version === 1));
    assert.equal(record.reads, 1);
    assert.equal((await cache.get(id)).source, 'miss');
  });

  test('does not let a reader join a read that began before it asked, while nothing vouches for it', async (t) => {
    const record = new Record();
    const cache = openCache(t, { url: 'redis://127.0.0.1:1', record });
    const { id } = record.write(randomUUID());
    const held = gate(record);
    const early = cache.get(id);
    await held.reached;
    record.write(id);
    const late = cache.get(id);
    held.open();
    assert.deepEqual([(await early).version, (await late).version], [1, 2]);
  });
});
