import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientIds } from '../../src/security/user-pool/configuration.ts';
import { signInWithPassword } from '../../src/security/user-pool/sign-in.ts';
import {
  authorizePath,
  configurationOf,
  createBrowser,
  password,
  proofKey,
  signInForTokens,
  startUserPool,
  stateDirectory,
  verify,
} from './user-pool-client.ts';

describe('the JSON API', () => {
  const call = async (base: string, body: unknown, target = 'InitiateAuth') => {
    const response = await fetch(base, {
      method: 'POST',
      headers: { 'x-amz-target': `AWSCognitoIdentityProviderService.${target}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const answer = (await response.json()) as { __type?: string; message?: string } & Record<string, unknown>;
    return { status: response.status, type: response.headers.get('x-amzn-errortype'), answer };
  };
  const credentials = { USERNAME: 'erin', PASSWORD: password };

  test('signs in by password, with tokens that verify like those of the code flow', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const result = await signInWithPassword({
      endpoint: pool.base,
      clientId: clientIds.commandLine,
      username: 'erin',
      password,
    });
    const code = await verify(pool.issuer, (await signInForTokens(pool.base)).access_token);
    const api = await verify(pool.issuer, result.accessToken);
    assert.deepEqual(Object.keys(api).sort(), Object.keys(code).sort());
    assert.equal(api.sub, code.sub);
    assert.equal(api.client_id, clientIds.commandLine);
    assert.equal(api.scope, 'aws.cognito.signin.user.admin');
    assert.equal((await verify(pool.issuer, result.idToken)).token_use, 'id');
    assert.equal(result.expiresIn, 3600);

    const { answer } = await call(pool.base, {
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: clientIds.commandLine,
      AuthParameters: { REFRESH_TOKEN: result.refreshToken },
    });
    const { AccessToken } = answer.AuthenticationResult as { AccessToken: string };
    assert.equal((await verify(pool.issuer, AccessToken)).auth_time, api.auth_time);
  });

  test('answers what it refuses in the service’s shape', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const flow = { AuthFlow: 'USER_PASSWORD_AUTH', ClientId: clientIds.commandLine };
    const cases: [unknown, string, RegExp][] = [
      [
        { ...flow, AuthParameters: { ...credentials, PASSWORD: 'no' } },
        'NotAuthorizedException',
        /^Incorrect username or password\.$/,
      ],
      [
        { ...flow, AuthParameters: { ...credentials, USERNAME: 'nobody' } },
        'NotAuthorizedException',
        /^Incorrect username or password\.$/,
      ],
      [
        { ...flow, ClientId: 'x', AuthParameters: credentials },
        'ResourceNotFoundException',
        /client x does not exist/,
      ],
      [
        { ...flow, ClientId: 'web', AuthParameters: credentials },
        'InvalidParameterException',
        /flow not enabled/,
      ],
      [{ ...flow, AuthParameters: { USERNAME: 'erin' } }, 'InvalidParameterException', /PASSWORD/],
      [
        { ...flow, AuthFlow: 'REFRESH_TOKEN_AUTH', AuthParameters: { REFRESH_TOKEN: 'x' } },
        'NotAuthorizedException',
        /Invalid Refresh Token/,
      ],
      ['{', 'SerializationException', /JSON/],
    ];
    for (const [body, type, message] of cases) {
      const refused = await call(pool.base, body);
      assert.equal(refused.status, 400);
      assert.equal(refused.answer.__type, type);
      assert.equal(refused.type, `${type}:`);
      assert.match(String(refused.answer.message), message);
    }
    assert.equal((await call(pool.base, {}, 'AdminDeleteUser')).answer.__type, 'UnknownOperationException');
    assert.equal((await call(pool.base, 'x'.repeat(20_000)).catch(() => ({ status: 413 }))).status, 413);
    await assert.rejects(
      signInWithPassword({ endpoint: pool.base, clientId: 'cli', username: 'erin', password: 'no' }),
      { code: 'sign-in-refused' },
    );
  });

  test('locks a name out after five wrong passwords, the right one included', async (t) => {
    let now = 0;
    const clock = { now: Date.now, monotonic: () => now };
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)), clock);
    const attempt = async (secret: string) => {
      const { status, answer } = await call(pool.base, {
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientIds.commandLine,
        AuthParameters: { USERNAME: 'erin', PASSWORD: secret },
      });
      return status === 200 ? 'success' : answer.message;
    };
    const guesses = await Promise.all(Array.from({ length: 8 }, (_, index) => attempt(`guess ${index}`)));
    assert.equal(guesses.filter((answer) => answer === 'Incorrect username or password.').length, 5);
    assert.equal(await attempt(password), 'Password attempts exceeded');
    now += 1000;
    assert.equal(await attempt(password), 'success');
  });
});

describe('the pool', () => {
  test('describes itself where Cognito does', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    assert.equal(pool.issuer, `${pool.base}/us-west-2_strata`);
    const response = await fetch(`${pool.issuer}/.well-known/openid-configuration`);
    const document = (await response.json()) as Record<string, string>;
    assert.equal(document.issuer, pool.issuer);
    assert.equal(document.jwks_uri, `${pool.issuer}/.well-known/jwks.json`);
    assert.equal(document.token_endpoint, `${pool.base}/oauth2/token`);
  });

  test('tells who an access token is of, and takes no ID token for one', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const tokens = await signInForTokens(pool.base);
    const userInfo = (token: string) =>
      fetch(`${pool.base}/oauth2/userInfo`, { headers: { authorization: `Bearer ${token}` } });
    const { sub } = await verify(pool.issuer, tokens.access_token);
    const known = { sub, email: 'erin@example.com', email_verified: 'true', username: 'erin' };
    assert.deepEqual(await (await userInfo(tokens.access_token)).json(), known);
    assert.equal((await userInfo(tokens.id_token)).status, 401);
    assert.equal((await userInfo(`${tokens.access_token.slice(0, -6)}AAAAAA`)).status, 401);
  });

  test('takes new users, passwords, groups and clients while it runs; a sub never changes', async (t) => {
    const configuration = configurationOf(await stateDirectory(t));
    const pool = await startUserPool(t, configuration);
    const options = { endpoint: pool.base, clientId: clientIds.commandLine, username: 'erin' };
    const before = await verify(
      pool.issuer,
      (await signInWithPassword({ ...options, password })).accessToken,
    );
    await pool.update({
      ...configuration,
      clients: {},
      users: [{ username: 'erin', password: 'a new one', groups: ['admin'] }],
    });
    await assert.rejects(signInWithPassword({ ...options, password }), { code: 'sign-in-refused' });
    const { accessToken } = await signInWithPassword({ ...options, password: 'a new one' });
    const after = await verify(pool.issuer, accessToken);
    assert.equal(after.sub, before.sub);
    assert.deepEqual(after['cognito:groups'], ['admin']);
    const web = await createBrowser(pool.base).request(authorizePath(proofKey().challenge));
    assert.equal(web.status, 400);
  });

  test('answers no host name that is not this machine’s', async (t) => {
    const pool = await startUserPool(t, configurationOf(await stateDirectory(t)));
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const sent = request(`${pool.base}/login`, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject).end();
    });
    assert.equal(status, 421);
  });
});
