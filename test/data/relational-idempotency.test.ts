import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { EntityChanges } from '../../src/data/relational/changes.ts';
import { openDatabase } from '../../src/data/relational/connection.ts';
import { migrate } from '../../src/data/relational/migrate.ts';
import { openEntityStore } from '../../src/data/relational/store.ts';
import { startPostgres } from '../engines.ts';

const { url } = await startPostgres({ after });

describe('a request with an idempotency key', () => {
  const sql = openDatabase({ url: url, connections: 4, name: 'test', statementTimeout: 5000 });
  const store = openEntityStore({ url, connections: 6 });
  let keys = 0;

  before(() => migrate(url));
  after(async () => {
    await store.close();
    await sql.end();
  });

  const request = (overrides = {}) => ({
    principal: 'ann',
    key: `key ${keys}`,
    fingerprint: 'one',
    ...overrides,
  });
  const creation = (name: string) => async (changes: EntityChanges) => {
    const result = await changes.create({ name, attributes: {} });
    assert.equal(result.outcome, 'done');
    return {
      status: 201,
      headers: { location: `/${result.entity.id}` },
      body: JSON.stringify(result.entity),
    };
  };
  async function entitiesNamed(name: string): Promise<number> {
    const [row] = await sql<
      [{ count: number }]
    >`SELECT count(*)::int AS count FROM entities WHERE name = ${name}`;
    return row.count;
  }

  test('is carried out once, and answered the same again', async () => {
    keys += 1;
    const first = await store.once(request(), creation('once'));
    const second = await store.once(request(), creation('once'));
    assert.equal(first.outcome, 'done');
    assert.deepEqual(second, { ...first, outcome: 'replayed' });
    assert.equal(await entitiesNamed('once'), 1);
  });

  test('is refused when the key was used for another request', async () => {
    keys += 1;
    await store.once(request(), creation('first'));
    const other = await store.once(request({ fingerprint: 'two' }), creation('second'));
    assert.deepEqual(other, { outcome: 'mismatch' });
    assert.equal(await entitiesNamed('second'), 0);
  });

  test('is another one when somebody else sends it', async () => {
    keys += 1;
    await store.once(request(), creation('mine'));
    const other = await store.once(request({ principal: 'bob', fingerprint: 'two' }), creation('theirs'));
    assert.equal(other.outcome, 'done');
  });

  test('is in flight while it is carried out, and never carried out twice', async () => {
    keys += 1;
    const started = Promise.withResolvers<void>();
    const going = Promise.withResolvers<void>();
    const first = store.once(request(), async (changes) => {
      started.resolve();
      await going.promise;
      return creation('racing')(changes);
    });
    await started.promise;
    const others = await Promise.all([1, 2, 3].map(() => store.once(request(), creation('racing'))));
    assert.deepEqual(new Set(others.map(({ outcome }) => outcome)), new Set(['in-flight']));
    going.resolve();
    assert.equal((await first).outcome, 'done');
    assert.equal((await store.once(request(), creation('racing'))).outcome, 'replayed');
    assert.equal(await entitiesNamed('racing'), 1);
  });

  test('may be sent again after it failed', async () => {
    keys += 1;
    const failing = store.once(request(), async (changes) => {
      await creation('failing')(changes);
      throw new Error('halfway');
    });
    await assert.rejects(failing, /halfway/);
    assert.equal(await entitiesNamed('failing'), 0);
    assert.equal((await store.once(request(), creation('failing'))).outcome, 'done');
  });

  test('is forgotten after a day', async () => {
    keys += 1;
    await store.once(request(), creation('old'));
    await sql`UPDATE idempotency_keys SET created_at = now() - INTERVAL '25 hours'`;
    assert.equal((await store.once(request({ fingerprint: 'new' }), creation('new'))).outcome, 'done');
    const [row] = await sql<[{ count: number }]>`SELECT count(*)::int AS count FROM idempotency_keys`;
    assert.equal(row.count, 1);
  });
});
