import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isNotModified, rangeCounts } from '../../../src/edge/cache/conditions.ts';
import { endToEnd, endToEndRequest } from '../../../src/edge/cache/connection-fields.ts';
import { freshnessOf } from '../../../src/edge/cache/freshness.ts';
import {
  invalidatedTargets,
  invalidationMatcher,
  wrongPattern,
} from '../../../src/edge/cache/invalidation.ts';
import { describes, mergeFields, updates } from '../../../src/edge/cache/merge.ts';
import { rfcPolicy } from '../../../src/edge/cache/policy.ts';
import { parseContentRange, parseRange, resolveRange } from '../../../src/edge/cache/range.ts';
import { mayStore, storedFields } from '../../../src/edge/cache/storage-rules.ts';
import { selectionOf, selects, variesByAll } from '../../../src/edge/cache/vary.ts';

const responseTime = Date.UTC(2026, 10, 23, 12);
const dateAt = (seconds: number) => new Date(responseTime + seconds * 1000).toUTCString();

function stores(control: string, { status = 200, request = [] as string[], headers = [] as string[] } = {}) {
  const response = { status, headers: ['Cache-Control', control, ...headers] };
  const freshness = freshnessOf(response, { requestTime: responseTime, responseTime }, rfcPolicy);
  return mayStore({ ...response, requestHeaders: request, freshness }, rfcPolicy);
}

test('no-store and private are not stored (RFC 9111, 3)', () => {
  assert.equal(stores('max-age=60'), true);
  assert.equal(stores('max-age=60, no-store'), false);
  assert.equal(stores('max-age=60, private'), false);
  assert.equal(stores('max-age=60, private="set-cookie"'), true);
  assert.equal(stores('max-age=60', { request: ['Cache-Control', 'no-store'] }), false);
});

test('must-understand outweighs no-store where the status is known (RFC 9111, 5.2.2.3)', () => {
  assert.equal(stores('max-age=60, no-store, must-understand'), true);
  assert.equal(stores('max-age=60, no-store, must-understand', { status: 599 }), false);
  assert.equal(stores('max-age=60, must-understand', { status: 599 }), false);
});

test('an answer to Authorization is stored only where the origin allows it (RFC 9111, 3.5)', () => {
  const request = ['Authorization', 'Bearer x'];
  assert.equal(stores('max-age=60', { request }), false);
  for (const allowed of ['public', 's-maxage=60', 'must-revalidate']) {
    assert.equal(stores(`max-age=60, ${allowed}`, { request }), true, allowed);
  }
});

test('nothing is stored of Vary: * or of what answers one condition or range (RFC 9111, 4.1)', () => {
  for (const vary of ['*', 'a, *', '*, *'])
    assert.equal(stores('max-age=60', { headers: ['Vary', vary] }), false, vary);
  assert.equal(variesByAll(['Vary', '', 'Vary', '*']), true);
  for (const status of [103, 304, 412, 416])
    assert.equal(stores('max-age=60', { status }), false, `${status}`);
});

test('what is never fresh is stored only with a validator', () => {
  assert.equal(stores('max-age=0'), false);
  assert.equal(stores('max-age=0', { headers: ['ETag', '"a"'] }), true);
  assert.equal(stores('no-cache, max-age=60'), false);
  assert.equal(stores('max-age=0, stale-if-error=60'), true);
});

test('reserved fields and Age are not stored (RFC 9111, 5.2.2.4)', () => {
  const headers = ['Cache-Control', 'no-cache="a", private="B"', 'A', '1', 'b', '2', 'C', '3', 'Age', '4'];
  assert.deepEqual(storedFields(headers, rfcPolicy), [
    'Cache-Control',
    'no-cache="a", private="B"',
    'C',
    '3',
  ]);
});

test('Set-Cookie does not forbid storing, and is stored with the answer (RFC 9111, 7.3)', () => {
  const cookie = ['Set-Cookie', 'a=1'];
  assert.equal(stores('max-age=60', { headers: cookie }), true);
  assert.deepEqual(storedFields(['Cache-Control', 'max-age=60', ...cookie], rfcPolicy), [
    'Cache-Control',
    'max-age=60',
    ...cookie,
  ]);
});

test('fields of a connection are neither forwarded nor stored (RFC 9110, 7.6.1; RFC 9111, 3.1)', () => {
  const fields = [
    'Connection',
    'close, X-Hop',
    'x-hop',
    '1',
    'Keep-Alive',
    'timeout=5',
    'Upgrade',
    'h2c',
    'TE',
    'x',
    'Proxy-Authenticate',
    'Basic',
    'A',
    '1',
  ];
  assert.deepEqual(endToEnd(fields), ['A', '1']);
  assert.deepEqual(endToEndRequest(['Host', 'a', 'Expect', '100-continue', 'A', '1']), ['A', '1']);
});

