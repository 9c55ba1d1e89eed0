import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Change } from '../../src/data/entity.ts';
import { openDatabase } from '../../src/data/relational/connection.ts';
import { migrate } from '../../src/data/relational/migrate.ts';
import { createRelay, type RelaySettings } from '../../src/data/relational/relay.ts';
import { openEntityStore } from '../../src/data/relational/store.ts';
import { startPostgres } from '../engines.ts';
import { eventually } from '../eventually.ts';

const engine = await startPostgres({ after });

describe('the relay', () => {
  const { url } = engine;
  const sql = openDatabase({ url, connections: 4, name: 'test', statementTimeout: 5000 });
  const store = openEntityStore({ url, connections: 4 });

  before(() => migrate(url));
  after(async () => {
    await store.close();
    await sql.end();
  });

  async function created(name = 'Bern'): Promise<string> {
    const result = await store.create({ name, attributes: {} });
    assert.equal(result.outcome, 'done');
    return result.entity.id;
  }
  async function pending(): Promise<number> {
    const [row] = await sql<[{ count: number }]>`SELECT count(*)::int AS count FROM outbox`;
    return row.count;
  }
  const delivered = () => eventually(async () => assert.equal(await pending(), 0));
  /** Runs a relay for the length of a test. */
  function relaying(
    context: { after(release: () => Promise<void>): void },
    settings: Partial<RelaySettings> = {},
  ) {
    const changes: Change[] = [];
    const relay = createRelay({
      url,
      deliver: async (batch) => changes.push(...batch),
      invalidate: async () => {},
      poll: 60_000,
      ...settings,
    });
    relay.start();
    context.after(() => relay.stop());
    return { changes, relay };
  }
  const versionsOf = (changes: readonly Change[], id: string) =>
    changes.filter((change) => change.id === id).map(({ version }) => version);

  test('delivers creations, changes and deletions, in order, and removes them', async (context) => {
    const id = await created('One');
    await store.replace(id, { name: 'Two', attributes: { a: 1 } });
    await store.remove(id);
    const { changes } = relaying(context);
    await delivered();
    assert.deepEqual(
      changes.map(({ version, entity }) => [version, entity?.name, entity?.attributes]),
      [
        [1, 'One', {}],
        [2, 'Two', { a: 1 }],
        [3, undefined, undefined],
      ],
    );
    assert.ok(!('entity' in (changes[2] ?? {})));
  });

  test('is woken by a change, of whomever, without polling', async (context) => {
    const { changes } = relaying(context);
    await eventually(async () => {
      const [row] = await sql<[{ count: number }]>`
        SELECT count(*)::int AS count FROM pg_stat_activity WHERE query = 'LISTEN "outbox"'`;
      assert.equal(row.count, 1);
    });
    await sql`INSERT INTO entities (name) VALUES ('By hand')`;
    await eventually(() => assert.equal(changes[0]?.entity?.name, 'By hand'));
  });

  test('delivers again what was not acknowledged', async (context) => {
    let refusals = 3;
    const errors: unknown[] = [];
    const changes: Change[] = [];
    const id = await created();
    relaying(context, {
      onError: (error) => errors.push(error),
      deliver: async (batch) => {
        if (refusals-- > 0) throw new Error('not now');
        changes.push(...batch);
      },
    });
    await delivered();
    assert.deepEqual(versionsOf(changes, id), [1]);
    assert.equal(errors.length, 3);
  });

  test('is not held up by a change that is never acknowledged, but for its own entity', async (context) => {
    const poisoned = await created('Poison');
    await store.replace(poisoned, { name: 'Antidote', attributes: {} });
    const others = await Promise.all(Array.from({ length: 30 }, () => created()));
    let poison = true;
    const changes: Change[] = [];
    relaying(context, {
      deliver: async (batch) => {
        if (poison && batch.some(({ id }) => id === poisoned)) throw new Error('cannot');
        changes.push(...batch);
      },
    });
    await eventually(() => {
      for (const id of others) assert.deepEqual(versionsOf(changes, id), [1]);
    });
    // What was delivered is deleted after it.
    await eventually(async () => assert.equal(await pending(), 2));
    poison = false;
    await delivered();
    assert.deepEqual(versionsOf(changes, poisoned), [1, 2]);
  });

  test('owes the cache a flush when it cannot be told, and goes on', async (context) => {
    await created();
    relaying(context, { invalidate: () => Promise.reject(new Error('cache down')) });
    await delivered();
    const mark = await store.debt();
    assert.ok(mark > 0);
    await store.settleDebt(mark);
  });

  test('a delivery that hangs is given up and repeated', async (context) => {
    let hangs = true;
    await created();
    relaying(context, {
      timeout: 100,
      deliver: () => (hangs ? new Promise(() => {}) : Promise.resolve()),
      onError: () => {
        hangs = false;
      },
    });
    await delivered();
  });

  test('passes on no more bytes at a time than allowed, but at least one change', async (context) => {
    const name = 'x'.repeat(200);
    await Promise.all([1, 2, 3].map(() => store.create({ name, attributes: { text: 'y'.repeat(1000) } })));
    const sizes: number[] = [];
    relaying(context, { workers: 1, batchBytes: 500, deliver: async (batch) => sizes.push(batch.length) });
    await delivered();
    assert.deepEqual(sizes, [1, 1, 1]);
  });

  test('goes on by itself after the database was killed', async (context) => {
    const { changes } = relaying(context, { poll: 500 });
    await created();
    await delivered();
    engine.kill();
    await assert.rejects(created());
    await engine.restart();
    const id = await eventually(() => created());
    await delivered();
    assert.deepEqual(versionsOf(changes, id), [1]);
  });

  test('several relays, killed at random, deliver every change and each entity’s in order', async (context) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    context.diagnostic(`seed ${seed}`);
    const random = mulberry(seed);
    const ids = await Promise.all(Array.from({ length: 12 }, () => created('0')));
    const received = new Map<string, number[]>(ids.map((id) => [id, []]));
    const program = new URL('./relay-process.ts', import.meta.url);
    // The entities each living relay is delivering: no two may have one at the same time.
    const leases = new Map<ChildProcess, Set<string>>();
    const shared: string[] = [];
    const started = new Set<ChildProcess>();
    const start = () => {
      const child = fork(program, { env: { ...process.env, DATABASE_URL: url } });
      leases.set(child, new Set());
      context.after(() => child.kill('SIGKILL'));
      child.on('message', async (batch: Change[]) => {
        started.add(child);
        if (leases.has(child)) {
          const others = [...leases].flatMap(([other, ids]) => (other === child ? [] : [...ids]));
          leases.set(child, new Set(batch.map(({ id }) => id)));
          shared.push(...others.filter((id) => leases.get(child)?.has(id)));
        }
        for (const { id, version } of batch) received.get(id)?.push(version);
        await delay(random() * 5);
        if (leases.has(child)) leases.set(child, new Set());
        child.send('acknowledged', () => {});
      });
      return child;
    };
    const children = [start(), start(), start()];
    const kill = () => {
      const index = Math.floor(random() * children.length);
      const victim = children[index];
      if (victim) leases.delete(victim);
      victim?.kill('SIGKILL');
      children[index] = start();
    };
    // All are at work before the first is killed.
    for (let round = 0; started.size < children.length || round < 400; round++) {
      const id = ids[Math.floor(random() * ids.length)] ?? '';
      if (random() < 0.1) await store.remove(id);
      else if ((await store.replace(id, { name: String(round), attributes: {} })).outcome === 'missing') {
        await store.create({ name: 'again', attributes: {} }, { id });
      }
      if (started.size >= children.length && random() < 0.01) kill();
    }
    await delivered();
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(children.map((child) => child.exitCode ?? child.signalCode ?? once(child, 'exit')));
    assert.deepEqual(shared, [], `seed ${seed}`);
    for (const [id, versions] of received) {
      const { version } = await store.read(id);
      // A killed relay's changes come again; what is new is always the next version, so none was skipped or overtaken.
      let highest = 0;
      for (const delivered of versions) {
        assert.ok(delivered <= highest + 1, `seed ${seed}: ${delivered} after ${highest}`);
        highest = Math.max(highest, delivered);
      }
      assert.equal(highest, version, `seed ${seed}`);
    }
  });
});

/** A small random number generator with a seed: mulberry32. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
