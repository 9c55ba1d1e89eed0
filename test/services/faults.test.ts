import assert from 'node:assert/strict';
import { once } from 'node:events';
import { before, describe, test } from 'node:test';
import { eventually } from '../eventually.ts';
import {
  catalogEnvironment,
  entitiesEnvironment,
  entityIn,
  pageIn,
  problemIn,
  type Send,
  sender,
  spawnTask,
  startEngines,
  startServices,
  startTask,
  suiteLifetime,
} from './platform.ts';

const editor = { role: 'editor' } as const;
const create = async (send: Send, name: string) => {
  const answer = await send('POST', '/api/v1/secure', { ...editor, body: { name } });
  assert.equal(answer.status, 201, answer.text);
  return entityIn(answer);
};

const lifetime = suiteLifetime();
let engines: Awaited<ReturnType<typeof startEngines>>;
before(async () => {
  engines = await startEngines(lifetime);
});

describe('when an engine is down', () => {
  let services: Awaited<ReturnType<typeof startServices>>;
  before(async () => {
    services = await startServices(lifetime, engines);
  });

  test('without the cache, reads and writes go on, and nothing stale is seen after its return', async () => {
    const { send } = services;
    const { id } = await create(send, 'before');
    await send('GET', `/api/v1/data/${id}`);
    engines.valkey.kill();
    for (const name of ['during', 'still during']) {
      const answer = await send('PUT', `/api/v1/secure/${id}`, { ...editor, body: { name } });
      assert.equal(answer.status, 200, answer.text);
      const read = await send('GET', `/api/v1/data/${id}`);
      assert.equal(entityIn(read).name, name);
      assert.equal(read.headers['x-entity-cache'], 'miss');
    }
    await engines.valkey.restart();
    await eventually(async () => {
      const read = await send('GET', `/api/v1/data/${id}`);
      assert.equal(entityIn(read).name, 'still during');
      assert.equal(read.headers['x-entity-cache'], 'hit');
    });
  });

  test('without the database, what needs it is 503 with Retry-After, cached reads go on, and all comes back', async () => {
    const { send } = services;
    const { id } = await create(send, 'kept');
    await send('GET', `/api/v1/data/${id}`);
    engines.postgres.kill();
    const headers = { 'idempotency-key': 'while the database is down' };
    const post = () => send('POST', '/api/v1/secure', { ...editor, body: { name: 'waiting' }, headers });
    for (const refused of [
      await post(),
      await send('GET', `/api/v1/secure/${id}`, { role: 'reader' }),
      await send('GET', '/api/v1/data'),
      await send('GET', '/api/v1/data/00000000-0000-0000-0000-000000000000'),
    ]) {
      assert.equal(refused.status, 503, refused.text);
      assert.equal(problemIn(refused).type, 'urn:strata:problem:database-unavailable');
      assert.match(String(refused.headers['retry-after']), /^\d+$/);
    }
    assert.equal(entityIn(await send('GET', `/api/v1/data/${id}`)).name, 'kept');
    assert.equal((await send('GET', '/health')).status, 200);
    await engines.postgres.restart();
    const created = await eventually(async () => {
      const answer = await post();
      assert.equal(answer.status, 201, answer.text);
      return entityIn(answer);
    });
    assert.equal(entityIn(await post()).id, created.id);
    assert.equal(entityIn(await send('GET', `/api/v1/secure/${id}`, { role: 'reader' })).name, 'kept');
  });

  test('without the catalog, lookups by name are 503, all else goes on, and it catches up', async () => {
    const { send } = services;
    services.catalog.process.kill('SIGKILL');
    await once(services.catalog.process, 'exit');
    const entity = await create(send, 'found later');
    const refused = await send('GET', '/api/v1/data?name=found%20later');
    assert.equal(refused.status, 503);
    assert.equal(problemIn(refused).type, 'urn:strata:problem:catalog-unavailable');
    assert.match(String(refused.headers['retry-after']), /^\d+$/);
    await startTask(lifetime, 'catalog', catalogEnvironment(engines, services.catalog.port));
    await eventually(async () =>
      assert.deepEqual(pageIn(await send('GET', '/api/v1/data?name=found%20later')).items, [entity]),
    );
  });

  test('without the table, the catalog says so', async () => {
    await engines.dynamo.stop();
    const refused = await services.sendCatalog('GET', '/entities?name=x');
    assert.equal(refused.status, 503, refused.text);
    assert.equal(problemIn(refused).type, 'urn:strata:problem:table-unavailable');
    await engines.dynamo.restart();
    await eventually(async () =>
      assert.equal((await services.sendCatalog('GET', '/entities?name=x')).status, 200),
    );
  });

  test('the catalog takes changes late, twice and in any order, and refuses what is none', async () => {
    const { sendCatalog } = services;
    const id = '01890000-0000-7000-8000-000000000001';
    const moment = '2026-01-01T00:00:00.000000Z';
    const at = (version: number) => ({
      id,
      version,
      entity: {
        id,
        name: 'delivered',
        attributes: { version },
        createdAt: moment,
        updatedAt: moment,
        version,
      },
    });
    const deliver = async (changes: unknown[]) => {
      const answer = await sendCatalog('POST', '/changes', { body: { changes } });
      return answer.status === 200
        ? (JSON.parse(answer.text) as { results: { outcome: string }[] }).results.map(
            (result) => result.outcome,
          )
        : answer.status;
    };
    const found = async () =>
      pageIn(await sendCatalog('GET', '/entities?name=delivered')).items.map((item) => item.version);
    assert.deepEqual(await deliver([at(2)]), ['applied']);
    assert.deepEqual(await deliver([at(1), at(2)]), ['superseded', 'superseded']);
    assert.deepEqual(await found(), [2]);
    assert.deepEqual(await deliver([{ id, version: 3 }]), ['applied']);
    assert.deepEqual(await deliver([at(2)]), ['superseded']);
    assert.deepEqual(await found(), []);
    for (const changes of [
      [],
      [{ id: 'x', version: 1 }],
      [{ id, version: 0 }],
      [{ ...at(1), version: 2 }],
      Array.from({ length: 101 }, () => at(1)),
    ]) {
      assert.equal(await deliver(changes), 400);
    }
  });
});

