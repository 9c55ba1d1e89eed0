import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { TokenBucket } from '../../src/gateway/token-bucket.ts';

/** Milliseconds in whole microseconds, as a monotonic clock gives them. */
const pauses = fc.array(fc.integer({ min: 0, max: 2_000_000 }), { maxLength: 400 });
const sizes = fc.record({
  rate: fc.integer({ min: 1, max: 10_000 }),
  burst: fc.integer({ min: 1, max: 5000 }),
});

describe('a token bucket', () => {
  test('never passes more than burst + rate × time, over any stretch of time', () => {
    fc.assert(
      fc.property(sizes, pauses, (size, steps) => {
        const bucket = new TokenBucket(size, 0);
        const passed: number[] = [];
        let micros = 0;
        for (const step of steps) {
          micros += step;
          while (bucket.has(micros / 1000)) {
            bucket.take();
            passed.push(micros);
          }
        }
        for (const [index, start] of passed.entries()) {
          const last = passed.at(-1) ?? start;
          const allowed = size.burst + Math.floor((size.rate * (last - start + 1)) / 1e6);
          assert.ok(passed.length - index <= allowed, `${passed.length - index} passed of ${allowed}`);
          if (index > 20) break;
        }
      }),
      { numRuns: 60 },
    );
  });

  test('passes exactly 1000 a second of 2000 offered, once it is empty', () => {
    const bucket = new TokenBucket({ rate: 1000, burst: 1000 }, 0);
    while (bucket.has(0)) bucket.take();
    let passed = 0;
    for (let request = 1; request <= 20_000; request++) {
      if (!bucket.has(request / 2)) continue;
      bucket.take();
      passed++;
    }
    assert.equal(passed, 10_000);
  });

  test('fills up to its size and not beyond', () => {
    const bucket = new TokenBucket({ rate: 10, burst: 3 }, 0);
    let passed = 0;
    for (; bucket.has(3_600_000); passed++) bucket.take();
    assert.equal(passed, 3);
  });

  test('gains nothing when its clock stands still or goes back', () => {
    const bucket = new TokenBucket({ rate: 1000, burst: 1 }, 5000);
    bucket.take();
    assert.equal(bucket.has(5000), false);
    assert.equal(bucket.has(0), false);
    assert.equal(bucket.has(5000), false);
    assert.equal(bucket.has(5001), true);
  });

  test('keeps its level when it is resized, as far as it fits', () => {
    const bucket = new TokenBucket({ rate: 1, burst: 10 }, 0);
    bucket.resize({ rate: 1, burst: 2 }, 0);
    bucket.resize({ rate: 1, burst: 10 }, 0);
    let passed = 0;
    for (; bucket.has(0); passed++) bucket.take();
    assert.equal(passed, 2);
  });
});
