import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Entity, EntityPage } from '../../../clients/web/src/api/entity.ts';
import {
  type OwnWrite,
  staleness,
  withOwnWrites,
  withWrite,
} from '../../../clients/web/src/entities/own-writes.ts';

const entity = (id: string, version: number, name = id): Entity => ({
  id,
  name,
  version,
  attributes: {},
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
});
const wrote = (written: Entity, created = false, at = 0): OwnWrite => ({
  kind: 'entity',
  entity: written,
  created,
  at,
});
const page = (...items: Entity[]): EntityPage => ({ items });
const names = (entities: readonly Entity[]) => entities.map(({ id, version }) => `${id}@${version}`);

test('a list that is behind shows this device’s changes, and one that is ahead shows its own', () => {
  const writes = [wrote(entity('a', 2)), wrote(entity('b', 2))];
  assert.deepEqual(names(withOwnWrites([page(entity('a', 1), entity('b', 3))], writes, '')), ['a@2', 'b@3']);
});

test('what was created stands on top until the list has it, and then once', () => {
  const writes = [wrote(entity('new', 1), true)];
  assert.deepEqual(names(withOwnWrites([page(entity('a', 1))], writes, '')), ['new@1', 'a@1']);
  assert.deepEqual(names(withOwnWrites([page(entity('a', 1), entity('new', 1))], writes, '')), [
    'a@1',
    'new@1',
  ]);
});

test('what was deleted is gone from a list that still has it', () => {
  const writes: OwnWrite[] = [{ kind: 'deleted', id: 'a', version: 1, at: 0 }];
  assert.deepEqual(names(withOwnWrites([page(entity('a', 1), entity('b', 1))], writes, '')), ['b@1']);
});

test('a renamed entity leaves the list of its old name and is in that of its new one', () => {
  const writes = [wrote(entity('a', 2, 'new'))];
  assert.deepEqual(withOwnWrites([page(entity('a', 1, 'old'))], writes, 'old'), []);
  assert.deepEqual(names(withOwnWrites([page()], writes, 'new')), ['a@2']);
});

test('an edit of what one created is still a creation to the lists', () => {
  const created = withWrite([], wrote(entity('a', 1), true), 0);
  const edited = withWrite(created, wrote(entity('a', 2)), 1);
  assert.deepEqual(names(withOwnWrites([page()], edited, '')), ['a@2']);
});

test('a write is forgotten when no cache can be behind it any more', () => {
  const writes = withWrite([], wrote(entity('a', 2)), 0);
  const later = withWrite(writes, wrote(entity('b', 1), true, staleness + 1), staleness + 1);
  assert.deepEqual(names(withOwnWrites([page(entity('a', 1))], later, '')), ['b@1', 'a@1']);
});

test('no entity is twice in a list, no version goes back, whatever pages and writes overlap', () => {
  const id = fc.constantFrom('a', 'b', 'c', 'd');
  const some = fc.tuple(id, fc.integer({ min: 1, max: 4 }));
  const write = fc.oneof(
    some.map(([of, version]) => wrote(entity(of, version), version === 1)),
    some.map(([of, version]): OwnWrite => ({ kind: 'deleted', id: of, version, at: 0 })),
  );
  fc.assert(
    fc.property(fc.array(fc.array(some)), fc.array(write), (pages, written) => {
      const writes = written.reduce<readonly OwnWrite[]>((all, next) => withWrite(all, next, 0), []);
      const listed = pages.map((items) => page(...items.map(([of, version]) => entity(of, version))));
      const shown = withOwnWrites(listed, writes, '');
      assert.equal(new Set(shown.map((one) => one.id)).size, shown.length);
      for (const own of writes) {
        const found = shown.find((one) => one.id === (own.kind === 'entity' ? own.entity.id : own.id));
        if (own.kind === 'deleted') assert.equal(found, undefined);
        else if (found) assert.ok(found.version >= own.entity.version);
      }
    }),
  );
});
