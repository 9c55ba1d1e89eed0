import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { same } from '../../../clients/web/src/entities/conflict.ts';
import { type Draft, draftOf, read } from '../../../clients/web/src/entities/draft.ts';

const row = (key: string, type: Draft['attributes'][number]['type'], text: string) => ({
  row: `row of ${key} ${text}`,
  key,
  type,
  text,
});

test('an entity that is opened and saved untouched is what it was', () => {
  const entity = fc.record({
    name: fc.string({ minLength: 1, maxLength: 40 }).filter((name) => name.trim() !== ''),
    attributes: fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      fc.jsonValue(),
    ),
  });
  fc.assert(
    fc.property(entity, (before) => {
      const result = read(draftOf(before));
      assert.ok('input' in result, JSON.stringify(result));
      assert.ok(same({ ...result.input }, { ...before }));
    }),
  );
});

test('every fault of a draft is told at once, each at its place', () => {
  const attributes = [
    row('', 'text', 'x'),
    row('a', 'number', 'many'),
    row('a', 'text', ''),
    row('b', 'json', '{'),
  ];
  const result = read({ name: ' ', attributes });
  assert.ok('faults' in result);
  assert.deepEqual(
    [...result.faults.keys()],
    ['name', 'row of  x.key', 'row of a many.text', 'row of b {.text'],
  );
});

test('a key that stands twice is told', () => {
  const result = read({ name: 'Delft', attributes: [row('a', 'text', '1'), row('a', 'text', '2')] });
  assert.ok('faults' in result);
  assert.deepEqual([...result.faults.keys()], ['row of a 2.key']);
});

test('a name is counted in characters, not in code units', () => {
  assert.ok('input' in read({ name: '🏙'.repeat(255), attributes: [] }));
  assert.ok('faults' in read({ name: '🏙'.repeat(256), attributes: [] }));
});
