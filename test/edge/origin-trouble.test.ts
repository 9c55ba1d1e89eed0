import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { always, inTurn } from './cache/cache-fixture.ts';
import { cached, startCachingEdge } from './caching-fixture.ts';

describe('an origin in trouble', () => {
  test('is answered for with what is stored, and spared for ten seconds', async (t) => {
    const { of, pass, asked } = await startCachingEdge(
      t,
      inTurn(always({ 'cache-control': 'max-age=60' }), always({}, { status: 503 })),
      cached({}),
    );
    await of('/api/a');
    pass(61);
    assert.equal(await of('/api/a'), '1 stale');
    assert.equal(await of('/api/a'), '1 stale');
    assert.equal(asked.length, 2);
    pass(10);
    assert.equal(await of('/api/a'), '1 stale');
    assert.equal(asked.length, 3);
  });

  test('is answered for also when it is gone, unless it says that nothing stale will do', async (t) => {
    const { of, ask, pass, stopGateway } = await startCachingEdge(
      t,
      (request, response) => {
        const never = request.url === '/api/never' ? ', stale-if-error=0' : '';
        response.writeHead(200, { 'cache-control': `max-age=60${never}` }).end('kept');
      },
      cached({}),
    );
    await of('/api/a');
    await of('/api/never');
    await stopGateway();
    pass(61);
    assert.equal(await of('/api/a'), 'kept stale');
    assert.equal((await ask('/api/never')).status, 502);
  });

  test('has its errors kept for ten seconds, or as long as the blueprint says', async (t) => {
    const missing = always({ 'cache-control': 'no-store' }, { status: 404 });
    const { of, pass } = await startCachingEdge(t, missing, cached({}));
    assert.equal(await of('/api/a'), '1 miss');
    pass(8);
    assert.equal(await of('/api/a'), '1 hit');
    pass(3);
    assert.equal(await of('/api/a'), '2 miss');
    const longer = await startCachingEdge(t, always({}, { status: 404 }), {
      ...cached({}),
      errorPages: [{ status: 404, ttl: '1m' }],
    });
    await longer.of('/api/a');
    longer.pass(58);
    assert.equal(await longer.of('/api/a'), '1 hit');
  });

  test('is answered for with a page where the blueprint has one, by the behaviour of its path', async (t) => {
    const { ask } = await startCachingEdge(t, always({}, { status: 503 }), {
      ...cached({}),
      errorPages: [
        { status: 503, page: '/letters.txt', answer: 500 },
        { status: 404, page: '/gone', answer: 200 },
      ],
    });
    const { status, body, headers } = await ask('/api/a');
    assert.deepEqual(
      [status, body, headers['content-type']],
      [500, 'abcdefghij', 'text/plain; charset=utf-8'],
    );
    // A page that cannot be had leaves the error as it is.
    assert.equal((await ask('/nothing.txt')).status, 404);
  });
});
