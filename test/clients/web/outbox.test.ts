import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Entity } from '../../../clients/web/src/api/entity.ts';
import {
  enqueued,
  type NewChange,
  rebased,
  type WaitingChange,
} from '../../../clients/web/src/outbox/change.ts';

const entity: Entity = {
  id: 'e',
  name: 'Delft',
  attributes: {},
  version: 3,
  createdAt: '2026-01-01T00:00:00Z',
  updatedAt: '2026-01-01T00:00:00Z',
};
const edit = (id: string, name: string, sent = false): NewChange => ({
  id,
  subject: 'me',
  kind: 'replace',
  entityId: 'e',
  base: entity,
  input: { name, attributes: {} },
  ifMatch: 3,
  idempotencyKey: `key of ${id}`,
  sent,
});
const removal: NewChange = {
  id: 'gone',
  subject: 'me',
  kind: 'delete',
  entityId: 'e',
  base: entity,
  ifMatch: 3,
  idempotencyKey: 'key',
  sent: false,
};
const creation: NewChange = {
  id: 'c',
  subject: 'me',
  kind: 'create',
  entityId: 'local-c',
  input: { name: 'New', attributes: {} },
  idempotencyKey: 'key of c',
  sent: false,
};

/** A queue after some changes. */
function queueOf(...changes: NewChange[]): readonly WaitingChange[] {
  let queue: WaitingChange[] = [];
  for (const change of changes) {
    const { put, remove } = enqueued(queue, change, 0);
    const left = queue.filter(({ id }) => !remove.includes(id) && !put.some((entry) => entry.id === id));
    queue = [...left, ...put].sort((one, other) => one.position - other.position);
  }
  return queue;
}

test('a second edit before the first was sent is one change, on the version that was seen', () => {
  const queue = queueOf(edit('1', 'A'), edit('2', 'B'));
  assert.equal(queue.length, 1);
  assert.equal(queue[0]?.input?.name, 'B');
  assert.equal(queue[0]?.ifMatch, 3);
  assert.equal(queue[0]?.idempotencyKey, 'key of 2', 'another request has another key');
});

test('an edit after one that may have arrived waits behind it, so that the same request can be repeated', () => {
  const queue = queueOf(edit('1', 'A', true), edit('2', 'B'));
  assert.deepEqual(
    queue.map(({ id, idempotencyKey }) => [id, idempotencyKey]),
    [
      ['1', 'key of 1'],
      ['2', 'key of 2'],
    ],
  );
});

test('an edit that follows one that was carried out is made on what that became', () => {
  const queue = queueOf(edit('1', 'A', true), edit('2', 'B'));
  const [first] = queue;
  assert.ok(first);
  const [next] = rebased(queue, first, { ...entity, name: 'A', version: 4 });
  assert.equal(next?.ifMatch, 4);
  assert.equal(next?.base?.name, 'A');
});

test('what was created and deleted before anyone saw it is nothing', () => {
  assert.deepEqual(queueOf(creation, { ...removal, entityId: 'local-c' }), []);
});

test('an edit of what is yet to be created is part of its creation', () => {
  const queue = queueOf(creation, { ...edit('2', 'Newer'), entityId: 'local-c' });
  assert.equal(queue.length, 1);
  assert.equal(queue[0]?.kind, 'create');
  assert.equal(queue[0]?.input?.name, 'Newer');
});

test('a deletion takes the edits before it along, on the version that was seen', () => {
  const queue = queueOf(edit('1', 'A'), removal);
  assert.deepEqual(
    queue.map(({ kind, ifMatch }) => [kind, ifMatch]),
    [['delete', 3]],
  );
});

test('changes of different people are never one', () => {
  assert.equal(queueOf(edit('1', 'A'), { ...edit('2', 'B'), subject: 'you' }).length, 2);
});
