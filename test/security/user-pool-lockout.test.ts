import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLockout, lockoutAfter } from '../../src/security/user-pool/lockout.ts';
import { hashPassword, verifyPassword } from '../../src/security/user-pool/password.ts';

describe('the lockout', () => {
  test('starts at the fifth failure with one second and doubles up to 15 minutes', () => {
    assert.deepEqual(
      [1, 4, 5, 6, 7, 14, 15, 60].map(lockoutAfter),
      [0, 0, 1000, 2000, 4000, 512_000, 900_000, 900_000],
    );
  });

  test('does not count attempts during a lockout, and forgets after 15 quiet minutes', () => {
    let now = 0;
    const lockout = createLockout({ now: () => 0, monotonic: () => now }, 10);
    for (let index = 0; index < 5; index += 1) assert.equal(lockout.begin('erin'), 0);
    now = 400;
    assert.equal(lockout.begin('erin'), 600);
    now = 1000;
    assert.equal(lockout.begin('erin'), 0);
    assert.equal(lockout.begin('erin'), 2000);
    assert.equal(lockout.begin('rene'), 0);
    now += 15 * 60_000;
    for (let index = 0; index < 4; index += 1) assert.equal(lockout.begin('erin'), 0);
    lockout.succeed('erin');
    assert.equal(lockout.begin('erin'), 0);
  });

  test('remembers a bounded number of names', () => {
    const lockout = createLockout({ now: () => 0, monotonic: () => 0 }, 3);
    for (let index = 0; index < 5; index += 1) lockout.begin('erin');
    for (const name of ['a', 'b', 'c']) lockout.begin(name);
    assert.equal(lockout.begin('erin'), 0);
  });
});

describe('a stored password', () => {
  test('is salted, and only the right one matches', async () => {
    const [one, other] = [await hashPassword('pässword'), await hashPassword('pässword')];
    assert.notEqual(one, other);
    assert.doesNotMatch(one, /pässword/);
    assert.equal(await verifyPassword('pässword', one), true);
    assert.equal(await verifyPassword('pa\u0308ssword', one), true);
    assert.equal(await verifyPassword('Password', one), false);
    assert.equal(await verifyPassword('pässword', undefined), false);
  });
});
