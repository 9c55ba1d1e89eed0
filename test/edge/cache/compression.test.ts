import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { isCompressible } from '../../../src/edge/compression/compressible.ts';
import { negotiate } from '../../../src/edge/compression/negotiation.ts';
import { always, startPair } from './cache-fixture.ts';

const text = 'a page of text, again and again. '.repeat(100);
const page = {
  'cache-control': 'max-age=60',
  'content-type': 'text/html; charset=utf-8',
  etag: '"v"',
  'content-length': String(text.length),
};

describe('negotiation (RFC 9110, 12.5.3)', () => {
  const chosen: Record<string, string | undefined> = {
    'gzip, deflate, br': 'br',
    gzip: 'gzip',
    'br;q=0.5, gzip;q=0.8': 'gzip',
    'br;q=0, gzip': 'gzip',
    '*': 'br',
    '*;q=0.5, br;q=0': 'gzip',
    identity: undefined,
    'identity, gzip;q=0.5': undefined,
    GZIP: 'gzip',
    zstd: undefined,
    '': undefined,
  };
  for (const [field, coding] of Object.entries(chosen)) {
    test(`'${field}' is ${coding ?? 'identity'}`, () =>
      assert.equal(negotiate(['Accept-Encoding', field]), coding));
  }
  test('without the field there is none', () => assert.equal(negotiate([]), undefined));
});

test('only what is worth it is compressed', () => {
  const compressible = (changes: Record<string, string>, status = 200) =>
    isCompressible({ status, headers: Object.entries({ ...page, ...changes }).flat() });
  assert.equal(compressible({}), true);
  assert.equal(compressible({ 'content-length': '999' }), false);
  assert.equal(compressible({ 'content-length': '10000001' }), false);
  assert.equal(compressible({ 'content-type': 'image/png' }), false);
  assert.equal(compressible({ 'content-type': 'application/problem+json' }), true);
  assert.equal(compressible({ 'content-encoding': 'gzip' }), false);
  assert.equal(compressible({ 'cache-control': 'no-transform' }), false);
  assert.equal(compressible({}, 404), false);
});

test('codings are stored apart, with a weak tag and Vary', async (t) => {
  const { ask, asked } = await startPair(t, always(page, { body: text }), { compress: true });
  const of = (accept: string, ...more: string[]) =>
    ask('/', { headers: ['Accept-Encoding', accept, ...more] });
  const br = await of('gzip, br');
  assert.deepEqual(
    [br.headers['content-encoding'], br.headers.etag, br.headers.vary],
    ['br', 'W/"v"', 'Accept-Encoding'],
  );
  assert.equal(brotliDecompressSync(Buffer.from(br.body, 'latin1')).toString(), text);
  const gzip = await of('gzip');
  assert.equal(gunzipSync(Buffer.from(gzip.body, 'latin1')).toString(), text);
  const plain = await ask('/');
  assert.deepEqual([plain.body, plain.headers.etag, plain.headers.vary], [text, '"v"', 'Accept-Encoding']);
  assert.equal(asked.length, 3);
  for (const [accept, coding] of [
    ['br, deflate, gzip', 'br'],
    ['gzip;q=0.9', 'gzip'],
    ['zstd', undefined],
  ] as const) {
    assert.equal((await of(accept)).headers['content-encoding'], coding);
  }
  assert.equal((await of('br', 'If-None-Match', 'W/"v"')).status, 304);
  assert.equal(asked.length, 3);
});

test('what is stored compressed is validated with its weak tag and stays as it is', async (t) => {
  const { ask, asked, pass } = await startPair(
    t,
    (request, response) => {
      if (request.headers['if-none-match'] === undefined) response.writeHead(200, page).end(text);
      else response.writeHead(304, { 'cache-control': 'max-age=60', etag: '"v"' }).end();
    },
    { compress: true },
  );
  const brotli = { headers: ['Accept-Encoding', 'br'] };
  await ask('/', brotli);
  pass(61);
  const validated = await ask('/', brotli);
  assert.equal(asked[1]?.headers['if-none-match'], 'W/"v"');
  assert.deepEqual([validated.headers['content-encoding'], validated.headers.etag], ['br', 'W/"v"']);
  assert.equal(brotliDecompressSync(Buffer.from(validated.body, 'latin1')).toString(), text);
});
