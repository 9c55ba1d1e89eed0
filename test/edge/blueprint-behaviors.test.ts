import assert from 'node:assert/strict';
import { request as send } from 'node:http';
import { describe, test } from 'node:test';
import { eventually } from '../eventually.ts';
import { always, ask } from './cache/cache-fixture.ts';
import { startCachingEdge } from './caching-fixture.ts';

const minute = { 'cache-control': 'public, max-age=60, stale-while-revalidate=3600' };

describe('the data, as the blueprint has it', () => {
  test('is fresh for a minute, then an hour while it is fetched anew, as the service says', async (t) => {
    const { of, ask, pass, asked } = await startCachingEdge(t, always(minute));
    assert.equal(await of('/api/v1/data'), '1 miss');
    pass(58);
    const { headers, body } = await ask('/api/v1/data');
    assert.deepEqual([body, headers['x-cache'], headers.via], ['1', 'hit', '1.1 strata-edge']);
    assert.ok(Number(headers.age) >= 58);
    pass(3);
    assert.equal(await of('/api/v1/data'), '1 stale');
    await eventually(() => assert.equal(asked.length, 2));
    await eventually(async () => assert.equal(await of('/api/v1/data'), '2 hit'));
    pass(60 + 3600);
    assert.equal(await of('/api/v1/data'), '3 miss');
  });

  test('differs by the query strings that the policy names and by no other', async (t) => {
    const { of, asked } = await startCachingEdge(t, always(minute));
    await of('/api/v1/data?limit=2&utm=x');
    assert.equal(await of('/api/v1/data?utm=y&limit=2'), '1 hit');
    assert.equal(await of('/api/v1/data?limit=3'), '2 miss');
    assert.deepEqual(
      asked.map(({ url }) => url),
      ['/api/v1/data?limit=2', '/api/v1/data?limit=3'],
    );
  });

  test('is not given to a bad token, whoever asked before', async (t) => {
    const { ask } = await startCachingEdge(t, (request, response) => {
      const status = request.headers.authorization === 'Bearer bad' ? 401 : 200;
      response.writeHead(status, minute).end('data');
    });
    const status = async (...headers: string[]) => (await ask('/api/v1/data', { headers })).status;
    assert.equal(await status(), 200);
    assert.equal(await status('Authorization', 'Bearer good'), 200);
    assert.equal(await status('Authorization', 'Bearer bad'), 401);
    assert.equal(await status('Authorization', 'Bearer bad'), 401);
    assert.equal(await status(), 200);
  });

  test('brings the origin nothing of the viewer that is not named', async (t) => {
    const { ask, asked } = await startCachingEdge(t, always(minute));
    await ask('/api/v1/data', {
      headers: [
        'Cookie',
        'a=1',
        'User-Agent',
        'x',
        'Accept-Language',
        'nl',
        'Accept-Encoding',
        'gzip;q=0.5, br',
      ],
    });
    const { headers } = asked[0] ?? assert.fail();
    assert.deepEqual(
      [headers.cookie, headers['user-agent'], headers['accept-language'], headers['accept-encoding']],
      [undefined, undefined, undefined, 'br'],
    );
  });

  test('gives no other viewer what was said of one exchange, nor its cookies', async (t) => {
    const { ask } = await startCachingEdge(
      t,
      always({
        ...minute,
        'x-request-id': 'one',
        traceparent: 'trace',
        'x-gateway-cache': 'miss',
        'server-timing': 'gateway;dur=5',
        'set-cookie': 'session=1',
      }),
    );
    const first = await ask('/api/v1/data');
    assert.deepEqual([first.headers['x-request-id'], first.headers['set-cookie']], ['one', undefined]);
    assert.match(String(first.headers['server-timing']), /^gateway;dur=5, edge;dur=/);
    const { headers } = await ask('/api/v1/data');
    for (const name of ['x-request-id', 'traceparent', 'x-gateway-cache', 'set-cookie']) {
      assert.equal(headers[name], undefined, name);
    }
    assert.match(String(headers['server-timing']), /^edge;dur=[\d.]+$/);
  });

  test('comes from the edge whatever the viewer asks of caches', async (t) => {
    const { of } = await startCachingEdge(t, always(minute));
    await of('/api/v1/data');
    assert.equal(
      await of('/api/v1/data', { headers: ['Cache-Control', 'no-cache', 'Pragma', 'no-cache'] }),
      '1 hit',
    );
  });

  test('costs one fetch for a thousand callers at once, also when the first leaves', async (t) => {
    const held = Promise.withResolvers<void>();
    const { edge, ask, asked } = await startCachingEdge(t, (_, response) => {
      held.promise.then(() => response.writeHead(200, minute).end('data'));
    });
    const first = send({ ...edge.address, path: '/api/v1/data' }).on('error', () => {});
    first.end();
    await eventually(() => assert.equal(asked.length, 1));
    const left = new Promise<void>((resolve) => first.once('close', () => resolve()));
    first.destroy();
    await left;
    const answers = Array.from({ length: 1000 }, () => ask('/api/v1/data'));
    // Once these have been answered the edge has seen all that came before them.
    await ask('/letters.txt');
    await ask('/letters.txt');
    held.resolve();
    const bodies = new Set((await Promise.all(answers)).map(({ status, body }) => `${status} ${body}`));
    assert.deepEqual([...bodies], ['200 data']);
    assert.equal(asked.length, 1);
  });
});

describe('what is for one caller', () => {
  for (const path of ['/api/v1/secure/1', '/session', '/reports']) {
    test(`${path} is never stored, and keeps its cookies and token`, async (t) => {
      const { ask, asked } = await startCachingEdge(t, always({ 'set-cookie': 'a=1', ...minute }));
      const headers = ['Authorization', 'Bearer t', 'Cookie', 'b=2'];
      for (const body of ['1', '2']) {
        const answer = await ask(path, { headers });
        assert.deepEqual(
          [answer.body, answer.headers['x-cache'], answer.headers.age],
          [body, 'pass', undefined],
        );
        assert.deepEqual(answer.headers['set-cookie'], ['a=1']);
      }
      assert.deepEqual([asked[0]?.headers.authorization, asked[0]?.headers.cookie], ['Bearer t', 'b=2']);
    });
  }
});

describe('a page', () => {
  test('comes with its headers policy, from the cache, too', async (t) => {
    const { edge } = await startCachingEdge(t, always({}));
    await ask(edge.address.port, '/letters.txt');
    const { headers } = await ask(edge.address.port, '/letters.txt');
    assert.deepEqual([headers['x-cache'], headers['x-frame-options']], ['hit', 'DENY']);
  });
});
