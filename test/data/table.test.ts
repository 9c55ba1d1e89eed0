import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import type { Change, Entity } from '../../src/data/entity.ts';
import { openEntityTable } from '../../src/data/table/entity-table.ts';
import { startDynamo } from '../engines.ts';
import { eventually } from '../eventually.ts';

const table = {
  name: 'Entities',
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [
    {
      name: 'NameIndex',
      partitionKey: 'name',
      projection: { type: 'INCLUDE' as const, attributes: ['attributes'] },
    },
  ],
};
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const dynamo = await startDynamo({ after });
const entities = openEntityTable({ endpoint: dynamo.url, region: 'us-west-2', credentials, table });
after(() => entities.close());
before(() => entities.createTable());

function entity(id: string, version: number, fields: Partial<Entity> = {}): Entity {
  const createdAt = '2026-01-01T00:00:00.000000Z';
  const updatedAt = `2026-01-01T00:00:00.${String(version).padStart(6, '0')}Z`;
  return { id, name: `name ${id}`, attributes: {}, createdAt, updatedAt, version, ...fields };
}

function change(id: string, version: number, fields: Partial<Entity> = {}): Change {
  return { id, version, entity: entity(id, version, fields) };
}

interface Described {
  readonly Table: { readonly GlobalSecondaryIndexes: readonly { readonly Projection: unknown }[] };
}

async function versionsOf(name: string): Promise<number[]> {
  return (await entities.findByName(name, { limit: 100 })).items.map(({ version }) => version);
}

/** Ids of all pages of a name. */
async function idsOf(name: string, limit: number): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await entities.findByName(name, { limit, ...(cursor !== undefined && { cursor }) });
    assert.ok(page.items.length <= limit);
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return seen;
}

