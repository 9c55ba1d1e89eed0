import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { signInAtPool } from './pool-sign-in.ts';
import { origin, startSessions, tokenIn } from './session-under-test.ts';

const under = await startSessions({ after });
const { browser, clock } = under;

/** A browser somebody has signed in on. */
async function signedIn(username?: string) {
  const own = browser();
  await own.signIn(username);
  return own;
}

describe('a sign-in', () => {
  test('goes to the user pool with code, PKCE, state and nonce, and remembers them in a sealed cookie', async () => {
    const own = browser();
    const { statusCode, headers, cookies } = await own.send('GET', '/session/sign-in?return=/entities');
    const location = new URL(headers.location ?? '');
    assert.deepEqual([statusCode, headers['cache-control']], [302, 'no-store']);
    assert.equal(`${location.origin}${location.pathname}`, `${under.pool.base}/oauth2/authorize`);
    const asked = Object.fromEntries(location.searchParams);
    assert.deepEqual(
      [asked.response_type, asked.client_id, asked.redirect_uri, asked.code_challenge_method, asked.scope],
      ['code', 'web', `${origin}/session/callback`, 'S256', 'openid email profile'],
    );
    assert.equal(asked.prompt, 'login', 'who signed out is asked again');
    for (const random of [asked.state, asked.nonce, asked.code_challenge]) {
      assert.match(random ?? '', /^[\w-]{43}$/);
    }
    assert.match(
      cookies[0] ?? '',
      /^__Host-sign-in=[\w-]+; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=600$/,
    );
    assert.ok(!cookies[0]?.includes(asked.state ?? ''));
  });

  test('ends where it was to lead, with an access token and a refresh token in cookies of their own', async () => {
    const own = browser();
    const { statusCode, headers, cookies } = await own.signIn();
    assert.deepEqual([statusCode, headers.location], [302, `${origin}/entities?name=A`]);
    assert.deepEqual(
      cookies.map((cookie) => cookie.replace(/=[^;]*/, '').replace(/\d+$/, '')),
      [
        '__Host-sign-in; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=',
        '__Host-session; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=',
        '__Secure-refresh; Path=/session; Secure; HttpOnly; SameSite=Strict; Max-Age=',
      ],
    );
    const [, access = '', refresh = ''] = cookies.map((cookie) => cookie.split('Max-Age=')[1]);
    assert.ok(Number(access) > 880 && Number(access) <= 900);
    assert.ok(Number(refresh) > 3580 && Number(refresh) <= 3600);
    assert.equal(own.jar.value('__Host-sign-in'), undefined);
    const claims = decodeJwt(own.jar.value('__Host-session') ?? '');
    assert.deepEqual([claims.token_use, claims['cognito:groups']], ['access', ['editor']]);
  });

  test('that began on another of the platform’s names leads back there', async () => {
    const referer = 'http://127.0.0.1:8080/entities';
    const own = browser();
    const { headers } = await own.send('GET', '/session/sign-in', { headers: { referer } });
    const asked = new URL(headers.location ?? '').searchParams;
    assert.equal(asked.get('redirect_uri'), 'http://127.0.0.1:8080/session/callback');
    const back = await signInAtPool(headers.location ?? '');
    const finished = await own.send('GET', `/session/callback${back.search}`);
    assert.equal(finished.headers.location, 'http://127.0.0.1:8080/');
    const stranger = await browser().send('GET', '/session/sign-in', {
      headers: { referer: 'http://evil.example/' },
    });
    assert.ok(stranger.headers.location?.includes(encodeURIComponent(origin)));
  });

  test('that this browser has not begun, or not in time, or that says something else, comes to nothing', async () => {
    const begun = browser();
    const { headers } = await begun.send('GET', '/session/sign-in');
    const { search } = await signInAtPool(headers.location ?? '');
    const code = new URLSearchParams(search).get('code');
    const state = new URLSearchParams(search).get('state');
    const other = browser();
    await other.send('GET', '/session/sign-in');
    const cases = [
      ['another browser', () => browser().send('GET', `/session/callback${search}`)],
      ['another sign-in', () => other.send('GET', `/session/callback${search}`)],
      ['no state', () => begun.send('GET', `/session/callback?code=${code}`)],
      ['two states', () => begun.send('GET', `/session/callback?code=${code}&state=${state}&state=${state}`)],
    ] as const;
    for (const [what, attempt] of cases) {
      const kept = begun.jar.copy();
      const { statusCode, headers: answered } = await attempt();
      assert.deepEqual(
        [statusCode, answered.location],
        [302, `${origin}/signed-out?error=sign-in-expired`],
        what,
      );
      for (const [name, cookie] of kept.kept) begun.jar.kept.set(name, cookie);
    }
    clock.ahead += 601_000;
    const late = await begun.send('GET', `/session/callback${search}`);
    clock.ahead -= 601_000;
    assert.equal(late.headers.location, `${origin}/signed-out?error=sign-in-expired`);
  });

  test('that the pool refuses, or with a code that is not its own, is told the page in a word', async () => {
    const attempt = async (query: string) => {
      const own = browser();
      const { headers } = await own.send('GET', '/session/sign-in');
      const state = new URL(headers.location ?? '').searchParams.get('state');
      const answered = await own.send('GET', `/session/callback?state=${state}&${query}`);
      assert.deepEqual([own.jar.value('__Host-session'), own.token()], [undefined, '']);
      return answered.headers.location;
    };
    assert.equal(await attempt('error=access_denied'), `${origin}/signed-out?error=access-denied`);
    assert.equal(await attempt('error=<script>'), `${origin}/signed-out?error=sign-in-failed`);
    assert.equal(await attempt('code=made-up'), `${origin}/signed-out?error=sign-in-failed`);
    assert.equal(await attempt('nothing=1'), `${origin}/signed-out?error=sign-in-failed`);
  });

  test('of somebody without a role begins no session', async () => {
    const own = browser();
    const { headers } = await own.signIn('nora');
    assert.equal(headers.location, `${origin}/signed-out?error=no-role`);
    assert.equal(own.token(), '');
  });
});

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
