import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import pg from 'pg';
import { eventually } from '../eventually.ts';
import {
  entityIn,
  pageIn,
  problemIn,
  type Send,
  startEngines,
  startServices,
  suiteLifetime,
} from './platform.ts';

describe('the entity API', () => {
  const lifetime = suiteLifetime();
  let send: Send;
  let databaseUrl = '';
  before(async () => {
    const engines = await startEngines(lifetime);
    databaseUrl = engines.postgres.url;
    ({ send } = await startServices(lifetime, engines));
  });

  /** Works with a connection of its own, which then ends. */
  const withDatabase = async <Value>(work: (database: pg.Client) => Promise<Value>): Promise<Value> => {
    const database = new pg.Client(databaseUrl);
    await database.connect();
    try {
      return await work(database);
    } finally {
      await database.end();
    }
  };

  const create = async (body: unknown, headers = {}) => {
    const answer = await send('POST', '/api/v1/secure', { role: 'editor', body, headers });
    assert.equal(answer.status, 201, answer.text);
    return entityIn(answer);
  };

  test('POST creates an entity and says where it is', async () => {
    const body = { name: 'Zürich 😀', attributes: { population: 443037, '': null, nested: [{ a: [] }] } };
    const answer = await send('POST', '/api/v1/secure', { role: 'editor', body });
    assert.equal(answer.status, 201);
    const entity = entityIn(answer);
    assert.match(entity.id, /^[0-9a-f-]{36}$/);
    assert.deepEqual(entity, { ...entity, ...body, version: 1, updatedAt: entity.createdAt });
    assert.ok(!Number.isNaN(Date.parse(entity.createdAt)));
    assert.equal(answer.headers.location, `/api/v1/secure/${entity.id}`);
    assert.equal(answer.headers.etag, '"1"');
    assert.equal(answer.headers['cache-control'], 'private, no-store');
    const read = await send('GET', String(answer.headers.location), { role: 'reader' });
    assert.deepEqual(entityIn(read), entity);
    assert.equal(read.headers.etag, '"1"');
    assert.equal(read.headers['cache-control'], 'private, no-store');
  });

  test('PUT replaces the name and the attributes, which are empty when left out', async () => {
    const { id } = await create({ name: 'before', attributes: { a: 1 } });
    const answer = await send('PUT', `/api/v1/secure/${id}`, { role: 'editor', body: { name: 'after' } });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.etag, '"2"');
    const { name, attributes, version } = entityIn(answer);
    assert.deepEqual({ name, attributes, version }, { name: 'after', attributes: {}, version: 2 });
  });

  test('PATCH is a JSON merge patch, under both content types', async () => {
    const { id } = await create({ name: 'place', attributes: { a: 1, b: { c: 2, d: 3 }, list: [1, 2] } });
    for (const type of ['application/merge-patch+json', 'application/json; charset=utf-8']) {
      const answer = await send('PATCH', `/api/v1/secure/${id}`, {
        role: 'editor',
        headers: { 'content-type': type },
        body: { attributes: { a: null, b: { c: null, e: 5 }, list: [3] } },
      });
      assert.equal(answer.status, 200, answer.text);
      assert.deepEqual(entityIn(answer).attributes, { b: { d: 3, e: 5 }, list: [3] });
    }
    const renamed = await send('PATCH', `/api/v1/secure/${id}`, {
      role: 'editor',
      body: { name: 'other', attributes: null },
    });
    assert.deepEqual(
      { ...entityIn(renamed), updatedAt: '', createdAt: '' },
      {
        id,
        name: 'other',
        attributes: {},
        createdAt: '',
        updatedAt: '',
        version: 4,
      },
    );
  });

  test('DELETE leaves nothing to be read, changed or deleted', async () => {
    const { id } = await create({ name: 'gone' });
    assert.equal((await send('GET', `/api/v1/data/${id}`)).status, 200);
    const answer = await send('DELETE', `/api/v1/secure/${id}`, { role: 'admin' });
    assert.deepEqual([answer.status, answer.text], [204, '']);
    const path = `/api/v1/secure/${id}`;
    for (const missing of [
      await send('GET', path, { role: 'reader' }),
      await send('GET', `/api/v1/data/${id}`),
      await send('PUT', path, { role: 'editor', body: { name: 'x' } }),
      await send('PATCH', path, { role: 'editor', body: {}, headers: { 'if-match': '"1"' } }),
      await send('DELETE', path, { role: 'admin' }),
    ]) {
      assert.equal(missing.status, 404);
      assert.equal(problemIn(missing).type, 'urn:strata:problem:entity-unknown');
    }
  });

  test('a DELETE with an empty body that names a type is one without', async () => {
    const { id } = await create({ name: 'gone' });
    const headers = { 'content-type': 'application/json' };
    assert.equal(
      (await send('DELETE', `/api/v1/secure/${id}`, { role: 'admin', headers, body: '' })).status,
      204,
    );
  });

  test('/data/{id} reads through the cache, and says so', async () => {
    const entity = await create({ name: 'cached' });
    const first = await send('GET', `/api/v1/data/${entity.id.toUpperCase()}`);
    const second = await send('GET', `/api/v1/data/${entity.id}`);
    assert.deepEqual(entityIn(first), entity);
    assert.equal(second.text, first.text);
    assert.equal(second.headers['x-entity-cache'], 'hit');
    assert.equal(second.headers.etag, '"1"');
    assert.equal(second.headers['content-type'], 'application/json; charset=utf-8');
    assert.equal(second.headers['cache-control'], 'public, max-age=60, stale-while-revalidate=3600');
    assert.match(String(second.headers['server-timing']), /^entities;dur=[\d.]+, cache;dur=[\d.]+$/);
  });

  test('a write shows on /data/{id} at once', async () => {
    const { id } = await create({ name: 'one' });
    await send('GET', `/api/v1/data/${id}`);
    await send('PUT', `/api/v1/secure/${id}`, { role: 'editor', body: { name: 'two' } });
    assert.equal(entityIn(await send('GET', `/api/v1/data/${id}`)).name, 'two');
  });

  test('a plain SQL update shows on /data/{id}', async () => {
    const { id } = await create({ name: 'one' });
    await send('GET', `/api/v1/data/${id}`);
    await withDatabase((database) =>
      database.query("UPDATE entities SET name = 'by hand' WHERE id = $1", [id]),
    );
    await eventually(async () =>
      assert.equal(entityIn(await send('GET', `/api/v1/data/${id}`)).name, 'by hand'),
    );
  });

  test('pages list every entity once, newest first', async () => {
    const created: string[] = [];
    for (let number = 0; number < 5; number++) created.unshift((await create({ name: `page ${number}` })).id);
    const seen: string[] = [];
    let cursor: string | undefined;
    while (seen.length < created.length) {
      const query = new URLSearchParams({ limit: '2', ...(cursor ? { cursor } : {}) });
      const answer = await send('GET', `/api/v1/data?${query}`);
      assert.equal(answer.headers['cache-control'], 'public, max-age=60, stale-while-revalidate=3600');
      const page = pageIn(answer);
      seen.push(...page.items.map((item) => item.id));
      cursor = page.cursor;
      if (!cursor) break;
    }
    assert.deepEqual(seen.slice(0, created.length), created);
    assert.equal(pageIn(await send('GET', '/api/v1/data?limit=100')).cursor, undefined);
  });

  test('entities are found by name a moment after they were written, and not under the name they had', async () => {
    const name = `Łódź & "co" ${randomUUID()}`;
    const path = `/api/v1/data?${new URLSearchParams({ name })}`;
    assert.deepEqual(pageIn(await send('GET', path)), { items: [] });
    const entities = [await create({ name, attributes: { n: 1 } }), await create({ name })];
    const byId = (items: { id: string }[]) => items.toSorted((one, other) => one.id.localeCompare(other.id));
    await eventually(async () =>
      assert.deepEqual(byId(pageIn(await send('GET', path)).items), byId(entities)),
    );
    await send('PUT', `/api/v1/secure/${entities[0]?.id}`, { role: 'editor', body: { name: `${name} II` } });
    await send('DELETE', `/api/v1/secure/${entities[1]?.id}`, { role: 'admin' });
    await eventually(async () => assert.deepEqual(pageIn(await send('GET', path)), { items: [] }));
  });

  test('pages of one name fit together', async () => {
    const name = randomUUID();
    const ids = new Set<string>();
    for (let number = 0; number < 5; number++) ids.add((await create({ name, attributes: { number } })).id);
    const read = async () => {
      const seen: string[] = [];
      for (let cursor: string | undefined, first = true; first || cursor; first = false) {
        const page = pageIn(
          await send(
            'GET',
            `/api/v1/data?${new URLSearchParams({ name, limit: '2', ...(cursor ? { cursor } : {}) })}`,
          ),
        );
        assert.ok(page.items.length <= 2);
        seen.push(...page.items.map((item) => item.id));
        cursor = page.cursor;
      }
      return seen;
    };
    await eventually(async () => assert.deepEqual((await read()).toSorted(), [...ids].toSorted()));
    const wrong = await send('GET', `/api/v1/data?name=${name}&cursor=bogus`);
    assert.equal(wrong.status, 400, wrong.text);
    assert.deepEqual(
      problemIn(wrong).errors?.map((part) => part.parameter),
      ['cursor'],
    );
  });

  test('If-None-Match answers 304 without a body', async () => {
    const { id } = await create({ name: 'conditional' });
    for (const [path, sent] of [
      [`/api/v1/data/${id}`, {}],
      [`/api/v1/secure/${id}`, { role: 'reader' }],
    ] as const) {
      for (const [tags, status] of [
        ['"1"', 304],
        ['W/"1"', 304],
        ['"0", "1"', 304],
        ['*', 304],
        ['"2"', 200],
        ['nonsense', 200],
      ] as const) {
        const answer = await send('GET', path, { ...sent, headers: { 'if-none-match': tags } });
        assert.equal(answer.status, status, tags);
        assert.equal(answer.headers.etag, '"1"');
        if (status === 304) assert.equal(answer.text, '');
      }
    }
  });

  test('If-Match keeps a change from what its caller has not seen', async () => {
    const { id } = await create({ name: 'conditional' });
    const path = `/api/v1/secure/${id}`;
    const put = (tags: string) =>
      send('PUT', path, { role: 'editor', body: { name: 'x' }, headers: { 'if-match': tags } });
    for (const tags of ['"2"', 'W/"1"', '"x"', '"2", W/"1"']) {
      const refused = await put(tags);
      assert.equal(refused.status, 412, tags);
      assert.equal(problemIn(refused).type, 'urn:strata:problem:precondition-failed');
    }
    for (const tags of ['1', '"1', '"1" "2"', '', ',', 'W/1']) {
      const malformed = await put(tags);
      assert.equal(malformed.status, 400, tags);
      assert.deepEqual(
        problemIn(malformed).errors?.map((part) => part.header),
        ['if-match'],
      );
    }
    for (const [tags, version] of [
      ['"1"', 2],
      ['*', 3],
      ['"9", "1", "3"', 4],
    ] as const) {
      assert.equal(entityIn(await put(tags)).version, version, tags);
    }
    const headers = { 'if-match': '"3"' };
    assert.equal((await send('PATCH', path, { role: 'editor', body: {}, headers })).status, 412);
    assert.equal((await send('DELETE', path, { role: 'admin', headers })).status, 412);
    assert.equal((await send('DELETE', path, { role: 'admin', headers: { 'if-match': '"4"' } })).status, 204);
  });

  test('of two changes on one version, one is made', async () => {
    const { id } = await create({ name: 'contended' });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, number) =>
        send('PATCH', `/api/v1/secure/${id}`, {
          role: 'editor',
          body: { name: `n${number}` },
          headers: { 'if-match': '"1"' },
        }),
      ),
    );
    assert.deepEqual(
      answers.map((answer) => answer.status).toSorted(),
      [200, 412, 412, 412, 412, 412, 412, 412],
    );
  });

  test('a repeated Idempotency-Key gets the same answer, once made', async () => {
    const key = { 'idempotency-key': 'k'.repeat(255 - 36) + randomUUID() };
    const first = await send('POST', '/api/v1/secure', {
      role: 'editor',
      body: { name: 'once' },
      headers: key,
    });
    const again = await send('POST', '/api/v1/secure', {
      role: 'editor',
      body: { name: 'once' },
      headers: key,
    });
    assert.equal(first.status, 201);
    assert.deepEqual(
      [again.status, again.text, again.headers.location, again.headers.etag],
      [first.status, first.text, first.headers.location, first.headers.etag],
    );
    const other = await send('POST', '/api/v1/secure', {
      role: 'editor',
      body: { name: 'other' },
      headers: key,
    });
    assert.equal(other.status, 422);
    assert.equal(problemIn(other).type, 'urn:strata:problem:idempotency-key-reused');
    const path = String(first.headers.location);
    const elsewhere = await send('DELETE', path, { role: 'admin', headers: key });
    assert.equal(elsewhere.status, 422);
    const deletion = { 'idempotency-key': randomUUID() };
    assert.equal((await send('DELETE', path, { role: 'admin', headers: deletion })).status, 204);
    assert.equal((await send('DELETE', path, { role: 'admin', headers: deletion })).status, 204);
    const stranger = { ...key, 'x-strata-principal': 'somebody else' };
    assert.equal(
      (await send('POST', '/api/v1/secure', { role: 'editor', body: { name: 'other' }, headers: stranger }))
        .status,
      201,
    );
  });

  test('a request that failed may be repeated under its key', async () => {
    const { id } = await create({ name: 'one' });
    const headers = { 'idempotency-key': randomUUID(), 'if-match': '"2"' };
    const put = () => send('PUT', `/api/v1/secure/${id}`, { role: 'editor', body: { name: 'two' }, headers });
    assert.equal((await put()).status, 412);
    await send('PATCH', `/api/v1/secure/${id}`, { role: 'editor', body: {} });
    assert.equal((await put()).status, 200);
    assert.equal(entityIn(await put()).version, 3);
  });

  test('while a request with the key is being answered, the same one is 409', async () => {
    const { id } = await create({ name: 'locked' });
    const headers = { 'idempotency-key': randomUUID() };
    const patch = () =>
      send('PATCH', `/api/v1/secure/${id}`, { role: 'editor', body: { name: 'new' }, headers });
    const waiting = await withDatabase(async (database) => {
      await database.query('BEGIN');
      await database.query('SELECT FROM entities WHERE id = $1 FOR UPDATE', [id]);
      const first = patch();
      await eventually(async () => {
        const held = await database.query("SELECT FROM pg_locks WHERE locktype = 'advisory'");
        assert.notEqual(held.rowCount, 0);
      });
      const second = await patch();
      assert.equal(second.status, 409, second.text);
      assert.equal(problemIn(second).type, 'urn:strata:problem:idempotency-key-in-flight');
      assert.ok(second.headers['retry-after']);
      return { first };
    });
    assert.equal((await waiting.first).status, 200);
    assert.equal(entityIn(await patch()).version, 2);
  });

  test('every request needs its role, and a role includes those below', async () => {
    const { id } = await create({ name: 'guarded' });
    const path = `/api/v1/secure/${id}`;
    const body = { name: 'guarded' };
    const cases = [
      ['GET', path, undefined, ['reader', 'editor', 'admin']],
      ['POST', '/api/v1/secure', body, ['editor', 'admin']],
      ['PUT', path, body, ['editor', 'admin']],
      ['PATCH', path, body, ['editor', 'admin']],
      ['DELETE', path, undefined, ['admin']],
    ] as const;
    for (const [method, url, sent, allowed] of cases) {
      for (const role of ['', 'reader', 'editor', 'admin', 'constructor']) {
        const headers: Record<string, string> = role ? { 'x-strata-role': role } : {};
        const answer = await send(method, url, { headers, ...(sent ? { body: sent } : {}) });
        const expected = allowed.some((one) => one === role) ? 'allowed' : 'refused';
        assert.equal(
          answer.status === 403 ? 'refused' : 'allowed',
          expected,
          `${method} as ${role}: ${answer.text}`,
        );
        if (expected === 'refused')
          assert.equal(problemIn(answer).type, 'urn:strata:problem:role-insufficient');
      }
    }
  });
});
