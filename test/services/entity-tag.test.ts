import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  entityTag,
  namesVersion,
  parseVersionCondition,
  strongVersions,
} from '../../services/entities/entity-tag.ts';

const versions = fc.integer({ min: 1, max: 2 ** 50 });
const tags = fc.array(fc.record({ version: versions, weak: fc.boolean() }), { minLength: 1, maxLength: 8 });
const separators = fc.constantFrom(',', ', ', ' ,\t', ',,', ', , ');

describe('entity tags', () => {
  test('a list is read as it was written, however it is spaced', () => {
    fc.assert(
      fc.property(tags, separators, (list, separator) => {
        const header = list
          .map(({ version, weak }) => (weak ? 'W/' : '') + entityTag(version))
          .join(separator);
        const condition = parseVersionCondition(header);
        assert.ok(condition && condition !== '*');
        assert.deepEqual(
          condition,
          list.map(({ version, weak }) => ({ version, weak })),
        );
        assert.deepEqual(
          strongVersions(condition),
          list.filter(({ weak }) => !weak).map(({ version }) => version),
        );
        for (const { version } of list) assert.ok(namesVersion(condition, version));
      }),
    );
  });

  test('any text is a condition or is not, in linear time', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('"', ',', ' ', 'W', '/', '1', '*', 'é'), maxLength: 60 }),
        (text) => {
          const condition = parseVersionCondition(text);
          assert.ok(condition === undefined || condition === '*' || condition.length > 0);
        },
      ),
    );
    assert.equal(parseVersionCondition(`${' '.repeat(60_000)}x`), undefined);
    assert.equal(parseVersionCondition(`"1"${' '.repeat(60_000)}x`), undefined);
  });

  test('tags this service never gave name no version', () => {
    const condition = parseVersionCondition('"abc", "01", "-1", "1.0", ""');
    assert.ok(condition && condition !== '*');
    assert.deepEqual(strongVersions(condition), []);
    assert.ok(!namesVersion(condition, 1));
  });
});
