import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type RunningTask, rollout } from '../../src/compute/rollout.ts';

const tasks = (revision: string, ...numbers: number[]): RunningTask[] =>
  numbers.map((number) => ({ number, revision }));

describe('a rollout', () => {
  test('starts as many tasks as there are missing', () => {
    assert.deepEqual(rollout([], { tasks: 2, revision: 'a' }), [{ start: 1 }, { start: 2 }]);
  });

  test('stops the highest numbers first', () => {
    assert.deepEqual(rollout(tasks('a', 1, 2, 3), { tasks: 1, revision: 'a' }), [{ stop: 3 }, { stop: 2 }]);
  });

  test('changes nothing when nothing changed', () => {
    assert.deepEqual(rollout(tasks('a', 1, 2), { tasks: 2, revision: 'a' }), []);
  });

  test('replaces one task at a time, the new one before the old one leaves', () => {
    assert.deepEqual(rollout(tasks('a', 1, 2), { tasks: 2, revision: 'b' }), [
      { start: 3 },
      { stop: 1 },
      { start: 1 },
      { stop: 2 },
    ]);
  });

  test('fills a gap that an earlier one left', () => {
    assert.deepEqual(rollout(tasks('a', 1, 3), { tasks: 3, revision: 'a' }), [{ start: 2 }]);
  });

  test('ends at what is wanted and never serves with fewer tasks than before or after', () => {
    const running = fc.uniqueArray(
      fc.record({ number: fc.integer({ min: 1, max: 9 }), revision: fc.constantFrom('a', 'b') }),
      {
        selector: ({ number }) => number,
      },
    );
    const desired = fc.record({ tasks: fc.integer({ min: 1, max: 8 }), revision: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(running, desired, (before, after) => {
        const state = new Map(before.map(({ number, revision }) => [number, revision]));
        const most = Math.max(before.length, after.tasks) + 1;
        const least = Math.min(before.length, after.tasks);
        for (const step of rollout(before, after)) {
          if ('start' in step) {
            assert.ok(!state.has(step.start));
            state.set(step.start, after.revision);
          } else assert.ok(state.delete(step.stop));
          assert.ok(state.size <= most && state.size >= least);
        }
        assert.equal(state.size, after.tasks);
        assert.ok([...state.values()].every((revision) => revision === after.revision));
      }),
    );
  });
});
