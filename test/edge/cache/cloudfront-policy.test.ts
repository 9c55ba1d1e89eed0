import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cloudFrontKey } from '../../../src/edge/cache/cloudfront-key.ts';
import { type CloudFrontSettings, cloudFrontPolicy } from '../../../src/edge/cache/cloudfront-policy.ts';
import { always, inTurn, startPair } from './cache-fixture.ts';

const none = { behavior: 'none', items: [] } as const;
const settings: CloudFrontSettings = {
  minTtl: 0,
  defaultTtl: 86_400,
  maxTtl: 31_536_000,
  key: { queryStrings: none, headers: [], cookies: none },
  cachesOptions: false,
  errorCachingMinTtl: {},
};
const policy = (changes: Partial<CloudFrontSettings> = {}) => ({
  policy: cloudFrontPolicy({ ...settings, ...changes }),
});

test('the key is the path and what the cache policy lists', () => {
  const key = cloudFrontKey({
    queryStrings: { behavior: 'whitelist', items: ['a', 'c'] },
    headers: ['X-Kind'],
    cookies: { behavior: 'allExcept', items: ['tracking'] },
  });
  const of = (target: string, ...headers: string[]) =>
    key({ method: 'GET', origin: 'http://a', target, headers });
  assert.equal(of('/x?a=1&b=2&c=3'), of('/x?a=1&c=3&b=9'));
  assert.notEqual(of('/x?a=1'), of('/x?a=2'));
  assert.notEqual(of('/x', 'x-kind', '1'), of('/x', 'X-Kind', '2'));
  assert.equal(of('/x', 'other', '1'), of('/x'));
  assert.equal(of('/x', 'cookie', 'b=1; a=2; tracking=3'), of('/x', 'Cookie', 'a=2; b=1'));
  assert.notEqual(of('/x', 'cookie', 'a=1'), of('/x', 'cookie', 'a=2'));
  assert.notEqual(key({ method: 'OPTIONS', origin: 'http://a', target: '/x', headers: [] }), of('/x'));
});

