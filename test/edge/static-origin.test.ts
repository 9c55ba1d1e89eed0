import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseRange, resolveRange } from '../../src/edge/cache/range.ts';
import { filePathOf } from '../../src/edge/static-path.ts';
import { configurationOf, exchange, makeOriginFolder, startEdge } from './edge-fixture.ts';

const nowhere = { host: '127.0.0.1', port: 9 };

describe('the static origin', () => {
  test('serves pages and files with their type, validators and lifetime', async (t) => {
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), nowhere));
    const page = await exchange(edge, '/');
    assert.equal(page.status, 200);
    assert.match(page.body, /<title>page/);
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.equal(page.headers['cache-control'], 'public, max-age=60, stale-while-revalidate=600');
    assert.equal(page.headers['x-cache'], 'miss');
    assert.match(String(page.headers['server-timing']), /^edge;dur=[\d.]+$/);

    const asset = await exchange(edge, '/assets/index-DiwrgTda.js?v=1');
    assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.equal(asset.headers['content-type'], 'text/javascript; charset=utf-8');
    assert.equal((await exchange(edge, '/guide/')).body, 'guide');
    assert.equal((await exchange(edge, '/a%20b.txt')).body, 'space');
    const empty = await exchange(edge, '/empty.txt');
    assert.deepEqual([empty.status, empty.headers['content-length']], [200, '0']);
  });

  test('answers HEAD as GET without the body', async (t) => {
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), nowhere));
    const head = await exchange(edge, '/letters.txt', { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body], [200, '10', '']);
  });

  test('answers 304 to who has the file already, and 412 to who assumes another', async (t) => {
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), nowhere));
    const { headers } = await exchange(edge, '/letters.txt');
    const etag = String(headers.etag);
    const modified = String(headers['last-modified']);
    const cases: [Record<string, string>, number][] = [
      [{ 'if-none-match': etag }, 304],
      [{ 'if-none-match': `"other", W/${etag}` }, 304],
      [{ 'if-none-match': '*' }, 304],
      [{ 'if-none-match': '"other"', 'if-modified-since': modified }, 200],
      [{ 'if-modified-since': modified }, 304],
      [{ 'if-modified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' }, 200],
      [{ 'if-modified-since': 'nonsense' }, 200],
      [{ 'if-match': '"other"' }, 412],
      [{ 'if-match': `W/${etag}` }, 412],
      [{ 'if-match': etag }, 200],
      [{ 'if-unmodified-since': 'Thu, 01 Jan 2015 00:00:00 GMT' }, 412],
    ];
    for (const [conditions, status] of cases) {
      const answer = await exchange(edge, '/letters.txt', { headers: conditions });
      assert.equal(answer.status, status, JSON.stringify(conditions));
      if (status === 304) assert.deepEqual([answer.body, answer.headers.etag], ['', etag]);
    }
  });

  test('serves one range, and the whole when the range is of another state', async (t) => {
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), nowhere));
    const etag = String((await exchange(edge, '/letters.txt')).headers.etag);
    const get = (headers: Record<string, string>) => exchange(edge, '/letters.txt', { headers });
    const part = await get({ range: 'bytes=2-4', 'if-range': etag });
    assert.deepEqual([part.status, part.body, part.headers['content-range']], [206, 'cde', 'bytes 2-4/10']);
    assert.equal((await get({ range: 'bytes=-3' })).body, 'hij');
    const past = await get({ range: 'bytes=10-' });
    assert.deepEqual([past.status, past.headers['content-range']], [416, 'bytes */10']);
    assert.equal((await get({ range: 'bytes=2-4', 'if-range': '"other"' })).status, 200);
    assert.equal((await get({ range: 'bytes=0-1,4-5' })).status, 200);
  });

  test('lets nothing out of the folder, nor what starts with a dot', async (t) => {
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), nowhere));
    for (const target of [
      '/../secret.txt',
      '/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/assets/../../secret.txt',
      '/..%5csecret.txt',
      '/link.txt',
      '/up/secret.txt',
      '/.env',
      '/%2eenv',
      '/letters.txt%00.html',
      '//etc/passwd',
      '/%',
      '/assets',
      '/letters.txt/',
    ]) {
      const answer = await exchange(edge, target);
      assert.equal(answer.status, 404, target);
      assert.doesNotMatch(answer.body, /secret/);
    }
  });

  test('takes no other method', async (t) => {
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), nowhere));
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE']) {
      assert.equal((await exchange(edge, '/', { method })).status, 403, method);
    }
  });
});

describe('a request path', () => {
  test('never names anything but a plain path below the folder', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      'a',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      '%00',
      '%',
      '',
      'b.txt',
      '%C3%A4',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const path = filePathOf(`/${pieces.join('/')}`);
        if (path === undefined) return;
        assert.ok(!path.startsWith('/'));
        assert.ok(path.split('/').every((segment) => segment !== '' && !segment.startsWith('.')));
        assert.doesNotMatch(path, /[\\\0]/);
      }),
    );
  });
});

describe('a range', () => {
  test('lies within the file whatever the field says', () => {
    const bound = fc.option(fc.nat(50), { nil: '' });
    fc.assert(
      fc.property(bound, bound, fc.nat(40), (from, to, size) => {
        const specifier = parseRange(`bytes=${from}-${to}`);
        if (specifier === 'other') return;
        const range = resolveRange(specifier, size);
        if (range === 'unsatisfiable') return;
        assert.ok(0 <= range.first && range.first <= range.last && range.last < size);
      }),
    );
  });
});
