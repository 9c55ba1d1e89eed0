import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Entity } from '../../src/data/entity.ts';
import { mergeObject } from '../../src/data/merge-patch.ts';
import { openDatabase } from '../../src/data/relational/connection.ts';
import { decodeCursor } from '../../src/data/relational/cursor.ts';
import { migrate } from '../../src/data/relational/migrate.ts';
import { type EntityStore, openEntityStore } from '../../src/data/relational/store.ts';
import { startPostgres } from '../engines.ts';
import { eventually } from '../eventually.ts';

const engine = await startPostgres({ after });

describe('the entity store', () => {
  const sql = openDatabase({ url: engine.url, connections: 4, name: 'test', statementTimeout: 5000 });
  const store = openEntityStore({ url: engine.url, connections: 8 });

  before(() => migrate(engine.url));
  after(async () => {
    await store.close();
    await sql.end();
  });

  async function created(name = 'Bern', attributes = {}): Promise<Entity> {
    const result = await store.create({ name, attributes });
    assert.equal(result.outcome, 'done');
    return result.entity;
  }
  async function entity(id: string): Promise<Entity | undefined> {
    return (await store.read(id)).entity;
  }
  async function outboxOf(id: string) {
    const rows = await sql<{ version: string; entity: Entity | null }[]>`
      SELECT version, entity FROM outbox WHERE entity_id = ${id} ORDER BY version`;
    return rows.map((row) => [Number(row.version), row.entity?.name]);
  }

  test('migrations may be applied again, also by several at the same time', async () => {
    await Promise.all([migrate(engine.url), migrate(engine.url), migrate(engine.url)]);
  });

  test('a database whose migrations are not these is refused', async () => {
    const [first] = await sql<[{ name: string; checksum: string }]>`
      SELECT name, checksum FROM migrations ORDER BY name LIMIT 1`;
    await sql`UPDATE migrations SET checksum = 'other' WHERE name = ${first.name}`;
    await assert.rejects(migrate(engine.url), { code: 'database-schema-changed' });
    await sql`UPDATE migrations SET checksum = ${first.checksum} WHERE name = ${first.name}`;
    await sql`INSERT INTO migrations (name, checksum) VALUES ('9999-later.sql', '')`;
    await assert.rejects(migrate(engine.url), { code: 'database-schema-newer' });
    await sql`DELETE FROM migrations WHERE name = '9999-later.sql'`;
  });

  test('a created entity reads back as it was acknowledged', async () => {
    const attributes = { ключ: [1, 0.1, -1e-7, true, null, { 'a/b': 'ü𝄞' }], empty: {} };
    const made = await created('Zürich', attributes);
    assert.equal(made.version, 1);
    assert.equal(made.createdAt, made.updatedAt);
    assert.match(made.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    assert.deepEqual(made.attributes, attributes);
    assert.deepEqual(await store.read(made.id.toUpperCase()), { id: made.id, version: 1, entity: made });
  });

  test('an id that is taken is not created again', async () => {
    const { id } = await created();
    const again = await store.create({ name: 'Other', attributes: {} }, { id });
    assert.deepEqual(again, { outcome: 'exists', version: 1 });
    assert.equal((await entity(id))?.name, 'Bern');
  });

  test('changes apply to the version asked for, and to no other', async () => {
    const { id } = await created();
    const fields = { name: 'Basel', attributes: { a: 1 } };
    assert.deepEqual(await store.replace(id, fields, { ifVersion: 2 }), { outcome: 'conflict', version: 1 });
    assert.deepEqual(await store.remove(id, { ifVersion: 2 }), { outcome: 'conflict', version: 1 });
    const replaced = await store.replace(id, fields, { ifVersion: 1 });
    assert.equal(replaced.outcome === 'done' && replaced.entity.version, 2);
    const patch = (now: Entity) => ({
      name: now.name,
      attributes: mergeObject(now.attributes, { a: null, b: 2 }),
    });
    assert.equal((await store.merge(id, patch, { ifVersion: 1 })).outcome, 'conflict');
    const merged = await store.merge(id, patch);
    assert.deepEqual(merged.outcome === 'done' && merged.entity.attributes, { b: 2 });
    assert.deepEqual(await store.remove(id, { ifVersion: 3 }), { outcome: 'done', version: 4 });
    assert.deepEqual(await store.read(id), { id, version: 4 });
    for (const gone of [store.replace(id, fields), store.merge(id, patch), store.remove(id)]) {
      assert.deepEqual(await gone, { outcome: 'missing' });
    }
  });

  test('a patch that throws changes nothing', async () => {
    const { id } = await created();
    const failing = store.merge(id, () => {
      throw new RangeError('not this');
    });
    await assert.rejects(failing, RangeError);
    assert.equal((await store.read(id)).version, 1);
  });

  test('concurrent writers get versions without gaps, and each change is in the outbox', async () => {
    const { id } = await created('0');
    const count = 40;
    const results = await Promise.all(
      Array.from({ length: count }, () =>
        store.merge(id, ({ name, attributes }) => ({ name: String(Number(name) + 1), attributes })),
      ),
    );
    const versions = results.map((result) => (result.outcome === 'done' ? result.entity.version : 0));
    assert.deepEqual(
      versions.toSorted((one, other) => one - other),
      Array.from({ length: count }, (_, index) => index + 2),
    );
    assert.equal((await entity(id))?.name, String(count));
    assert.deepEqual(
      await outboxOf(id),
      Array.from({ length: count + 1 }, (_, index) => [index + 1, String(index)]),
    );
  });

  test('plain SQL counts like any other change', async () => {
    const [{ id, created_at }] = await sql<[{ id: string; created_at: Date }]>`
      INSERT INTO entities (name, version, updated_at) VALUES ('One', 77, NULL) RETURNING id, created_at`;
    await sql`UPDATE entities SET name = 'Two', version = 5, created_at = 'epoch' WHERE id = ${id}`;
    const now = await entity(id);
    assert.equal(now?.version, 2);
    assert.deepEqual(now?.attributes, {});
    assert.equal(Date.parse(now?.createdAt ?? ''), created_at.getTime());
    assert.ok((now?.updatedAt ?? '') > (now?.createdAt ?? ''));
    await sql`DELETE FROM entities WHERE id = ${id}`;
    assert.deepEqual(await store.read(id), { id, version: 3 });
    assert.deepEqual(await outboxOf(id), [
      [1, 'One'],
      [2, 'Two'],
      [3, undefined],
    ]);
  });

  test('a transaction that is rolled back leaves no change', async () => {
    const id = randomUUID();
    const failing = sql.begin(async (transaction) => {
      await transaction`INSERT INTO entities (id, name) VALUES (${id}, 'Never')`;
      throw new Error('no');
    });
    await assert.rejects(failing, /no/);
    assert.deepEqual(await outboxOf(id), []);
    assert.deepEqual(await store.read(id), { id, version: 0 });
  });

  const refused: [string, (id: string) => string][] = [
    ['an empty name', () => `INSERT INTO entities (name) VALUES ('')`],
    ['a name of 256 characters', () => `INSERT INTO entities (name) VALUES (repeat('x', 256))`],
    ['attributes that are no object', () => `INSERT INTO entities (name, attributes) VALUES ('x', '[]')`],
    [
      'a time no RFC 3339 text can say',
      () => `INSERT INTO entities (name, created_at) VALUES ('x', 'infinity')`,
    ],
    ['another id', (id) => `UPDATE entities SET id = uuidv7() WHERE id = '${id}'`],
    ['truncation', () => 'TRUNCATE entities'],
  ];
  for (const [what, statement] of refused) {
    test(`the database itself refuses ${what}`, async () => {
      const { id } = await created();
      await assert.rejects(
        sql.begin((transaction) => transaction.script(statement(id))),
        { name: 'error', severity: 'ERROR' },
      );
    });
  }

  test('an entity created again after its deletion goes on from the deletion’s version', async () => {
    const { id } = await created();
    await store.remove(id);
    const again = await store.create({ name: 'Back', attributes: {} }, { id });
    assert.equal(again.outcome === 'done' && again.entity.version, 3);
    await store.remove(id);
    assert.equal((await store.read(id)).version, 4);
  });

  test('deleting and creating one id at the same time never repeats a version', async () => {
    const id = randomUUID();
    const writer = async () => {
      for (let round = 0; round < 15; round++) {
        await store.create({ name: 'Back', attributes: {} }, { id });
        await store.remove(id);
      }
    };
    await Promise.all([writer(), writer(), writer()]);
    const versions = (await outboxOf(id)).map(([version]) => version);
    assert.deepEqual(
      versions,
      versions.map((_, index) => index + 1),
    );
  });

  for (const isolation of ['read committed', 'repeatable read']) {
    test(`a creation that began before a deletion, at ${isolation}, does not take an old version`, async () => {
      const { id } = await created();
      const [seen, gone, over] = [1, 2, 3].map(() => Promise.withResolvers<void>());
      assert.ok(seen && gone && over);
      const deletion = sql.begin(async (transaction) => {
        await seen.promise;
        await transaction`DELETE FROM entities WHERE id = ${id}`;
        gone.resolve();
        await over.promise;
      });
      const creation = sql.begin(async (transaction) => {
        await transaction.script(`SET TRANSACTION ISOLATION LEVEL ${isolation}`);
        await transaction`SELECT 1 FROM entities LIMIT 1`;
        seen.resolve();
        await gone.promise;
        const waiting = transaction`INSERT INTO entities (id, name) VALUES (${id}, 'Back')`;
        await eventually(async () => {
          const [row] = await sql<[{ waits: number }]>`
            SELECT count(*)::int AS waits FROM pg_stat_activity WHERE wait_event_type = 'Lock'`;
          assert.ok(row.waits > 0);
        });
        over.resolve();
        await waiting;
      });
      await assert.rejects(creation, { code: '40001' });
      await deletion;
      assert.equal((await store.create({ name: 'Back', attributes: {} }, { id })).outcome, 'done');
      assert.equal((await store.read(id)).version, 3);
    });
  }

  test('pages list every entity once, newest first, also those of the same moment', async () => {
    await sql`DELETE FROM entities`;
    await sql`INSERT INTO entities (name) SELECT 'Same moment ' || n FROM generate_series(1, 7) AS n`;
    for (let n = 0; n < 4; n++) await created(`Later ${n}`);
    const names: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page: Awaited<ReturnType<EntityStore['list']>> = await store.list({
        limit: 3,
        after: decodeCursor(cursor),
      });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.cursor;
    }
    assert.equal(new Set(names).size, 11);
    assert.deepEqual(names.slice(0, 4), ['Later 3', 'Later 2', 'Later 1', 'Later 0']);
  });

  test('a cursor that is none of ours has no position', () => {
    const texts = [
      '',
      'x',
      Buffer.from('2026-13-01T00:00:00.000000Z 1').toString('base64url'),
      '%00',
      'é'.repeat(9),
    ];
    for (const text of texts) assert.equal(decodeCursor(text), undefined);
  });

  test('what the cache owes is settled only up to where it was read', async () => {
    assert.equal(await store.debt(), 0);
    await store.addDebt();
    const mark = await store.debt();
    await store.addDebt();
    assert.equal(await store.settleDebt(mark), false);
    assert.notEqual(await store.debt(), 0);
    assert.equal(await store.settleDebt(await store.debt()), true);
    assert.equal(await store.debt(), 0);
  });
});