describe('CloudFront keeps', () => {
  test('for the default TTL what has no lifetime', async (t) => {
    const { ask, pass } = await startPair(t, always({}), policy({ defaultTtl: 60 }));
    await ask('/');
    pass(59);
    assert.equal((await ask('/?other')).body, '1');
    pass(2);
    assert.equal((await ask('/')).body, '2');
  });

  test('no longer than the maximum TTL and no shorter than the minimum', async (t) => {
    const { ask, pass } = await startPair(
      t,
      (request, response) =>
        void response
          .writeHead(200, { 'cache-control': request.url === '/long' ? 'max-age=1000' : 'no-store' })
          .end(`${Math.random()}`),
      policy({ minTtl: 10, maxTtl: 60 }),
    );
    const [long, never] = [(await ask('/long')).body, (await ask('/never')).body];
    pass(9);
    assert.deepEqual([(await ask('/long')).body, (await ask('/never')).body], [long, never]);
    pass(2);
    assert.notEqual((await ask('/never')).body, never);
    pass(50);
    assert.notEqual((await ask('/long')).body, long);
  });

  test('nothing under no-store, no-cache or private with a minimum of 0', async (t) => {
    for (const control of ['no-store', 'no-cache', 'private']) {
      const { ask } = await startPair(t, always({ 'cache-control': control }), policy());
      await ask('/');
      assert.equal((await ask('/')).body, '2', control);
    }
  });

  test('an error for 10 s, whatever the origin says of it', async (t) => {
    const { ask, pass } = await startPair(
      t,
      always({ 'cache-control': 'no-store' }, { status: 404 }),
      policy(),
    );
    await ask('/');
    pass(9);
    assert.equal((await ask('/')).body, '1');
    pass(2);
    assert.equal((await ask('/')).body, '2');
  });

  test('some errors only with max-age or s-maxage, however long errors are kept', async (t) => {
    const { ask, pass } = await startPair(
      t,
      (request, response) => {
        const [status = '', field = '', value = ''] = decodeURI(request.url ?? '')
          .slice(1)
          .split(':');
        response.writeHead(Number(status), field === '' ? {} : { [field]: value }).end(`${Math.random()}`);
      },
      policy({ errorCachingMinTtl: { 405: 60 }, maxTtl: 40 }),
    );
    const kept = async (path: string, seconds = 0) => {
      const { body } = await ask(encodeURI(path));
      pass(seconds);
      return (await ask(encodeURI(path))).body === body;
    };
    for (const status of [400, 403, 405, 415]) {
      assert.equal(await kept(`/${status}:cache-control:max-age=30`), true);
      assert.equal(await kept(`/${status}:cache-control:s-maxage=30`), true);
      assert.equal(await kept(`/${status}:cache-control:public`), false);
      assert.equal(await kept(`/${status}:expires:${new Date(Date.now() + 9e6).toUTCString()}`), false);
      assert.equal(await kept(`/${status}`), false);
    }
    // The longer of both times, and the origin's not beyond the maximum TTL.
    assert.equal(await kept('/403:cache-control:max-age=1', 9), true);
    assert.equal(await kept('/405:cache-control:max-age=1, s-maxage=2', 59), true);
    assert.equal(await kept('/404:cache-control:max-age=1000', 39), true);
    assert.equal(await kept('/404:cache-control:max-age=1001', 41), false);
    for (const status of [401, 402, 409, 410, 412, 416, 418, 429, 505]) {
      assert.equal(await kept(`/${status}:cache-control:max-age=30`), false, `${status}`);
    }
  });

  test('307 and 308 only with Cache-Control, and other redirections for the default TTL', async (t) => {
    const { ask } = await startPair(
      t,
      (request, response) =>
        void response
          .writeHead(Number(request.url?.slice(1, 4)), {
            location: `/${Math.random()}`,
            ...(request.url?.endsWith('said') && { 'cache-control': 'public' }),
          })
          .end(),
      policy(),
    );
    const kept = async (path: string) => {
      const { location } = (await ask(path)).headers;
      return (await ask(path)).headers.location === location;
    };
    assert.deepEqual(
      [await kept('/307'), await kept('/308'), await kept('/307said'), await kept('/308said')],
      [false, false, true, true],
    );
    assert.deepEqual([await kept('/301'), await kept('/302')], [true, true]);
  });

  test('what it has when the origin answers 503', async (t) => {
    const { ask, pass } = await startPair(
      t,
      inTurn(always({}, { body: 'good' }), always({}, { status: 503 })),
      policy({ defaultTtl: 10 }),
    );
    await ask('/');
    pass(20);
    assert.equal((await ask('/')).body, 'good');
  });

  test('it when the origin is in trouble, also under s-maxage, but not where nothing stale will do', async (t) => {
    for (const [control, status, minTtl] of [
      ['s-maxage=10', 200, 0],
      ['no-cache', 200, 10],
      ['max-age=10, must-revalidate', 503, 0],
      ['max-age=10, stale-if-error=0', 503, 0],
    ] as const) {
      const { ask, pass } = await startPair(
        t,
        inTurn(always({ 'cache-control': control }), always({}, { status: 503 })),
        policy({ minTtl }),
      );
      await ask('/');
      pass(20);
      assert.equal((await ask('/')).status, status, control);
    }
  });

  test('nothing that varies by all, unless a minimum says so', async (t) => {
    const asked = async (minTtl: number) => {
      const { ask } = await startPair(t, always({ vary: '*' }), policy({ minTtl }));
      await ask('/');
      return (await ask('/')).body;
    };
    assert.deepEqual([await asked(0), await asked(10)], ['2', '1']);
  });

  test('it whatever the viewer asks, says in Authorization, or the origin in Vary', async (t) => {
    const { ask } = await startPair(t, always({ vary: 'X-A' }), policy());
    await ask('/', { headers: ['Authorization', 'Bearer x', 'X-A', '1'] });
    assert.equal((await ask('/', { headers: ['Cache-Control', 'no-cache', 'X-A', '2'] })).body, '1');
    await ask('/', { method: 'PUT', body: 'x' });
    assert.equal((await ask('/')).body, '1');
  });

  test('OPTIONS apart, where that is chosen', async (t) => {
    const { ask } = await startPair(t, always({}), policy({ cachesOptions: true }));
    const of = async (method: string) => (await ask('/', { method })).body;
    assert.deepEqual(
      [await of('GET'), await of('OPTIONS'), await of('OPTIONS'), await of('GET')],
      ['1', '2', '2', '1'],
    );
    const other = await startPair(t, always({}), policy());
    await other.ask('/', { method: 'OPTIONS' });
    assert.equal((await other.ask('/', { method: 'OPTIONS' })).body, '2');
  });
});
