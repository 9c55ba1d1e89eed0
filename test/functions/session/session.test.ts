import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { startSessions, tokenIn } from './session-under-test.ts';

const under = await startSessions({ after });
const { browser, clock } = under;

/** A browser somebody has signed in on. */
async function signedIn(username?: string) {
  const own = browser();
  await own.signIn(username);
  return own;
}

describe('a session', () => {
  test('says whose it is and how long it lasts, to who has both of its cookies', async () => {
    const own = await signedIn('rene');
    const { statusCode, json, headers } = await own.send('GET', '/session');
    const { subject, id } = tokenIn(under, own.token());
    assert.equal(statusCode, 200);
    assert.equal(headers['content-type'], 'application/json');
    const { accessExpiresAt, idleExpiresAt, absoluteExpiresAt, ...rest } = json;
    assert.deepEqual(rest, { id, subject, name: 'rene', email: 'rene@example.com', role: 'reader' });
    const left = [accessExpiresAt, idleExpiresAt, absoluteExpiresAt].map(
      (time) => Number(time) - clock.now(),
    );
    const lives = [900_000, 3_600_000, 36_000_000];
    for (const [index, life] of lives.entries()) {
      const rest = left[index] ?? 0;
      assert.ok(rest <= life && rest > life - 30_000, `${index}: ${rest}`);
    }
    for (const name of ['__Host-session', '__Secure-refresh']) {
      const partial = own.jar.copy();
      partial.kept.delete(name);
      assert.equal((await browser(partial).send('GET', '/session')).statusCode, 401);
    }
    const mixed = own.jar.copy();
    mixed.kept.set('__Host-session', (await signedIn()).jar.kept.get('__Host-session') ?? assert.fail());
    assert.equal((await browser(mixed).send('GET', '/session')).statusCode, 401);
  });

  test('goes on with new cookies, and its old access token is no longer its own', async () => {
    const own = await signedIn();
    const before = own.jar.copy();
    assert.equal((await own.send('POST', '/session/refresh')).statusCode, 204);
    assert.notEqual(own.token(), before.value('__Secure-refresh'));
    assert.notEqual(own.jar.value('__Host-session'), before.value('__Host-session'));
    assert.equal((await own.send('GET', '/session')).statusCode, 200);
    const stale = own.jar.copy();
    stale.kept.set('__Host-session', before.kept.get('__Host-session') ?? assert.fail());
    assert.equal((await browser(stale).send('GET', '/session')).statusCode, 401);
  });

  test('keeps no secret in the table, and the pool’s token only sealed', async () => {
    const own = await signedIn();
    await own.send('POST', '/session/refresh');
    const token = tokenIn(under, own.token());
    const stored = JSON.stringify(await under.store.find(token));
    for (const each of [token.secret, own.token(), own.jar.value('__Host-session') ?? '']) {
      assert.ok(each.length > 20 && !stored.includes(each));
    }
    assert.ok(!/eyJ/.test(stored), 'no token in plain text');
  });

  test('is refused without a token, with one that was made up, or with two that differ', async () => {
    const own = await signedIn();
    const good = own.token();
    const forged = `${good.slice(0, -43)}${'A'.repeat(43)}`;
    const [subject = '', id = '', secret = ''] = good.split('.');
    const cases = ['', 'a', forged, [subject, id, secret.toUpperCase(), good.slice(-43)].join('.')];
    for (const value of cases) {
      const { statusCode, json } = await browser().send('POST', '/session/refresh', {
        headers: { cookie: `__Secure-refresh=${value}` },
      });
      assert.deepEqual([statusCode, json.type], [401, 'urn:strata:problem:session-missing']);
    }
    const two = await browser().send('POST', '/session/refresh', {
      headers: { cookie: `__Secure-refresh=${good}; __Secure-refresh=${(await signedIn()).token()}` },
    });
    assert.equal(two.statusCode, 401);
    assert.equal((await own.send('POST', '/session/refresh')).statusCode, 204, 'the session lives on');
  });

  test('that nobody used ends after its idle time, and any after its whole time', async () => {
    const idle = await signedIn();
    const busy = await signedIn();
    const started = clock.ahead;
    clock.ahead += 3_590_000;
    assert.equal((await busy.send('POST', '/session/refresh')).statusCode, 204);
    clock.ahead += 20_000;
    const { statusCode, json } = await idle.send('POST', '/session/refresh');
    assert.deepEqual([statusCode, json.type], [401, 'urn:strata:problem:session-ended']);
    assert.equal(idle.token(), '');
    for (;;) {
      clock.ahead += 3_550_000;
      const answered = await busy.send('POST', '/session/refresh');
      const isOver = clock.ahead - started >= 36_000_000;
      assert.equal(answered.statusCode, isOver ? 401 : 204);
      if (isOver) break;
      const left = Number(/refresh=.*Max-Age=(\d+)/.exec(answered.cookies[1] ?? '')?.[1]);
      assert.ok(left * 1000 <= 36_000_000 - (clock.ahead - started) + 1000, 'never past its end');
    }
    clock.ahead = started;
  });

  test('takes up another role and name with its next token, and ends when there is none any more', async () => {
    const own = await signedIn();
    const { settings } = under.pool;
    const users = settings.users.filter(({ username }) => username !== 'erin');
    const erin = settings.users.find(({ username }) => username === 'erin') ?? assert.fail();
    await under.pool.update({ ...settings, users: [...users, { ...erin, groups: ['admin', 'editor'] }] });
    await own.send('POST', '/session/refresh');
    assert.equal((await own.send('GET', '/session')).json.role, 'admin');
    await under.pool.update({ ...settings, users: [...users, { ...erin, groups: [] }] });
    const { statusCode } = await own.send('POST', '/session/refresh');
    await under.pool.update(settings);
    assert.equal(statusCode, 401);
    assert.equal((await own.send('GET', '/session')).statusCode, 401);
  });
});

