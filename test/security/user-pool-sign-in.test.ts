import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { systemClock } from '../../src/kernel/clock.ts';
import { clientIds } from '../../src/security/user-pool/configuration.ts';
import { lifetimes } from '../../src/security/user-pool/limits.ts';
import {
  authorizePath,
  configurationOf,
  createBrowser,
  logoutUri,
  password,
  proofKey,
  redirectUri,
  requestToken,
  signIn,
  signInForTokens,
  startUserPool,
  stateDirectory,
  verify,
} from './user-pool-client.ts';

describe('the authorization code flow', () => {
  test('ends in tokens with exactly the claims Cognito puts in', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const tokens = await signInForTokens(pool.base);
    assert.equal(tokens.token_type, 'Bearer');
    assert.equal(tokens.expires_in, 3600);
    assert.deepEqual(Object.keys(decodeProtectedHeader(tokens.access_token)).sort(), ['alg', 'kid']);

    const access = await verify(pool.issuer, tokens.access_token);
    const { sub, iat, exp, auth_time, jti, ...stable } = access;
    assert.deepEqual(stable, {
      iss: pool.issuer,
      client_id: clientIds.web,
      token_use: 'access',
      scope: 'openid email',
      'cognito:groups': ['editor'],
      username: 'erin',
      version: 2,
    });
    assert.match(String(sub), /^[0-9a-f-]{36}$/);
    assert.match(String(jti), /^[0-9a-f-]{36}$/);
    assert.equal(Number(exp) - Number(iat), 3600);
    assert.ok(Number(auth_time) <= Number(iat) && Number(auth_time) > Number(iat) - 60);

    const identity = await verify(pool.issuer, tokens.id_token);
    assert.equal(identity.token_use, 'id');
    assert.equal(identity.aud, clientIds.web);
    assert.equal(identity.sub, sub);
    assert.equal(identity['cognito:username'], 'erin');
    assert.deepEqual(identity['cognito:groups'], ['editor']);
    assert.equal(identity.email, 'erin@example.com');
    assert.equal(identity.auth_time, auth_time);
    assert.equal(identity.client_id, undefined);
  });

  test('gives the state back to the registered address and takes a code once', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const { verifier, challenge } = proofKey();
    const { code, location } = await signIn(pool.base, challenge);
    assert.equal(`${location.origin}${location.pathname}`, redirectUri);
    assert.equal(location.searchParams.get('state'), 'opaque-state');
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    };
    assert.equal((await requestToken(pool.base, form)).status, 200);
    const second = await requestToken(pool.base, form);
    assert.deepEqual([second.status, second.body.error], [400, 'invalid_grant']);
  });

  test('is refused without a challenge, with a plain one, and with the wrong verifier', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const { challenge } = proofKey();
    for (const changes of [
      { code_challenge: null, code_challenge_method: null },
      { code_challenge_method: 'plain' },
    ]) {
      const response = await createBrowser(pool.base).request(authorizePath(challenge, changes));
      const answered = new URL(response.headers.get('location') ?? '', pool.base);
      assert.equal(answered.searchParams.get('error'), 'invalid_request');
      assert.equal(answered.searchParams.get('code'), null);
    }
    const { code } = await signIn(pool.base, challenge);
    const { status, body } = await requestToken(pool.base, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: proofKey().verifier,
    });
    assert.deepEqual([status, body.error], [400, 'invalid_grant']);
  });

  test('never leads to an address that is not registered', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    for (const address of ['http://evil.example/', `${redirectUri}/../x`, `${redirectUri}?next=1`]) {
      const response = await createBrowser(pool.base).request(
        authorizePath(proofKey().challenge, { redirect_uri: address }),
      );
      assert.equal(response.status, 400);
      assert.equal(response.headers.get('location'), null);
      assert.match(await response.text(), /This sign-in cannot go on/);
    }
  });

  test('tells who knows no password what to do, where the configuration says so', async (t) => {
    const configuration = configurationOf(await stateDirectory(t));
    const pool = await startUserPool(t, { ...configuration, hint: 'Ask <b>Erin</b>.' });
    const browser = createBrowser(pool.base);
    const begun = await browser.request(authorizePath(proofKey().challenge));
    const page = await (await browser.request(begun.headers.get('location') ?? '')).text();
    assert.ok(page.includes('<p class="hint">Ask &lt;b&gt;Erin&lt;/b&gt;.</p>'));
  });

  test('shows the form again after a wrong password, without script or markup of the visitor', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const browser = createBrowser(pool.base);
    await browser.request(authorizePath(proofKey().challenge));
    const form = new URLSearchParams({ username: '"><script>', password: 'wrong' });
    const refused = await browser.request('/login', { method: 'POST', body: form });
    const html = await refused.text();
    assert.equal(refused.status, 422);
    assert.match(html, /role="alert"[^>]*>Incorrect user name or password/);
    assert.doesNotMatch(html, /<script/);
    const policy = refused.headers.get('content-security-policy') ?? '';
    assert.match(policy, /form-action 'self' http:\/\/app\.localhost:8080/);
    assert.doesNotMatch(policy, /unsafe-inline|script-src/);

    const foreign = await browser.request('/login', {
      method: 'POST',
      body: new URLSearchParams({ username: 'erin', password }),
      headers: { 'sec-fetch-site': 'cross-site', origin: 'http://evil.example' },
    });
    assert.equal(foreign.status, 403);
  });

  test('needs no second password while the session lasts, and does after sign-out', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const { challenge } = proofKey();
    const { browser } = await signIn(pool.base, challenge);
    const again = await browser.request(authorizePath(challenge));
    assert.match(
      again.headers.get('location') ?? '',
      /^http:\/\/app\.localhost:8080\/session\/callback\?code=/,
    );

    const stray = await browser.request(
      `/logout?client_id=web&logout_uri=${encodeURIComponent('http://evil.example/')}`,
    );
    assert.equal(stray.status, 400);
    const out = await browser.request(`/logout?client_id=web&logout_uri=${encodeURIComponent(logoutUri)}`);
    assert.equal(out.headers.get('location'), logoutUri);
    const after = await browser.request(authorizePath(challenge));
    assert.equal(after.headers.get('location'), '/login');
  });
});

