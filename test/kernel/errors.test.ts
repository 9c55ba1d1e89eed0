import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import { errorTable } from '../../src/kernel/errors.ts';

test('each error code stands in one part of the table, and each part is in the table', async () => {
  const folder = new URL('../../src/kernel/errors/', import.meta.url);
  const parts = await Promise.all(
    (await readdir(folder)).map(async (file) => Object.values(await import(new URL(file, folder).href))),
  );
  const codes = parts.flat().flatMap((part) => Object.keys(part as object));
  assert.deepEqual(codes.toSorted(), Object.keys(errorTable).toSorted());
});
