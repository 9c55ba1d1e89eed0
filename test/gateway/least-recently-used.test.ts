import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LeastRecentlyUsed } from '../../src/gateway/least-recently-used.ts';

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const operation = fc.oneof(
  fc.record({ kind: fc.constant('get' as const), key }),
  fc.record({ kind: fc.constant('set' as const), key, cost: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('resize' as const), capacity: fc.integer({ min: 0, max: 30 }) }),
);

test('holds what was used last, and never more than its capacity', () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
      const real = new LeastRecentlyUsed<number>(20);
      let capacity = 20;
      /** Oldest use first. */
      let model: { key: string; value: number; cost: number }[] = [];
      const shrink = () => {
        while (model.reduce((total, { cost }) => total + cost, 0) > capacity) model.shift();
      };
      for (const [index, step] of operations.entries()) {
        if (step.kind === 'resize') {
          capacity = step.capacity;
          real.resize(capacity);
        } else if (step.kind === 'get') {
          const found = model.find((each) => each.key === step.key);
          assert.equal(real.get(step.key), found?.value);
          if (found) model = [...model.filter((each) => each !== found), found];
        } else {
          model = model.filter((each) => each.key !== step.key);
          if (step.kind === 'delete') real.delete(step.key);
          else {
            real.set(step.key, index, step.cost);
            if (step.cost <= capacity) model.push({ key: step.key, value: index, cost: step.cost });
          }
        }
        shrink();
        assert.equal(real.size, model.length);
        assert.equal(
          real.cost,
          model.reduce((total, { cost }) => total + cost, 0),
        );
      }
      for (const each of model) assert.equal(real.get(each.key), each.value);
    }),
  );
});
