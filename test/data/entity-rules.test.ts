import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkAttributes, checkName, isEntityId } from '../../src/data/entity-rules.ts';
import { mergePatch } from '../../src/data/merge-patch.ts';
import { decodeCursor, encodeCursor } from '../../src/data/relational/cursor.ts';

const limit = 256 * 1024;

test('a name has 1 to 255 characters, however many bytes they take', () => {
  for (const name of ['x', 'x'.repeat(255), '𝄞'.repeat(255), ' ']) assert.deepEqual(checkName(name), []);
  for (const name of ['', 'x'.repeat(256), '𝄞'.repeat(256), 'a\0', '\ud800', 7, undefined]) {
    assert.equal(checkName(name).length, 1, JSON.stringify(name));
  }
});

test('all JSON objects within the limits may be attributes', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));
  fc.assert(
    fc.property(json, (value) => {
      const hasNul = JSON.stringify(value).includes('\\u0000');
      assert.equal(checkAttributes(value, limit).length === 0, !hasNul);
    }),
  );
});

test('no more than a handful of problems of one entity is told', () => {
  const attributes = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, '\0']));
  assert.equal(checkAttributes(attributes, limit).length, 20);
});

test('an id is a UUID in any letter case', () => {
  fc.assert(fc.property(fc.uuid(), (id) => isEntityId(id) && isEntityId(id.toUpperCase())));
  for (const text of [
    '',
    '7',
    '{0197a7a0-0000-7000-8000-000000000002}',
    '0197a7a0000070008000000000000002',
  ]) {
    assert.equal(isEntityId(text), false);
  }
});

test('a cursor reads back as its position, and no other text is a cursor', () => {
  const second = fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(second, fc.uuid(), (date, id) => {
      const position = { createdAt: date.toISOString().replace('Z', '123Z'), id };
      assert.deepEqual(decodeCursor(encodeCursor(position)), position);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => decodeCursor(text) === undefined));
});

// RFC 7396, appendix A.
const patches: [unknown, unknown, unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [
    ['a', 'b'],
    ['c', 'd'],
    ['c', 'd'],
  ],
  [{ a: 'b' }, ['c'], ['c']],
  [{ a: 'foo' }, null, null],
  [{ a: 'foo' }, 'bar', 'bar'],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
];
for (const [target, patch, result] of patches) {
  test(`${JSON.stringify(target)} merged with ${JSON.stringify(patch)} is ${JSON.stringify(result)}`, () => {
    assert.deepEqual(mergePatch(target, patch), result);
  });
}

test('a patch cannot reach a prototype', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}'));
  assert.equal(Object.getPrototypeOf(merged), Object.prototype);
  assert.equal('polluted' in {}, false);
});
