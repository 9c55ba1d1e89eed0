import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { eventually } from '../eventually.ts';
import { always } from './cache/cache-fixture.ts';
import { cached, startCachingEdge } from './caching-fixture.ts';

const minute = { 'cache-control': 'public, max-age=60, stale-while-revalidate=3600' };

describe('a cache policy', () => {
  test('with a minimum outweighs what the origin forbids, and a maximum what it allows', async (t) => {
    const { of, pass } = await startCachingEdge(
      t,
      always({ 'cache-control': 'no-store' }),
      cached({ minTtl: '10s' }),
    );
    assert.equal(await of('/api/a'), '1 miss');
    pass(8);
    assert.equal(await of('/api/a'), '1 hit');
    pass(3);
    assert.equal(await of('/api/a'), '2 miss');
    const capped = await startCachingEdge(t, always(minute), cached({ defaultTtl: '5s', maxTtl: '5s' }));
    await capped.of('/api/a');
    capped.pass(6);
    assert.equal(await capped.of('/api/a'), '1 stale');
    await eventually(() => assert.equal(capped.asked.length, 2));
    // No longer than the maximum, stale or not.
    capped.pass(11);
    assert.equal(await capped.of('/api/a'), '3 miss');
  });

  test('has headers and cookies in the key, which then reach the origin and come back', async (t) => {
    const { ask, of, asked } = await startCachingEdge(
      t,
      always({ ...minute, 'set-cookie': 'theme=dark' }),
      cached({ headers: ['X-Kind'], cookies: ['theme'] }),
    );
    const dark = ['X-Kind', 'a', 'Cookie', 'theme=dark; other=1'];
    assert.deepEqual((await ask('/api/a', { headers: dark })).headers['set-cookie'], ['theme=dark']);
    assert.equal(await of('/api/a', { headers: ['X-Kind', 'a', 'Cookie', 'theme=dark; other=2'] }), '1 hit');
    assert.equal(await of('/api/a', { headers: ['X-Kind', 'a', 'Cookie', 'theme=light'] }), '2 miss');
    assert.equal(await of('/api/a', { headers: ['X-Kind', 'b'] }), '3 miss');
    assert.deepEqual([asked[0]?.headers['x-kind'], asked[0]?.headers.cookie], ['a', 'theme=dark']);
  });

  test('leaves other methods to the origin, and refuses those the behaviour does not have', async (t) => {
    const { ask, of } = await startCachingEdge(t, always(minute), cached({}, { methods: 'all' }));
    await of('/api/a');
    assert.equal(await of('/api/a', { method: 'POST', body: 'x' }), '2 pass');
    assert.equal(await of('/api/a'), '1 hit');
    assert.equal((await ask('/assets/x.js', { method: 'POST', body: 'x' })).status, 403);
    assert.equal((await ask('/api/a', { method: 'GET', body: 'x' })).status, 403);
  });

  test('answers HEAD, conditions and ranges from what GET brought', async (t) => {
    const { ask, asked } = await startCachingEdge(
      t,
      always({ ...minute, etag: '"1"' }, { body: 'abcdefghij' }),
      cached({}),
    );
    await ask('/api/a');
    const head = await ask('/api/a', { method: 'HEAD' });
    assert.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '10']);
    assert.equal((await ask('/api/a', { headers: ['If-None-Match', '"1"'] })).status, 304);
    const part = await ask('/api/a', { headers: ['Range', 'bytes=2-4', 'If-Range', '"1"'] });
    assert.deepEqual([part.status, part.body, part.headers['content-range']], [206, 'cde', 'bytes 2-4/10']);
    assert.equal((await ask('/api/a', { headers: ['Range', 'bytes=10-'] })).status, 416);
    assert.equal(asked.length, 1);
  });

  test('fetches a large object in ranges of whole megabytes, and keeps what they bring as one', async (t) => {
    const size = 5_000_000;
    const whole = Buffer.alloc(size, 'abcdefgh');
    const { ask, asked } = await startCachingEdge(
      t,
      (request, response) => {
        const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? assert.fail();
        const last = Math.min(Number(to), size - 1);
        response
          .writeHead(206, { ...minute, etag: '"1"', 'content-range': `bytes ${from}-${last}/${size}` })
          .end(whole.subarray(Number(from), last + 1));
      },
      cached({}),
    );
    const part = async (from: number, to: number) => {
      const answer = await ask('/api/film', { headers: ['Range', `bytes=${from}-${to}`] });
      assert.deepEqual(
        [answer.status, answer.headers['content-range'], answer.headers['content-length']],
        [206, `bytes ${from}-${to}/${size}`, String(to - from + 1)],
      );
      assert.equal(answer.body, whole.subarray(from, to + 1).toString('latin1'));
      return answer.headers['x-cache'];
    };
    assert.equal(await part(100, 199), 'miss');
    assert.equal(await part(500_000, 600_000), 'hit');
    assert.equal(await part(1_048_000, 1_049_000), 'miss');
    assert.equal(await part(4_900_000, 4_999_999), 'miss');
    assert.deepEqual(
      asked.map(({ headers }) => headers.range),
      ['bytes=0-1048575', 'bytes=0-2097151', 'bytes=4194304-5242879'],
    );
    // What is between the two parts makes a whole of them.
    assert.equal(await part(2_100_000, 4_100_000), 'miss');
    assert.equal(await part(0, size - 1), 'hit');
    const all = await ask('/api/film');
    assert.deepEqual([all.status, all.body.length, all.headers['x-cache']], [200, size, 'hit']);
    assert.equal(asked.length, 4);
  });

  test('compresses what is worth it, to what the viewer takes, and keeps each apart', async (t) => {
    const text = 'compressible '.repeat(200);
    const answers = (length: boolean) => (_: unknown, response: ServerResponse) => {
      const size = length ? { 'content-length': text.length } : {};
      response.writeHead(200, { ...minute, 'content-type': 'text/plain', etag: '"1"', ...size }).end(text);
    };
    const policy = cached({ compression: ['br', 'gzip'] }, { compress: true });
    const { ask, asked } = await startCachingEdge(t, answers(true), policy);
    const get = (accepted: string) => ask('/api/a', { headers: ['Accept-Encoding', accepted] });
    const decoded = { br: brotliDecompressSync, gzip: gunzipSync } as const;
    for (const [accepted, coding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
    ] as const) {
      const { headers, body } = await get(accepted);
      assert.equal(headers['content-encoding'], coding);
      assert.equal(String(decoded[coding](Buffer.from(body, 'latin1'))), text);
      assert.equal((await get(accepted)).headers['x-cache'], 'hit');
      assert.equal((await get(accepted)).headers.etag, 'W/"1"');
    }
    assert.equal((await get('identity')).body, text);
    assert.equal(asked.length, 3);
    const only = await startCachingEdge(
      t,
      answers(true),
      cached({ compression: ['gzip'] }, { compress: true }),
    );
    const { headers } = await only.ask('/api/a', { headers: ['Accept-Encoding', 'br, gzip'] });
    assert.equal(headers['content-encoding'], 'gzip');
  });
});