describe('the entity table', () => {
  test('is made as the plan says, and making it again changes nothing', async () => {
    await entities.createTable();
    const { Table } = await entities.call<Described>('DescribeTable', { TableName: 'Entities' });
    assert.deepEqual(
      Table.GlobalSecondaryIndexes.map(({ Projection }) => Projection),
      [{ ProjectionType: 'INCLUDE', NonKeyAttributes: ['attributes'] }],
    );
  });

  test('finds by name what was applied', async () => {
    const id = randomUUID();
    const results = await entities.apply([change(id, 1)]);
    assert.deepEqual(results, [{ id, version: 1, outcome: 'applied' }]);
    assert.deepEqual((await entities.findByName(`name ${id}`, { limit: 10 })).items, [entity(id, 1)]);
  });

  test('takes changes that come twice or out of order, and keeps the highest version', async () => {
    const id = randomUUID();
    await entities.apply([change(id, 2)]);
    const results = await entities.apply([change(id, 1), change(id, 2)]);
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['superseded', 'superseded'],
    );
    assert.deepEqual(await versionsOf(`name ${id}`), [2]);
  });

  test('applies of several changes of one entity in one call the highest', async () => {
    const id = randomUUID();
    const results = await entities.apply([change(id, 1), change(id, 3), change(id, 2)]);
    assert.deepEqual(
      results.map(({ outcome }) => outcome),
      ['superseded', 'applied', 'superseded'],
    );
    assert.deepEqual(await versionsOf(`name ${id}`), [3]);
  });

  test('writes the rest of a batch when some of it is superseded', async () => {
    const ids = Array.from({ length: 60 }, () => randomUUID());
    const stale = new Set(ids.filter((_, index) => index % 7 === 0));
    await entities.apply([...stale].map((id) => change(id, 5)));
    const results = await entities.apply(ids.map((id) => change(id, 4, { name: `batch ${ids[0]}` })));
    assert.deepEqual(
      results,
      ids.map((id) => ({ id, version: 4, outcome: stale.has(id) ? 'superseded' : 'applied' })),
    );
    assert.equal((await versionsOf(`batch ${ids[0]}`)).length, 60 - stale.size);
  });

  test('is not brought to write an entity twice by concurrent deliveries', async () => {
    const ids = Array.from({ length: 10 }, () => randomUUID());
    const deliveries = await Promise.all(
      [1, 2, 3, 3, 2].map((version) => entities.apply(ids.map((id) => change(id, version)))),
    );
    assert.equal(
      deliveries.flat().filter(({ version, outcome }) => version === 3 && outcome === 'applied').length,
      10,
    );
    assert.deepEqual(await versionsOf(`name ${ids[4]}`), [3]);
  });

  test('leaves a tombstone without a name, which a late redelivery does not bring back', async () => {
    const id = randomUUID();
    await entities.apply([change(id, 1)]);
    assert.deepEqual(await entities.apply([{ id, version: 2 }]), [{ id, version: 2, outcome: 'applied' }]);
    assert.equal((await entities.apply([change(id, 1)]))[0]?.outcome, 'superseded');
    assert.deepEqual(await versionsOf(`name ${id}`), []);
    const key = { pk: { S: `ENTITY#${id}` }, sk: { S: 'METADATA' } };
    const { Item } = await entities.call<{ Item: unknown }>('GetItem', { TableName: 'Entities', Key: key });
    assert.deepEqual(Item, { ...key, version: { N: '2' }, deleted: { BOOL: true } });
  });

  test('creates an entity anew above its tombstone', async () => {
    const id = randomUUID();
    await entities.apply([change(id, 1)]);
    await entities.apply([{ id, version: 2 }]);
    await entities.apply([change(id, 3)]);
    assert.deepEqual(await versionsOf(`name ${id}`), [3]);
  });

  test('finds a renamed entity by its new name only', async () => {
    const id = randomUUID();
    await entities.apply([change(id, 1, { name: `old ${id}` })]);
    await entities.apply([change(id, 2, { name: `new ${id}` })]);
    assert.deepEqual([await versionsOf(`old ${id}`), await versionsOf(`new ${id}`)], [[], [2]]);
  });

  test('pages through many of one name, each once and in one order', async () => {
    const name = `東京 🗼 ${randomUUID()}`;
    const ids = Array.from({ length: 23 }, () => randomUUID());
    await entities.apply(ids.map((id) => change(id, 1, { name })));
    const seen = await idsOf(name, 5);
    assert.deepEqual(seen.toSorted(), ids.toSorted());
    const whole = await entities.findByName(name, { limit: 100 });
    assert.deepEqual(
      whole.items.map(({ id }) => id),
      seen,
    );
  });

  test('refuses a cursor that no page named', async () => {
    for (const cursor of ['', 'x', Buffer.from('n1 not-an-id').toString('base64url')]) {
      await assert.rejects(entities.findByName('any', { limit: 5, cursor }), { code: 'cursor-invalid' });
    }
  });

  test('gives back every JSON value as it was', async () => {
    const value = fc.jsonValue({ maxDepth: 6 });
    const attributes = fc.dictionary(fc.string({ unit: 'grapheme', maxLength: 20 }), value, {
      noNullPrototype: true,
    });
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });
    await fc.assert(
      fc.asyncProperty(name, attributes, async (given, attributes) => {
        const id = randomUUID();
        const whole = change(id, 1, {
          name: `${given} ${id}`,
          attributes: JSON.parse(JSON.stringify(attributes)),
        });
        await entities.apply([whole]);
        const { items } = await entities.findByName(`${given} ${id}`, { limit: 1 });
        assert.equal(JSON.stringify(items[0]), JSON.stringify(whole.entity));
      }),
      { numRuns: 50 },
    );
  });

  test('gives back numbers, keys and depths that a DynamoDB map would not', async () => {
    const id = randomUUID();
    let deep: unknown = 1e308;
    for (let level = 0; level < 29; level++) deep = { '': deep };
    const attributes = { small: 5e-324, exact: 0.1, deep, '': { '': null }, 'ä.b#c': [[], {}] };
    await entities.apply([change(id, 1, { attributes })]);
    assert.deepEqual(
      (await entities.findByName(`name ${id}`, { limit: 1 })).items[0]?.attributes,
      attributes,
    );
  });

  test('takes an entity of the largest size', async () => {
    const id = randomUUID();
    const attributes = { text: 'x'.repeat(256 * 1024 - 20) };
    await entities.apply([change(id, 1, { attributes })]);
    assert.deepEqual(
      (await entities.findByName(`name ${id}`, { limit: 1 })).items[0]?.attributes,
      attributes,
    );
  });

  test('takes a call whose entities are together too large for one transaction', async () => {
    const name = `large ${randomUUID()}`;
    const attributes = { text: 'x'.repeat(250 * 1024) };
    const changes = Array.from({ length: 40 }, () => change(randomUUID(), 1, { name, attributes }));
    const results = await entities.apply(changes);
    assert.ok(results.every(({ outcome }) => outcome === 'applied'));
    // A page of the index ends at 1 MB, whatever its limit.
    assert.equal((await idsOf(name, 100)).length, 40);
  });

  test('answers table-unavailable while the engine is gone, and works again after', async () => {
    const id = randomUUID();
    dynamo.kill();
    await assert.rejects(entities.apply([change(id, 1)]), { code: 'table-unavailable', status: 503 });
    await dynamo.restart();
    await eventually(() => entities.apply([change(id, 1)]));
    assert.deepEqual(await versionsOf(`name ${id}`), [1]);
  });
});
