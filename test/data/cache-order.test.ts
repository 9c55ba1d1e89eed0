import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { ReadThroughCache } from '../../src/data/cache/read-through-cache.ts';
import { startValkey } from '../engines.ts';
import { eventually } from '../eventually.ts';
import { impatient, openCache, Record, settings, up } from './cache-record.ts';

const valkey = await startValkey({ after });
const { url } = valkey;

/** Readers that check that no answer is older than one that was complete before they asked. */
class Watch {
  readonly #shown = new Map<string, number>();
  answers = 0;
  hits = 0;

  async get(cache: ReadThroughCache, id: string): Promise<void> {
    const floor = this.#shown.get(id) ?? 0;
    const { version, source, reading } = await cache.get(id);
    assert.ok(version >= floor, `version ${version} (${source}) of ${id} was shown after version ${floor}`);
    assert.equal(reading.entity?.version ?? version, version);
    this.#shown.set(id, Math.max(version, this.#shown.get(id) ?? 0));
    this.answers += 1;
    if (source === 'hit') this.hits += 1;
  }
}

/** Commits a change and tells the cache as a service does: at once, late, or never by itself but by a debt. */
async function write(record: Record, cache: ReadThroughCache, id: string, wait: number): Promise<void> {
  const change = Math.random() < 0.2 ? record.delete(id) : record.write(id, { static: wait % 2 === 0 });
  if (wait > 0) await delay(wait);
  await cache.invalidate([change]).catch(() => record.incur());
}

describe('the order of what the cache shows', () => {
  test('never goes back, whatever the interleaving of readers, writers and slow reads over three tasks', async (t) => {
    const record = new Record();
    const short = {
      ...settings,
      hot: { ttl: 1000 },
      missing: { ttl: 5 },
      static: { ...settings.static, ttl: 1000 },
    };
    const caches = Array.from({ length: 3 }, () => openCache(t, { url, record, settings: short }));
    await Promise.all(caches.map(up));
    const step = fc.record({
      task: fc.nat({ max: 2 }),
      key: fc.nat({ max: 1 }),
      action: fc.constantFrom('get', 'get', 'get', 'write', 'late write', 'refresh'),
      pause: fc.nat({ max: 3 }),
      slowness: fc.constantFrom(0, 0, 1, 5, 30),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const ids = [randomUUID(), randomUUID()];
        const watch = new Watch();
        const running: Promise<unknown>[] = [];
        for (const { task, key, action, pause, slowness } of steps) {
          record.afterRead = () => delay(slowness);
          const [cache, id] = [caches[task], ids[key]];
          assert.ok(cache && id);
          if (action === 'get') running.push(watch.get(cache, id));
          else if (action === 'refresh') running.push(cache.refreshDue());
          else running.push(write(record, cache, id, action === 'write' ? 0 : 3));
          if (pause > 0) await delay(pause - 1);
        }
        await Promise.all(running);
      }),
      { numRuns: 40 },
    );
  });

  for (const [how, chosen, go, come] of [
    ['killed and restarted, over all tasks', settings, () => valkey.kill(), () => valkey.restart()],
    ['suspended and resumed, in each task', impatient, () => valkey.suspend(), async () => valkey.resume()],
  ] as const) {
    test(`never goes back while the cache is ${how}, under readers and writers`, async (t) => {
      const record = new Record();
      const options = { url, record, settings: chosen };
      const caches = Array.from({ length: 3 }, () => openCache(t, options));
      await Promise.all(caches.map(up));
      const ids = Array.from({ length: 4 }, () => randomUUID());
      const whole = new Watch();
      const watches = caches.map(() => (chosen === settings ? whole : new Watch()));
      const total = (what: 'answers' | 'hits') => watches.reduce((sum, watch) => sum + watch[what], 0);
      record.afterRead = () => delay(Math.random() < 0.1 ? 20 : 0);
      let going = true;
      const load = caches.flatMap((cache, task) =>
        ids.flatMap((id) => [
          (async () => {
            while (going) {
              await watches[task]?.get(cache, id);
              await delay(Math.random() * 4);
            }
          })(),
          (async () => {
            while (going) {
              await write(record, cache, id, 0);
              await delay(Math.random() * 40);
            }
          })(),
        ]),
      );
      const faults = (async () => {
        for (let fault = 0; fault < 2; fault++) {
          await delay(150 + Math.random() * 100);
          go();
          await delay(Math.random() * 150);
          await come();
          await Promise.all(caches.map(up));
          const before = total('hits');
          await eventually(() => assert.ok(total('hits') > before + 20));
        }
      })().finally(() => {
        going = false;
      });
      await Promise.all([...load, faults]);
      assert.ok(total('answers') > 200, String(total('answers')));
      assert.deepEqual(
        caches.map((cache) => cache.state().lost),
        [0, 0, 0],
      );
    });
  }
});
