import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { EntityInput } from '../../../clients/web/src/api/entity.ts';
import { conflictsOf, fieldKey, resolved, same } from '../../../clients/web/src/entities/conflict.ts';

const entity = fc.record({
  name: fc.constantFrom('Delft', 'Leiden', 'Gouda'),
  attributes: fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__'), fc.jsonValue({ maxDepth: 1 }), {
    noNullPrototype: true,
  }),
});
const base: EntityInput = { name: 'Delft', attributes: { country: 'NL', river: 'Schie' } };

test('only fields in which the two versions differ are asked about', () => {
  const mine = { name: 'Delft', attributes: { country: 'NL', river: 'Vliet', old: true } };
  const theirs = { name: 'Delft!', attributes: { country: 'NL', river: 'Rijn' } };
  const asked = conflictsOf(base, mine, theirs).map(({ field, settled }) => [fieldKey(field), settled]);
  assert.deepEqual(asked, [
    ['name', 'theirs'],
    ['attributes.river', undefined],
    ['attributes.old', 'mine'],
  ]);
});

test('a field that one removed and the other changed is left to be chosen', () => {
  const mine = { name: 'Delft', attributes: { country: 'NL' } };
  const theirs = { name: 'Delft', attributes: { country: 'NL', river: 'Rijn' } };
  const [conflict] = conflictsOf(base, mine, theirs);
  assert.ok(conflict);
  assert.equal(conflict.settled, undefined);
  assert.equal(conflict.mine, undefined);
  assert.deepEqual(
    resolved(theirs, [conflict], () => 'mine'),
    mine,
  );
});

test('all mine is my version, all theirs is theirs', () => {
  fc.assert(
    fc.property(entity, entity, entity, (before, mine, theirs) => {
      const conflicts = conflictsOf(before, mine, theirs);
      assert.ok(
        same(
          resolved(theirs, conflicts, () => 'mine'),
          mine,
        ),
      );
      assert.ok(
        same(
          resolved(theirs, conflicts, () => 'theirs'),
          theirs,
        ),
      );
    }),
  );
});

test('what only one side changed is settled for that side', () => {
  fc.assert(
    fc.property(entity, entity, (before, changed) => {
      for (const { settled } of conflictsOf(before, changed, before)) assert.equal(settled, 'mine');
      for (const { settled } of conflictsOf(before, before, changed)) assert.equal(settled, 'theirs');
    }),
  );
});