function varies(vary: string, first: string[], second: string[], headers: string[] = []) {
  const stored = { headers: ['Vary', vary, ...headers] };
  return selects(selectionOf(stored.headers, first), stored, second);
}

test('a request selects what was selected by the same fields (RFC 9111, 4.1)', () => {
  assert.equal(varies('Foo', ['foo', '1'], ['FOO', '1']), true);
  assert.equal(varies('Foo', ['foo', '1'], ['foo', '2']), false);
  assert.equal(varies('Foo', ['foo', '1'], []), false);
  assert.equal(varies('Foo', [], ['foo', '']), false);
  assert.equal(varies('Foo, Bar', ['foo', '1'], ['foo', '1']), true);
  assert.equal(varies('Foo', ['foo', '1', 'x', '1'], ['foo', '1', 'x', '2']), true);
});

test('lines and whitespace are folded, and order where it means nothing (RFC 9111, 4.1)', () => {
  assert.equal(varies('Foo', ['foo', '1, 2'], ['foo', '1', 'foo', '2']), true);
  assert.equal(varies('Foo', ['foo', '1,2'], ['foo', ' 1,  2 ']), true);
  assert.equal(varies('Foo', ['foo', '1,2'], ['foo', '2,1']), false);
  assert.equal(varies('Accept-Language', ['accept-language', 'en, de'], ['accept-language', 'De,eN']), true);
  assert.equal(
    varies('Accept-Language', ['accept-language', 'en, de;q=0.5'], ['accept-language', 'de, en;q=0.5']),
    false,
  );
});

test('a response in the one language that is wanted most is selected', () => {
  const german = ['Content-Language', 'de'];
  const wants = (value: string) =>
    varies('Accept-Language', ['accept-language', 'en, de'], ['accept-language', value], german);
  assert.equal(wants('fr;q=0.5, de'), true);
  assert.equal(wants('fr, de'), false);
  assert.equal(wants('fr, de;q=0.5'), false);
  assert.equal(wants('de;q=0'), false);
});

test('a 304 updates fields, but not those of the stored bytes (RFC 9111, 3.2)', () => {
  const merged = mergeFields(
    ['ETag', '"a"', 'X', '1', 'X', '2', 'Content-Length', '36', 'Content-Encoding', 'br'],
    ['x', '3', 'Content-Length', '0', 'Content-Encoding', 'gzip', 'Y', '4'],
  );
  assert.deepEqual(merged, [
    'ETag',
    '"a"',
    'Content-Length',
    '36',
    'Content-Encoding',
    'br',
    'x',
    '3',
    'Y',
    '4',
  ]);
});

test('a 304 with another strong tag is about something else (RFC 9111, 4.3.4)', () => {
  assert.equal(updates(['ETag', '"a"'], ['ETag', '"a"']), true);
  assert.equal(updates(['ETag', '"a"'], ['ETag', '"b"']), false);
  assert.equal(updates(['ETag', 'W/"a"'], ['ETag', '"a"']), true);
  assert.equal(updates(['ETag', '"a"'], []), true);
});

test('a HEAD describes what has its validators and length (RFC 9111, 4.3.5)', () => {
  assert.equal(describes(['ETag', '"a"'], ['ETag', '"a"', 'Content-Length', '5'], 5), true);
  assert.equal(describes(['ETag', '"a"'], ['ETag', '"b"'], 5), false);
  assert.equal(describes(['ETag', '"a"'], ['Content-Length', '6'], 5), false);
});

function notModified(request: string[], stored: string[]) {
  return isNotModified(request, { headers: stored, responseTime });
}

test('If-None-Match compares weakly and comes before If-Modified-Since (RFC 9110, 13.1.2 and 13.2.2)', () => {
  assert.equal(notModified(['If-None-Match', '"a"'], ['ETag', '"a"']), true);
  assert.equal(notModified(['If-None-Match', 'W/"a"'], ['ETag', '"a"']), true);
  assert.equal(notModified(['If-None-Match', '"x", "a,b", "y"'], ['ETag', '"a,b"']), true);
  assert.equal(notModified(['If-None-Match', '*'], []), true);
  assert.equal(
    notModified(
      ['If-None-Match', '"b"', 'If-Modified-Since', dateAt(0)],
      ['ETag', '"a"', 'Last-Modified', dateAt(-10)],
    ),
    false,
  );
});

test('If-Modified-Since is held against Last-Modified, else Date (RFC 9111, 4.3.2)', () => {
  assert.equal(notModified(['If-Modified-Since', dateAt(-10)], ['Last-Modified', dateAt(-10)]), true);
  assert.equal(notModified(['If-Modified-Since', dateAt(-5)], ['Last-Modified', dateAt(-10)]), true);
  assert.equal(notModified(['If-Modified-Since', dateAt(-15)], ['Last-Modified', dateAt(-10)]), false);
  assert.equal(notModified(['If-Modified-Since', dateAt(-1)], ['Date', dateAt(0)]), false);
  assert.equal(notModified(['If-Modified-Since', dateAt(0)], ['Date', dateAt(0)]), true);
  assert.equal(notModified(['If-Modified-Since', 'yesterday'], ['Last-Modified', dateAt(-10)]), false);
});

