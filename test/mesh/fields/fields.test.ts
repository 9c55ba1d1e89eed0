import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fields } from '../../../src/mesh/fields.ts';
import { leafPaths } from './leaves.ts';

test('the table has each field of the API once and no other', () => {
  assert.deepEqual(fields.map(({ path }) => path).toSorted(), leafPaths().toSorted());
});

test('each field says what it becomes, or why nothing', () => {
  for (const { path, envoy, unused } of fields) {
    assert.equal(envoy === '', unused !== undefined, path);
  }
});

test('each Envoy field the table names is one the compiler writes', () => {
  const folder = join(import.meta.dirname, '../../../src/mesh/envoy');
  const source = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const named = fields.flatMap(({ envoy }) => envoy.match(/`[^`]+`/g) ?? []);
  const words = new Set(named.flatMap((code) => code.match(/[a-z]+(?:_[a-z0-9]+)+/g) ?? []));
  assert.ok(words.size > 40, 'the table names Envoy fields');
  assert.deepEqual(
    [...words].filter((word) => !source.includes(word)),
    [],
  );
});
