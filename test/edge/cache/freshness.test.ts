import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { currentAge, initialAge } from '../../../src/edge/cache/age.ts';
import { parseDirectives } from '../../../src/edge/cache/directives.ts';
import { freshnessOf } from '../../../src/edge/cache/freshness.ts';
import { rfcPolicy } from '../../../src/edge/cache/policy.ts';
import { judge, mayStandIn } from '../../../src/edge/cache/stale.ts';

const responseTime = Date.UTC(2026, 10, 23, 12);
const times = { requestTime: responseTime, responseTime };
const dateAt = (seconds: number) => new Date(responseTime + seconds * 1000).toUTCString();

function freshness(headers: Record<string, string>, status = 200) {
  return freshnessOf(
    { status, headers: Object.entries({ Date: dateAt(0), ...headers }).flat() },
    times,
    rfcPolicy,
  );
}

const lifetime = (headers: Record<string, string>, status = 200) =>
  freshness(headers, status).lifetime / 1000;

test('s-maxage comes before max-age, max-age before Expires (RFC 9111, 4.2.1)', () => {
  assert.equal(lifetime({ 'Cache-Control': 'max-age=10, s-maxage=20', Expires: dateAt(30) }), 20);
  assert.equal(lifetime({ 'Cache-Control': 'max-age=10', Expires: dateAt(30) }), 10);
  assert.equal(lifetime({ Expires: dateAt(30) }), 30);
  assert.equal(lifetime({ 'Cache-Control': 'max-age=10', Expires: '0' }), 10);
});

test('what is invalid is stale (RFC 9111, 4.2.1 and 5.3)', () => {
  assert.equal(lifetime({ 'Cache-Control': "max-age='10'", Expires: dateAt(30) }), 0);
  assert.equal(lifetime({ Expires: '0', 'Last-Modified': dateAt(-1000) }), 0);
});

test('Expires counts from Date, or from when the response came (RFC 9111, 4.2.1)', () => {
  assert.equal(lifetime({ Date: dateAt(100), Expires: dateAt(130) }), 30);
  assert.equal(lifetime({ Date: 'yesterday', Expires: dateAt(130) }), 130);
});

test('a tenth of the time since Last-Modified, for statuses that allow it or with public (RFC 9111, 4.2.2)', () => {
  const modified = { 'Last-Modified': dateAt(-1000) };
  for (const status of [200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501])
    assert.equal(lifetime(modified, status), 100, `${status}`);
  for (const status of [201, 202, 302, 403, 500, 503, 599])
    assert.equal(lifetime(modified, status), 0, `${status}`);
  assert.equal(lifetime({ ...modified, 'Cache-Control': 'public' }, 599), 100);
});

test('a valid targeted field is all that counts (RFC 9213, 2.2)', () => {
  assert.equal(lifetime({ 'CDN-Cache-Control': 'max-age=60', 'Cache-Control': 'no-store, max-age=1' }), 60);
  assert.equal(lifetime({ 'CDN-Cache-Control': 'public', Expires: dateAt(30) }), 0);
  assert.equal(lifetime({ 'CDN-Cache-Control': 'max-age="60"', 'Cache-Control': 'max-age=1' }), 1);
  assert.equal(lifetime({ 'CDN-Cache-Control': 'max-age=60, &&', 'Cache-Control': 'max-age=1' }), 1);
});

test('the age of a response is that of RFC 9111, 4.2.3, whatever the clocks say', () => {
  fc.assert(
    fc.property(
      fc.record({
        said: fc.nat(100_000),
        skew: fc.integer({ min: -100_000, max: 100_000 }),
        delay: fc.nat(60_000),
        resident: fc.nat(1_000_000_000),
      }),
      ({ said, skew, delay, resident }) => {
        const headers = ['Age', String(said), 'Date', new Date(responseTime - skew * 1000).toUTCString()];
        const initial = initialAge(headers, { requestTime: responseTime - delay, responseTime });
        const model = Math.max(0, skew * 1000, said * 1000 + delay);
        assert.equal(initial, model);
        assert.equal(currentAge(initial, responseTime, responseTime + resident), model + resident);
      },
    ),
  );
});

test('a response is fresh exactly while its age is below its lifetime', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(20_000_000), (maxAge, age, resident) => {
      const aged = {
        freshness: freshness({ 'Cache-Control': `max-age=${maxAge}` }),
        initialAge: age * 1000,
        responseTime,
      };
      const verdict = judge(aged, responseTime + resident, new Map());
      assert.equal(verdict, age * 1000 + resident < maxAge * 1000 ? 'fresh' : 'validate');
    }),
  );
});

function verdict(response: string, seconds: number, request = '') {
  const aged = { freshness: freshness({ 'Cache-Control': response }), initialAge: 0, responseTime };
  return judge(aged, responseTime + seconds * 1000, parseDirectives([request]));
}

test('the request can ask for fresher or accept staler (RFC 9111, 5.2.1)', () => {
  assert.equal(verdict('max-age=100', 10, 'max-age=5'), 'validate');
  assert.equal(verdict('max-age=100', 10, 'max-age=20'), 'fresh');
  assert.equal(verdict('max-age=100', 10, 'max-age=x'), 'validate');
  assert.equal(verdict('max-age=100', 10, 'min-fresh=95'), 'validate');
  assert.equal(verdict('max-age=100', 10, 'min-fresh=90'), 'fresh');
  assert.equal(verdict('max-age=100', 10, 'no-cache'), 'validate');
  assert.equal(verdict('max-age=100', 150, 'max-stale=60'), 'fresh');
  assert.equal(verdict('max-age=100', 150, 'max-stale=40'), 'validate');
  assert.equal(verdict('max-age=100', 999_999, 'max-stale'), 'fresh');
  assert.equal(verdict('max-age=100, must-revalidate', 150, 'max-stale'), 'validate');
});

test('stale-while-revalidate has a window (RFC 5861, 3)', () => {
  assert.equal(verdict('max-age=10, stale-while-revalidate=5', 9), 'fresh');
  assert.equal(verdict('max-age=10, stale-while-revalidate=5', 12), 'fresh-behind');
  assert.equal(verdict('max-age=10, stale-while-revalidate=5', 15), 'validate');
});

test('no-cache is never used without validation (RFC 9111, 5.2.2.4)', () => {
  assert.equal(verdict('max-age=10, no-cache', 1), 'validate');
  assert.equal(verdict('max-age=10, no-cache="set-cookie"', 1), 'fresh');
});

test('a stale response stands in when the origin is gone, and on errors only where it may (RFC 9111, 4.2.4; RFC 5861, 4)', () => {
  const stands = (control: string, trouble: 'disconnected' | 'error', asked = -1) =>
    mayStandIn(
      { freshness: freshness({ 'Cache-Control': control }), initialAge: 0, responseTime },
      responseTime + 100_000,
      trouble,
      asked,
    );
  assert.equal(stands('max-age=10', 'disconnected'), true);
  assert.equal(stands('max-age=10', 'error'), false);
  assert.equal(stands('max-age=10, stale-if-error=90', 'error'), true);
  assert.equal(stands('max-age=10, stale-if-error=80', 'error'), false);
  assert.equal(stands('max-age=10, stale-if-error=80', 'disconnected'), false);
  assert.equal(stands('max-age=10', 'error', 90_000), true);
  for (const forbidden of ['must-revalidate', 'proxy-revalidate', 's-maxage=10', 'no-cache']) {
    assert.equal(stands(`max-age=10, ${forbidden}`, 'disconnected'), false, forbidden);
  }
});