test('If-Range names the representation strongly (RFC 9110, 13.1.5)', () => {
  const counts = (condition: string, ...stored: string[]) =>
    rangeCounts(['If-Range', condition], { headers: stored, responseTime });
  assert.equal(counts('"a"', 'ETag', '"a"'), true);
  assert.equal(counts('"a"', 'ETag', '"b"'), false);
  assert.equal(counts('W/"a"', 'ETag', 'W/"a"'), false);
  assert.equal(counts(dateAt(-10), 'Last-Modified', dateAt(-10), 'Date', dateAt(0)), true);
  assert.equal(counts(dateAt(-9), 'Last-Modified', dateAt(-10), 'Date', dateAt(0)), false);
  assert.equal(counts(dateAt(0), 'Last-Modified', dateAt(0), 'Date', dateAt(0)), false);
  assert.equal(rangeCounts([], { headers: [], responseTime }), true);
});

test('a range selects the bytes the RFC means (RFC 9110, 14.1.2)', () => {
  const position = fc.option(fc.nat(30), { nil: undefined });
  fc.assert(
    fc.property(fc.nat(20), position, position, (size, from, to) => {
      const bytes = Array.from({ length: size }, (_, index) => index);
      const specifier = parseRange(`bytes=${from ?? ''}-${to ?? ''}`);
      if ((from === undefined && to === undefined) || (from !== undefined && to !== undefined && to < from)) {
        assert.equal(specifier, 'other');
        return;
      }
      assert.notEqual(specifier, 'other');
      if (specifier === 'other') return;
      const model =
        from === undefined ? (to === 0 ? [] : bytes.slice(-(to ?? 0))) : bytes.slice(from, (to ?? size) + 1);
      const range = resolveRange(specifier, size);
      const found = range === 'unsatisfiable' ? [] : bytes.slice(range.first, range.last + 1);
      assert.deepEqual(found, model);
    }),
  );
});

test('several ranges, other units and what is no range may be ignored (RFC 9110, 14.2)', () => {
  for (const field of ['bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b', 'bytes', 'bytes=-', 'bytes=0x1-2']) {
    assert.equal(parseRange(field), 'other', field);
  }
});

test('a Content-Range that contradicts itself is invalid (RFC 9110, 14.4)', () => {
  assert.deepEqual(parseContentRange('bytes 4-9/10'), { first: 4, last: 9, complete: 10 });
  assert.deepEqual(parseContentRange('bytes 4-9/*'), { first: 4, last: 9, complete: undefined });
  for (const field of ['bytes 9-4/10', 'bytes 4-10/10', 'bytes */10', 'bytes 4-9', '']) {
    assert.equal(parseContentRange(field), undefined, field);
  }
});

test('a successful unsafe request makes its target and what it names at the same origin invalid (RFC 9111, 4.4)', () => {
  const request = { method: 'POST', origin: 'http://a.example', target: '/x?y' };
  const targets = (status: number, ...headers: string[]) => invalidatedTargets(request, { status, headers });
  assert.deepEqual(targets(200), ['/x?y']);
  assert.deepEqual(targets(303, 'Location', '/b', 'Content-Location', 'http://a.example/c?d'), [
    '/x?y',
    '/b',
    '/c?d',
  ]);
  assert.deepEqual(targets(200, 'Location', 'http://b.example/b'), ['/x?y']);
  assert.deepEqual(targets(500), []);
  assert.deepEqual(invalidatedTargets({ ...request, method: 'GET' }, { status: 200, headers: [] }), []);
});

test('what an invalidation names is a path, in numbers that CloudFront takes', () => {
  assert.equal(wrongPattern(['/index.html', '/assets/*', '/data?limit=2', '/*']), undefined);
  for (const pattern of ['assets', '/a*b', '/a b', '', '*']) {
    assert.match(wrongPattern(['/a', pattern]) ?? '', /is no path/, pattern);
  }
  assert.match(wrongPattern(Array.from({ length: 16 }, (_, at) => `/${at}*`)) ?? '', /more than 15/);
  assert.match(wrongPattern(Array.from({ length: 3001 }, (_, at) => `/${at}`)) ?? '', /more than 3000/);
});

test('an invalidation names a path, or all that begins like it', () => {
  const matches = invalidationMatcher(['/a', '/images/*', '/b?x=1']);
  for (const target of ['/a', '/images/', '/images/a.png?b', '/b?x=1'])
    assert.equal(matches(target), true, target);
  for (const target of ['/a/b', '/a?x', '/image', '/b']) assert.equal(matches(target), false, target);
});
