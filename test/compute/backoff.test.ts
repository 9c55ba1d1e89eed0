import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFailure, restartDelay } from '../../src/compute/backoff.ts';

test('restarts wait twice as long each time, up to five seconds', () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((failures) => restartDelay(failures));
  assert.deepEqual(waits, [100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
});

test('a process that ran for ten seconds starts counting anew', () => {
  assert.equal(countFailure(7, 9999), 8);
  assert.equal(countFailure(7, 10_000), 1);
});
