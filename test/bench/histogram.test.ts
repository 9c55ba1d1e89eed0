import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHistogram, merge, percentile, record } from '../../bench/load/histogram.ts';

test('a percentile is at most 1% above the exact one, and never below it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 20_000_000 }), { minLength: 1, maxLength: 200 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (values, share) => {
        const histogram = createHistogram();
        for (const value of values) record(histogram, value);
        const exact = values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;
        const found = percentile(histogram, share);
        assert.ok(found >= exact && found <= exact * 1.01 + 1, `${found} for ${exact}`);
      },
    ),
  );
});

test('merged histograms are the histogram of all values', () => {
  fc.assert(
    fc.property(fc.array(fc.nat()), fc.array(fc.nat()), (left, right) => {
      const [a, b, all] = [createHistogram(), createHistogram(), createHistogram()];
      for (const value of left) record(a, value);
      for (const value of right) record(b, value);
      for (const value of [...left, ...right]) record(all, value);
      merge(a, b);
      assert.deepEqual(a, all);
    }),
  );
});