describe('a refresh token', () => {
  const refresh = (base: string, token: string) =>
    requestToken(base, { grant_type: 'refresh_token', refresh_token: token });

  test('works once, and its reuse ends nothing else', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const first = await signInForTokens(pool.base);
    const second = await refresh(pool.base, first.refresh_token);
    assert.equal(second.status, 200);
    assert.notEqual(second.body.refresh_token, first.refresh_token);
    const before = await verify(pool.issuer, first.access_token);
    const after = await verify(pool.issuer, second.body.access_token);
    assert.equal(after.auth_time, before.auth_time);
    assert.equal(after.scope, before.scope);
    assert.notEqual(after.jti, before.jti);

    assert.equal((await refresh(pool.base, first.refresh_token)).body.error, 'invalid_grant');
    assert.equal((await refresh(pool.base, second.body.refresh_token)).status, 200);
  });

  test('is good a while longer where its client has a grace, and its answers then are as good as any', async (t) => {
    const configuration = configurationOf(await stateDirectory(t));
    const web = {
      ...configuration.clients[clientIds.web],
      redirectUris: [redirectUri],
      refreshTokenGrace: 60,
    };
    const clock = { ...systemClock, ahead: 0, now: () => Date.now() + clock.ahead };
    const settings = { ...configuration, clients: { [clientIds.web]: web } };
    const pool = await startUserPool(t, settings, clock);
    const { refresh_token: first } = await signInForTokens(pool.base);
    const refresh = (token: string) =>
      requestToken(pool.base, { grant_type: 'refresh_token', refresh_token: token });
    const second = await refresh(first);
    clock.ahead = 58_000;
    const third = await refresh(first);
    assert.deepEqual([second.status, third.status], [200, 200]);
    assert.equal((await refresh(second.body.refresh_token)).status, 200);
    clock.ahead = 61_000;
    const late = await refresh(first);
    assert.deepEqual([late.status, late.body.error], [400, 'invalid_grant']);
    assert.equal((await refresh(third.body.refresh_token)).status, 200);
  });

  test('and the access tokens it gets live as long as their client says', async (t) => {
    const configuration = configurationOf(await stateDirectory(t));
    const web = { redirectUris: [redirectUri], accessTokenLifetime: 900, refreshTokenLifetime: 7200 };
    const pool = await startUserPool(t, { ...configuration, clients: { [clientIds.web]: web } });
    const first = await signInForTokens(pool.base);
    const form = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    const { body: second } = await requestToken(pool.base, form);
    for (const { expires_in, access_token } of [first, second]) {
      const { exp = 0, iat = 0 } = await verify(pool.issuer, access_token);
      assert.deepEqual([expires_in, exp - iat], [900, 900]);
    }
  });

  test('can be revoked, and dies with its user', async (t) => {
    const configuration = configurationOf(await stateDirectory(t));
    const pool = await startUserPool(t, configuration);
    const [revoked, orphaned] = [await signInForTokens(pool.base), await signInForTokens(pool.base)];
    await fetch(`${pool.base}/oauth2/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientIds.web, token: revoked.refresh_token }),
    });
    assert.equal((await refresh(pool.base, revoked.refresh_token)).body.error, 'invalid_grant');
    await pool.update({ ...configuration, users: [] });
    assert.equal((await refresh(pool.base, orphaned.refresh_token)).body.error, 'invalid_grant');
  });

  test('and the signing keys outlive a restart', async (t) => {
    const configuration = configurationOf(await stateDirectory(t));
    const before = await startUserPool(t, configuration);
    const tokens = await signInForTokens(before.base);
    await before.close();

    const after = await startUserPool(t, { ...configuration, port: before.address.port });
    assert.equal(after.issuer, before.issuer);
    const { sub } = await verify(after.issuer, tokens.access_token);
    const { status, body } = await refresh(after.base, tokens.refresh_token);
    assert.equal(status, 200);
    assert.equal((await verify(after.issuer, body.access_token)).sub, sub);
    for (const file of ['keys.json', 'user-pool.sqlite']) {
      assert.equal((await stat(join(configuration.stateDirectory, file))).mode & 0o777, 0o600);
    }
  });
});

describe('rotation of the signing keys', () => {
  test('publishes the old key until its last token has expired', async (t) => {
    let now = Date.now();
    const clock = { now: () => now, monotonic: () => performance.now() };
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)), clock);
    const keyIds = async () => {
      const response = await fetch(`${pool.issuer}/.well-known/jwks.json`);
      const { keys } = (await response.json()) as { keys: Record<string, string>[] };
      for (const key of keys) {
        assert.deepEqual(Object.keys(key).sort(), ['alg', 'e', 'kid', 'kty', 'n', 'use']);
      }
      return keys.map(({ kid }) => kid);
    };
    const old = await signInForTokens(pool.base);
    const { kid: oldKey } = decodeProtectedHeader(old.access_token);

    await pool.rotateKeys();
    const fresh = await signInForTokens(pool.base);
    const { kid: newKey } = decodeProtectedHeader(fresh.access_token);
    assert.equal(decodeProtectedHeader(fresh.id_token).kid, newKey);
    assert.deepEqual(await keyIds(), [newKey, oldKey]);
    await verify(pool.issuer, old.access_token);
    await verify(pool.issuer, fresh.access_token);
    assert.equal(
      (await requestToken(pool.base, { grant_type: 'refresh_token', refresh_token: old.refresh_token }))
        .status,
      200,
    );

    now += (lifetimes.accessToken + lifetimes.clockTolerance + 1) * 1000;
    assert.deepEqual(await keyIds(), [newKey]);
  });

  test('happens by itself when a key has reached its term', async (t) => {
    const configuration = configurationOf(await stateDirectory(t));
    const before = await startUserPool(t, configuration);
    const { kid } = decodeProtectedHeader((await signInForTokens(before.base)).access_token);
    await before.close();
    const clock = {
      now: () => Date.now() + lifetimes.signingKey * 1000,
      monotonic: () => performance.now(),
    };
    const after = await startUserPool(t, configuration, clock);
    assert.notEqual(decodeProtectedHeader((await signInForTokens(after.base)).access_token).kid, kid);
  });
});