describe('one’s own sessions', () => {
  test('are listed, nobody else’s, and each can be ended from any other, at once', async () => {
    const [one, two, other] = [await signedIn(), await signedIn(), await signedIn('rene')];
    const ids = [one, two, other].map((own) => tokenIn(under, own.token()).id);
    const { json } = await one.send('GET', '/session/list');
    const listed = json.sessions as { id: string; current: boolean; createdAt: number; lastUsedAt: number }[];
    const found = new Map(listed.map((session) => [session.id, session]));
    assert.deepEqual([found.get(ids[0] ?? '')?.current, found.get(ids[1] ?? '')?.current], [true, false]);
    assert.ok(!found.has(ids[2] ?? ''));
    assert.deepEqual(Object.keys(listed[0] ?? {}), ['id', 'current', 'createdAt', 'lastUsedAt', 'userAgent']);
    assert.equal((await one.send('DELETE', `/session/${ids[2]}`)).statusCode, 404);
    assert.equal((await other.send('GET', '/session')).statusCode, 200);
    const ended = await one.send('DELETE', `/session/${ids[1]}`);
    assert.deepEqual([ended.statusCode, ended.cookies], [204, []]);
    assert.equal((await two.send('GET', '/session')).statusCode, 401);
    assert.equal((await two.send('POST', '/session/refresh')).statusCode, 401);
    assert.equal((await one.send('DELETE', `/session/${ids[1]}`)).statusCode, 404);
    assert.equal((await one.send('DELETE', `/session/${ids[0]}`)).statusCode, 204);
    assert.equal(one.token(), '');
  });

  test('end here and in the user pool with a sign-out, the others with one from everywhere', async () => {
    const [one, two] = [await signedIn(), await signedIn()];
    const kept = one.jar.copy();
    const { statusCode, cookies } = await one.send('POST', '/session/sign-out');
    assert.equal(statusCode, 204);
    assert.deepEqual(
      cookies.map((cookie) => cookie.split(';', 1)[0]),
      ['__Host-session=', '__Secure-refresh='],
    );
    assert.equal((await browser(kept).send('GET', '/session')).statusCode, 401);
    assert.equal((await two.send('GET', '/session')).statusCode, 200);
    const three = await signedIn();
    const all = await two.send('POST', '/session/sign-out', { body: '{"everywhere":true}' });
    assert.equal(all.statusCode, 204);
    for (const own of [two, three])
      assert.equal((await own.send('POST', '/session/refresh')).statusCode, 401);
    assert.equal((await two.send('POST', '/session/sign-out')).statusCode, 204, 'signed out is signed out');
    assert.equal(
      (await two.send('POST', '/session/sign-out', { body: '{"everywhere":true}' })).statusCode,
      401,
    );
  });

  test('are not ended by a body that says something else', async () => {
    const own = await signedIn();
    for (const body of ['{', '{"everywhere":"yes"}', '{"everywhere":1}']) {
      assert.equal((await own.send('POST', '/session/sign-out', { body })).statusCode, 400);
    }
    assert.equal((await own.send('GET', '/session')).statusCode, 200);
  });
});

describe('what there is not', () => {
  test('is 404, and another method 405 with those there are', async () => {
    const own = browser();
    assert.equal((await own.send('GET', '/session/other')).statusCode, 404);
    assert.equal((await own.send('GET', '/session/__proto__')).statusCode, 404);
    const { statusCode, headers } = await own.send('DELETE', '/session/refresh');
    assert.deepEqual([statusCode, headers.allow], [405, 'POST']);
  });
});

test('nothing that is secret is told', () => {
  const told = JSON.stringify(under.events);
  assert.ok(under.events.length > 10);
  assert.deepEqual([...new Set(under.events.flatMap((event) => Object.keys(event)))].toSorted(), [
    'event',
    'reason',
    'session',
    'subject',
  ]);
  assert.ok(!/eyJ/.test(told));
});
