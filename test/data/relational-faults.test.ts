import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { migrate } from '../../src/data/relational/migrate.ts';
import { pingRelational } from '../../src/data/relational/ping.ts';
import { openEntityStore } from '../../src/data/relational/store.ts';
import { StrataError } from '../../src/kernel/errors.ts';
import { startPostgres } from '../engines.ts';
import { eventually } from '../eventually.ts';

const engine = await startPostgres({ after });

describe('the entity store, when its database fails', () => {
  const store = openEntityStore({ url: engine.url, connections: 8 });

  before(() => migrate(engine.url));
  after(() => store.close());

  async function created(name = 'Bern'): Promise<string> {
    const result = await store.create({ name, attributes: {} });
    assert.equal(result.outcome, 'done');
    return result.entity.id;
  }

  test('a migration waits for a database that hangs', async () => {
    engine.suspend();
    const migrating = migrate(engine.url);
    for (const _ of [1, 2]) await assert.rejects(pingRelational(engine.url));
    engine.resume();
    await migrating;
  });

  test('a database that hangs answers 503 in time, and is used again when it goes on', async () => {
    const id = await created();
    engine.suspend();
    const hurried = openEntityStore({ url: engine.url, connections: 1, timeout: 300 });
    await assert.rejects(hurried.read(id), { code: 'database-unavailable', status: 503 });
    await assert.rejects(store.read(id), { code: 'database-unavailable' });
    engine.resume();
    await eventually(() => store.read(id));
    await eventually(() => hurried.read(id));
    await hurried.close();
  });

  test('no acknowledged change is lost when the database is killed, and the store recovers by itself', async () => {
    const id = await created('0');
    let acknowledged = 1;
    let refusals = 0;
    let over = false;
    const writer = async () => {
      while (!over) {
        try {
          const result = await store.merge(id, ({ name, attributes }) => ({
            name: `${Number(name) + 1}`,
            attributes,
          }));
          if (result.outcome === 'done') acknowledged = Math.max(acknowledged, result.entity.version);
        } catch (error) {
          assert.ok(error instanceof StrataError && error.code === 'database-unavailable', String(error));
          refusals += 1;
        }
      }
    };
    const writers = [writer(), writer(), writer()];
    await eventually(() => assert.ok(acknowledged > 20));
    engine.kill();
    await eventually(() => assert.ok(refusals > 2));
    await engine.restart();
    const before = acknowledged;
    await eventually(() => assert.ok(acknowledged > before + 20));
    over = true;
    await Promise.all(writers);
    const { version, entity: last } = await store.read(id);
    assert.ok(version >= acknowledged);
    assert.equal(last?.name, String(version - 1));
  });
});
