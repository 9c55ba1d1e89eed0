import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Session } from '../../src/data/sessions/session.ts';
import { openSessionStore } from '../../src/data/sessions/store.ts';
import { openTableClient } from '../../src/data/table/client.ts';
import { afterwards, startDynamo } from '../engines.ts';

const lifetime = { after };
const engine = await startDynamo(lifetime);
const connection = {
  endpoint: engine.url,
  region: 'us-west-2',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
};
const table = { name: 'Sessions', partitionKey: 'pk', sortKey: 'sk', timeToLive: 'expiresAt' };
const store = openSessionStore({ ...connection, table });
afterwards(lifetime, store.close);
await store.createTable();

let serial = 0;
/** A session nobody else has. */
function session(changes: Partial<Session> = {}): Session {
  serial += 1;
  return {
    subject: `subject-${serial}`,
    id: `session-${serial}`,
    name: 'Erin',
    role: 'editor',
    userAgent: 'test',
    createdAt: 1000,
    lastUsedAt: 1000,
    idleExpiresAt: 5001,
    absoluteExpiresAt: 9000,
    generation: 1,
    rotatedAt: 1000,
    secretHash: 'hash-1',
    accessHash: 'access-1',
    accessExpiresAt: 2000,
    poolToken: 'sealed',
    ...changes,
  };
}

describe('the table of sessions', () => {
  test('is created once, with the time after which it may remove an item', async () => {
    await store.createTable();
    const { call, close } = openTableClient(connection);
    const described = await call<{ TimeToLiveDescription: object }>('DescribeTimeToLive', {
      TableName: table.name,
    });
    const added = session();
    await store.add(added);
    const { Items = [] } = await call<{ Items?: { expiresAt: { N: string } }[] }>('Query', {
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `SUBJECT#${added.subject}` } },
    });
    await close();
    assert.deepEqual(described.TimeToLiveDescription, {
      AttributeName: 'expiresAt',
      TimeToLiveStatus: 'ENABLED',
    });
    assert.equal(Items[0]?.expiresAt.N, '6');
  });

  test('gives a session back as it was added, all of one subject, and none after its removal', async () => {
    const one = session({ email: 'erin@example.com', precedingHash: 'hash-0', successor: 'sealed' });
    const other = session({ subject: one.subject });
    await store.add(one);
    await store.add(other);
    assert.deepEqual(await store.find(one), one);
    assert.equal(await store.find({ ...one, subject: 'somebody else' }), undefined);
    assert.deepEqual(await store.list(one.subject), [one, other]);
    assert.deepEqual(await store.remove(one), one);
    assert.equal(await store.remove(one), undefined);
    assert.deepEqual(await store.list(one.subject), [other]);
  });

  test('gives one of many the turn, and the next one when that is given back or over', async () => {
    const kept = session();
    await store.add(kept);
    const take = (claim: string, now: number) => store.claim(kept, { claim, now, until: now + 100 });
    const turns = await Promise.all(Array.from({ length: 10 }, (_, index) => take(`claim-${index}`, 1000)));
    assert.equal(turns.filter(Boolean).length, 1);
    assert.equal(await take('late', 1099), false);
    assert.equal(await take('late', 1100), true);
    await store.release(kept, 'somebody else');
    assert.equal(await take('next', 1150), false);
    await store.release(kept, 'late');
    assert.equal(await take('next', 1150), true);
  });

  test('goes on to the next generation for who has the turn alone, once', async () => {
    const kept = session();
    await store.add(kept);
    const next = { ...kept, generation: 2, secretHash: 'hash-2' };
    assert.equal(await store.advance(next, 'mine'), false);
    await store.claim(kept, { claim: 'mine', now: 1000, until: 1100 });
    assert.equal(await store.advance(next, 'other'), false);
    assert.equal(await store.advance(next, 'mine'), true);
    assert.deepEqual(await store.find(kept), next);
    assert.equal(await store.advance(next, 'mine'), true, 'a repetition of what was done is no failure');
    assert.equal(await store.advance({ ...next, secretHash: 'hash-3' }, 'mine'), false);
    assert.equal(await store.claim(kept, { claim: 'old', now: 2000, until: 2100 }), false);
    await store.remove(kept);
    assert.equal(await store.advance({ ...next, generation: 3 }, 'mine'), false, 'what has ended stays so');
    assert.equal(await store.find(kept), undefined);
  });
});