describe('a service task', () => {
  test('drains on SIGTERM: no request under way or on a kept connection is lost, and it exits 0', async () => {
    const { send, entities } = await startServices(lifetime, engines);
    const { id } = await create(send, 'drained');
    const exit = once(entities.process, 'exit');
    const statuses: number[] = [];
    let draining = false;
    let stopped = false;
    // As a sidecar does: requests go on until the health check says 503.
    const caller = async () => {
      while (!stopped) {
        const sentLate = draining;
        const answer = await send('PATCH', `/api/v1/secure/${id}`, {
          ...editor,
          body: { attributes: { n: statuses.length } },
        });
        statuses.push(answer.status);
        if (sentLate) assert.equal(answer.headers.connection, 'close');
      }
    };
    const callers = Promise.all([caller(), caller()]);
    await eventually(() => assert.ok(statuses.length > 10));
    entities.process.kill('SIGTERM');
    const health = sender(lifetime, entities.port);
    await eventually(async () => assert.equal((await health('GET', '/health')).status, 503));
    draining = true;
    const before = statuses.length;
    await eventually(() => assert.ok(statuses.length > before + 10));
    stopped = true;
    await callers;
    assert.deepEqual([...new Set(statuses)], [200]);
    assert.deepEqual(await exit, [0, null]);
    await assert.rejects(send('GET', '/health'));
    assert.doesNotMatch(entities.output(), /"level":"(error|fatal)"/);
  });

  test('that is told nonsense says so in one line, without secrets, and exits 1', async () => {
    const environment = {
      ...entitiesEnvironment(engines, 0, 1),
      DATABASE_URL: 'hunter2',
      SERVICE_SETTINGS: '{',
    };
    const task = spawnTask('entities', environment);
    assert.deepEqual(await once(task.process, 'exit'), [1, null]);
    const output = task.output();
    assert.match(output, /^microservice-a cannot start: .*SERVICE_SETTINGS: is no JSON.*DATABASE_URL: .*\n$/);
    assert.doesNotMatch(output, /hunter2/);
  });

  test('logs a failure as JSON with its trace, and nothing of what was asked beyond the path', async () => {
    const { send, entities, catalog } = await startServices(lifetime, engines);
    catalog.process.kill('SIGKILL');
    await once(catalog.process, 'exit');
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const headers = {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      'x-request-id': 'request-1',
      cookie: 'secret',
    };
    assert.equal((await send('GET', '/api/v1/data?name=private', { headers })).status, 503);
    await eventually(() => {
      const entries = entities
        .output()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const entry = entries.find((one) => one.traceId === traceId);
      assert.deepEqual(
        [entry?.level, entry?.path, entry?.status, entry?.requestId, entry?.task],
        ['error', '/api/v1/data', 503, 'request-1', 'microservice-a-1'],
      );
    });
    assert.doesNotMatch(entities.output(), /private|secret/);
  });
});
