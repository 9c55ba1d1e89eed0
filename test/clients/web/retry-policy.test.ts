import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  type FailedTry,
  parseRetryAfter,
  retryDelay,
  retryLimits,
} from '../../../clients/web/src/api/retry-policy.ts';

const status = fc.option(fc.integer({ min: 200, max: 599 }), { nil: undefined });
const failedTry: fc.Arbitrary<FailedTry> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'),
  keyed: fc.boolean(),
  status,
  retries: fc.integer({ min: 0, max: 5 }),
  elapsed: fc.double({ min: 0, max: 8_000, noNaN: true }),
  retryAfter: fc.option(fc.integer({ min: 0, max: 20_000 }), { nil: undefined }),
});
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const network: FailedTry = { method: 'GET', keyed: false, status: undefined, retries: 0, elapsed: 10 };

test('what changes something and carries no key is never sent again', () => {
  fc.assert(
    fc.property(failedTry, random, (failed, drawn) => {
      const unsafe = { ...failed, method: 'POST', keyed: false };
      assert.equal(retryDelay(unsafe, retryLimits, drawn), undefined);
    }),
  );
});

test('an answer below 500 is an answer', () => {
  fc.assert(
    fc.property(failedTry, fc.integer({ min: 200, max: 499 }), random, (failed, answered, drawn) => {
      assert.equal(retryDelay({ ...failed, status: answered }, retryLimits, drawn), undefined);
    }),
  );
});

test('a wait, the try after it and all before it end within the budget, and there are at most three', () => {
  fc.assert(
    fc.property(failedTry, random, (failed, drawn) => {
      const delay = retryDelay(failed, retryLimits, drawn);
      if (delay === undefined) return;
      assert.ok(failed.retries < 3);
      assert.ok(failed.elapsed + delay + retryLimits.shortestTry <= retryLimits.budget);
      assert.ok(delay >= (failed.retryAfter ?? 0), 'not before the answer said');
      const backoff = retryLimits.baseDelay * 2 ** failed.retries;
      assert.ok(delay <= Math.max(failed.retryAfter ?? 0, Math.min(retryLimits.maxDelay, backoff)));
    }),
  );
});

test('reads and keyed writes are repeated after network errors and 5xx while there is time', () => {
  for (const answered of [undefined, 500, 502, 503, 504]) {
    assert.equal(retryDelay({ ...network, status: answered }, retryLimits, 0.5), 100);
    assert.equal(
      retryDelay({ ...network, method: 'POST', keyed: true, status: answered }, retryLimits, 0.5),
      100,
    );
  }
});

test('the wait is drawn from the whole of a backoff that doubles up to its cap', () => {
  const limits = { ...retryLimits, maxRetries: 10, budget: 1_000_000 };
  const widest = [0, 1, 2, 3, 4, 5].map((retries) => retryDelay({ ...network, retries }, limits, 1 - 1e-12));
  assert.deepEqual(
    widest.map((delay) => Math.round(delay ?? Number.NaN)),
    [200, 400, 800, 1_600, 2_000, 2_000],
  );
  assert.equal(retryDelay({ ...network, retries: 3 }, limits, 0), 0);
});

test('a try that took the gateway’s whole time is not repeated: the client’s 5 s are nearly over', () => {
  assert.equal(retryDelay({ ...network, status: 504, elapsed: 4_800 }, retryLimits, 0), undefined);
});

test('a Retry-After beyond the budget means no repetition, rather than an early one', () => {
  assert.equal(retryDelay({ ...network, status: 503, retryAfter: 6_000 }, retryLimits, 0), undefined);
  assert.equal(retryDelay({ ...network, status: 503, retryAfter: 1_000 }, retryLimits, 0), 1_000);
});

test('Retry-After is seconds or a date, and anything else is not there', () => {
  const now = Date.UTC(2026, 0, 1);
  assert.equal(parseRetryAfter('3', now), 3_000);
  assert.equal(parseRetryAfter('Thu, 01 Jan 2026 00:00:07 GMT', now), 7_000);
  assert.equal(parseRetryAfter('Wed, 31 Dec 2025 23:00:00 GMT', now), 0);
  for (const field of [undefined, '', '-1', '1.5', 'soon', '2026-01-01']) {
    assert.equal(parseRetryAfter(field, now), undefined, String(field));
  }
});
