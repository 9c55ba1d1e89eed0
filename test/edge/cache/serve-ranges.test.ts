import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { always, startPair } from './cache-fixture.ts';

const fresh = { 'cache-control': 'max-age=60' };

describe('ranges', () => {
  const letters = 'abcdefghij';

  test('are cut from a stored whole (RFC 9110, 14)', async (t) => {
    const { ask, asked } = await startPair(t, always({ ...fresh, etag: '"a"' }, { body: letters }));
    await ask('/');
    const part = async (range: string, ...more: string[]) => {
      const { status, body, headers } = await ask('/', { headers: ['Range', range, ...more] });
      return [status, body, headers['content-range'], headers['content-length']];
    };
    assert.deepEqual(await part('bytes=2-4'), [206, 'cde', 'bytes 2-4/10', '3']);
    assert.deepEqual(await part('bytes=7-'), [206, 'hij', 'bytes 7-9/10', '3']);
    assert.deepEqual(await part('bytes=-2'), [206, 'ij', 'bytes 8-9/10', '2']);
    assert.deepEqual(await part('bytes=10-'), [416, '', 'bytes */10', '0']);
    assert.deepEqual(await part('bytes=0-1,4-5'), [200, letters, undefined, '10']);
    assert.deepEqual(await part('bytes=2-4', 'If-Range', '"a"'), [206, 'cde', 'bytes 2-4/10', '3']);
    assert.deepEqual(await part('bytes=2-4', 'If-Range', '"b"'), [200, letters, undefined, '10']);
    assert.equal(asked.length, 1);
  });

  /** An origin of letters that answers ranges. */
  const ranged =
    (etag: string | undefined) =>
    (
      request: { headers: Record<string, unknown> },
      response: { writeHead(status: number, headers: Record<string, string>): { end(body: string): void } },
    ) => {
      const match = /bytes=(\d+)-(\d*)/.exec(String(request.headers.range ?? ''));
      const tag = etag === undefined ? {} : { etag };
      if (!match) {
        response.writeHead(200, { ...fresh, ...tag }).end(letters);
        return;
      }
      const first = Number(match[1]);
      const last = match[2] === '' ? 9 : Number(match[2]);
      response
        .writeHead(206, { ...fresh, ...tag, 'content-range': `bytes ${first}-${last}/10` })
        .end(letters.slice(first, last + 1));
    };

  test('are stored as they are, and cut further (RFC 9111, 3.3)', async (t) => {
    const { ask, asked } = await startPair(t, ranged(undefined));
    const part = async (range: string) => {
      const { status, body, headers } = await ask('/', { headers: ['Range', range] });
      return [status, body, headers['content-range']];
    };
    assert.deepEqual(await part('bytes=2-6'), [206, 'cdefg', 'bytes 2-6/10']);
    assert.deepEqual(await part('bytes=2-6'), [206, 'cdefg', 'bytes 2-6/10']);
    assert.deepEqual(await part('bytes=3-4'), [206, 'de', 'bytes 3-4/10']);
    assert.equal(asked.length, 1);
    assert.deepEqual(await part('bytes=5-8'), [206, 'fghi', 'bytes 5-8/10']);
    assert.equal(asked.length, 2);
    assert.equal((await ask('/')).body, letters);
  });

  test('of one strong tag are joined, and make a whole (RFC 9111, 3.4)', async (t) => {
    const { ask, asked } = await startPair(t, ranged('"a"'));
    for (const range of ['bytes=5-9', 'bytes=0-2', 'bytes=2-6'])
      await ask('/', { headers: ['Range', range] });
    const whole = await ask('/');
    assert.deepEqual([whole.status, whole.body, whole.headers['content-range']], [200, letters, undefined]);
    assert.equal(asked.length, 3);
  });

  test('a stored beginning is completed with the rest (RFC 9111, 3.3)', async (t) => {
    const { ask, asked } = await startPair(t, ranged('"a"'));
    await ask('/', { headers: ['Range', 'bytes=0-3'] });
    const whole = await ask('/');
    assert.deepEqual([whole.status, whole.body, whole.headers['content-length']], [200, letters, '10']);
    assert.deepEqual([asked[1]?.headers.range, asked[1]?.headers['if-range']], ['bytes=4-', '"a"']);
    assert.equal((await ask('/')).body, letters);
    assert.equal(asked.length, 2);
  });
});
