import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { newSecret } from '../../../functions/session/refresh-token.ts';
import { seal, unseal } from '../../../functions/session/sealing.ts';
import { signInAtPool } from './pool-sign-in.ts';
import { origin, startSessions } from './session-under-test.ts';

const under = await startSessions({ after });
const { browser, clock } = under;

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

  test('is refused with another nonce or another proof key than this browser’s, whoever holds the code', async () => {
    for (const name of ['nonce', 'verifier']) {
      const own = browser();
      const { headers } = await own.send('GET', '/session/sign-in');
      const { search } = await signInAtPool(headers.location ?? '');
      const cookie = own.jar.kept.get('__Host-sign-in') ?? assert.fail();
      const signIn = JSON.parse(unseal(under.keys.sealing, cookie.value, 'sign-in') ?? assert.fail());
      const other = { ...signIn, [name]: newSecret() };
      const value = seal(under.keys.sealing, JSON.stringify(other), 'sign-in');
      own.jar.kept.set('__Host-sign-in', { ...cookie, value });
      const answered = await own.send('GET', `/session/callback${search}`);
      assert.equal(answered.headers.location, `${origin}/signed-out?error=sign-in-failed`, name);
      assert.deepEqual([own.jar.value('__Host-session'), own.token()], [undefined, '']);
    }
  });

  test('of somebody without a role begins no session', async () => {
    const own = browser();
    const { headers } = await own.signIn('nora');
    assert.equal(headers.location, `${origin}/signed-out?error=no-role`);
    assert.equal(own.token(), '');
  });
});
