import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { base64url, CompactSign, exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createAuthorizer } from '../../functions/authorizer/authorizer.ts';
import type { AuthorizerAnswer, AuthorizerEvent } from '../../functions/authorizer/event.ts';
import { decide, readPolicy } from '../../src/gateway/policy.ts';
import { methods as allMethods } from '../../src/security/permissions.ts';
import { eventually } from '../eventually.ts';
import { ManualClock } from '../gateway/gateway-under-test.ts';

const issuer = 'https://pool.test';
const stage = 'arn:aws:execute-api:local:000000000000:api/local';
const methodArn = `${stage}/GET/api/v1/secure`;

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
const [pool, stranger] = await Promise.all([
  generateKeyPair('RS256', { extractable: true }),
  generateKeyPair('RS256'),
]);
const [small, curve] = await Promise.all([
  crypto.subtle.generateKey(
    {
      name: 'RSASSA-PKCS1-v1_5',
      modulusLength: 1024,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
    true,
    ['sign', 'verify'],
  ),
  generateKeyPair('ES256'),
]);

async function publicKey(keys: Keys, kid: string): Promise<JWK> {
  return { ...(await exportJWK(keys.publicKey)), kid, use: 'sig', alg: 'RS256' };
}

/** An authorizer with its key set, which a test may change, take away, and count the fetches of. */
async function underTest(keys?: JWK[]) {
  const clock = new ManualClock();
  const set = { keys: keys ?? [await publicKey(pool, 'one')], reachable: true, fetches: 0 };
  const handler = createAuthorizer({
    issuer,
    clientIds: ['web', 'mobile'],
    clock,
    jwks: {
      uri: `${issuer}/jwks`,
      fetch: async () => {
        set.fetches++;
        if (!set.reachable) throw new Error('connection refused');
        return Response.json({ keys: set.keys });
      },
    },
  });
  const call = async (authorizationToken: string, arn = methodArn) =>
    handler({ type: 'TOKEN', methodArn: arn, authorizationToken });
  return { clock, set, handler, call };
}

const issuedAt = new ManualClock().now() / 1000;
const claims = {
  iss: issuer,
  sub: 'sub-1',
  client_id: 'web',
  token_use: 'access',
  scope: 'openid',
  'cognito:groups': ['editor'],
  iat: issuedAt,
  exp: issuedAt + 3600,
};

async function sign(
  changes: Record<string, unknown> = {},
  header = {},
  key = pool.privateKey,
): Promise<string> {
  const kept = Object.entries({ ...claims, ...changes }).filter(([, value]) => value !== undefined);
  const protectedHeader = { alg: 'RS256', kid: 'one', ...header };
  return `Bearer ${await new SignJWT(Object.fromEntries(kept)).setProtectedHeader(protectedHeader).sign(key)}`;
}

const unauthorized = { message: 'Unauthorized' };
const encoded = (value: unknown) => base64url.encode(JSON.stringify(value));

describe('an access token of the pool', () => {
  test('is accepted, and the policy ends with it', async () => {
    const { call } = await underTest();
    const answer = await call(await sign());
    assert.equal(answer.principalId, 'sub-1');
    assert.deepEqual(answer.context, { role: 'editor' });
    assert.deepEqual(answer.policyDocument.Statement[0]?.Condition, {
      DateLessThan: { 'aws:CurrentTime': '2026-01-01T01:00:00.000Z' },
    });
  });

  test('is accepted at once when it was before, until the second it expires in', async () => {
    const { handler, clock, call } = await underTest();
    const authorizationToken = await sign({ exp: issuedAt + 30, nbf: issuedAt });
    await call(authorizationToken);
    const event: AuthorizerEvent = { type: 'TOKEN', methodArn, authorizationToken };
    clock.advance(29_999);
    assert.ok(!(handler(event) instanceof Promise));
    clock.advance(1);
    assert.throws(() => handler(event), unauthorized);
    await assert.rejects(call(authorizationToken), unauthorized);
  });

  test('is accepted on a REQUEST event, whatever the case of the header', async () => {
    const { handler } = await underTest();
    for (const name of ['Authorization', 'authorization', 'AUTHORIZATION']) {
      const answer = await handler({ type: 'REQUEST', methodArn, headers: { [name]: await sign() } });
      assert.equal(answer.context.role, 'editor');
    }
  });
});

const forgeries: [what: string, token: () => Promise<string> | string][] = [
  ['nothing', () => ''],
  ['another scheme', async () => (await sign()).replace('Bearer', 'Basic')],
  ['no scheme', async () => (await sign()).slice(7)],
  ['two spaces', async () => (await sign()).replace(' ', '  ')],
  ['something after it', async () => `${await sign()} x`],
  ['a token cut short', async () => (await sign()).slice(0, -1)],
  [
    'a signature of another token',
    async () =>
      `${(await sign({ sub: 'x' })).split('.').slice(0, 2).join('.')}.${(await sign()).split('.')[2]}`,
  ],
  ['a stranger’s key', () => sign({}, {}, stranger.privateKey)],
  [
    'a stranger’s key in its header',
    async () => sign({}, { jwk: await exportJWK(stranger.publicKey) }, stranger.privateKey),
  ],
  ['its own key in its header', async () => sign({}, { jwk: await exportJWK(pool.publicKey) })],
  ['a place of keys', () => sign({}, { jku: 'https://evil.test/jwks' })],
  ['a place of certificates', () => sign({}, { x5u: 'https://evil.test/cert' })],
  ['an extension it must understand', () => sign({}, { crit: ['b64'], b64: true })],
  ['no key id', () => sign({}, { kid: undefined })],
  ['an unknown key id', () => sign({}, { kid: 'two' })],
  ['algorithm none', () => `Bearer ${encoded({ alg: 'none', kid: 'one' })}.${encoded(claims)}.`],
  [
    'algorithm none with a signature',
    () => `Bearer ${encoded({ alg: 'none', kid: 'one' })}.${encoded(claims)}.AAAA`,
  ],
  [
    'HS256 by the public key',
    async () => {
      const secret = new TextEncoder().encode(await exportSPKI(pool.publicKey));
      const body = new TextEncoder().encode(JSON.stringify(claims));
      return `Bearer ${await new CompactSign(body).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret)}`;
    },
  ],
  ['ES256', () => sign({}, { alg: 'ES256' }, curve.privateKey)],
  [
    'a signature of RS256 under the name of RS512',
    async () => {
      const [, payload, signature] = (await sign()).slice(7).split('.');
      return `Bearer ${encoded({ alg: 'RS512', kid: 'one' })}.${payload}.${signature}`;
    },
  ],
  ['another issuer', () => sign({ iss: 'https://pool.test.evil' })],
  ['no issuer', () => sign({ iss: undefined })],
  ['another client', () => sign({ client_id: 'other' })],
  ['no client', () => sign({ client_id: undefined, aud: 'web' })],
  ['the kind of an ID token', () => sign({ token_use: 'id', aud: 'web' })],
  ['no kind', () => sign({ token_use: undefined })],
  ['no end', () => sign({ exp: undefined })],
  ['an end that is now', () => sign({ exp: issuedAt })],
  ['an end that is a text', () => sign({ exp: '2099-01-01' })],
  ['a beginning to come', () => sign({ nbf: issuedAt + 1 })],
  ['no subject', () => sign({ sub: undefined })],
  ['a subject that is no header', () => sign({ sub: 'a\r\nx-strata-role: admin' })],
  ['more than 8 KB', () => sign({ padding: 'a'.repeat(8192) })],
];

describe('a token is refused with', () => {
  for (const [what, token] of forgeries) {
    test(what, async () => {
      const { call } = await underTest();
      const forged = await token();
      await assert.rejects(call(forged), unauthorized);
      await call(await sign());
      await assert.rejects(call(forged), unauthorized);
    });
  }

  test('a key too small, or of another use, though it is in the set', async () => {
    const odd: [JWK, Keys['privateKey']][] = [
      [{ ...(await exportJWK(small.publicKey)), kid: 'one' }, small.privateKey],
      [{ ...(await publicKey(pool, 'one')), use: 'enc' }, pool.privateKey],
      [{ kty: 'oct', k: base64url.encode('secret'), kid: 'one' }, pool.privateKey],
    ];
    for (const [jwk, key] of odd) {
      const { call } = await underTest([jwk]);
      const body = new TextEncoder().encode(JSON.stringify(claims));
      const header = { alg: 'RS256', kid: 'one' };
      const input = `${encoded(header)}.${base64url.encode(body)}`;
      const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, new TextEncoder().encode(input));
      await assert.rejects(
        call(`Bearer ${input}.${base64url.encode(new Uint8Array(signature))}`),
        unauthorized,
      );
    }
  });
});

describe('the key set', () => {
  test('is fetched once for many, and again for a key id it has not, with a pause between', async () => {
    const { call, set, clock } = await underTest();
    const token = await sign();
    await Promise.all(Array.from({ length: 10 }, () => call(token)));
    assert.equal(set.fetches, 1);
    set.keys.push(await publicKey(stranger, 'two'));
    const rotated = await sign({}, { kid: 'two' }, stranger.privateKey);
    await assert.rejects(call(rotated), unauthorized);
    assert.equal(set.fetches, 1);
    clock.advance(5_000);
    assert.equal((await call(rotated)).principalId, 'sub-1');
    assert.equal(set.fetches, 2);
    for (let made = 0; made < 20; made++) {
      await assert.rejects(call(await sign({}, { kid: `made-up-${made}` })), unauthorized);
    }
    assert.equal(set.fetches, 2);
  });

  test('that has lost a key refuses its tokens after 120 s at the latest, remembered ones too', async () => {
    const { call, set, clock } = await underTest();
    const token = await sign();
    await call(token);
    set.keys = [await publicKey(stranger, 'two')];
    clock.advance(120_000);
    await assert.rejects(call(token), unauthorized);
  });

  test('that has another key under the id refuses what the old one signed', async () => {
    const { call, set, clock } = await underTest();
    const token = await sign();
    await call(token);
    set.keys = [await publicKey(stranger, 'one')];
    clock.advance(120_000);
    await assert.rejects(call(token), unauthorized);
    assert.equal((await call(await sign({}, {}, stranger.privateKey))).principalId, 'sub-1');
  });

  test('is fetched anew in the background after 60 s, and then counts for remembered tokens too', async () => {
    const { call, set, clock } = await underTest();
    const token = await sign();
    await call(token);
    set.keys = [await publicKey(stranger, 'one')];
    clock.advance(60_000);
    await call(token);
    await eventually(() => assert.rejects(call(token), unauthorized));
    assert.equal(set.fetches, 2);
  });

  test('that cannot be reached is no fault of the caller’s, and what is known is used a while longer', async () => {
    const { call, set, clock } = await underTest();
    set.reachable = false;
    const token = await sign();
    await assert.rejects(call(token), { name: 'KeySetUnreachable' });
    set.reachable = true;
    clock.advance(1_000);
    await call(token);
    set.reachable = false;
    clock.advance(300_000);
    assert.equal((await call(token)).principalId, 'sub-1');
    await assert.rejects(call(await sign({}, { kid: 'two' })), { name: 'KeySetUnreachable' });
    clock.advance(600_000);
    await assert.rejects(call(token), { name: 'KeySetUnreachable' });
  });
});

/** What the gateway makes of an answer, for a method of a route. */
function allows({ policyDocument }: AuthorizerAnswer, arn: string): boolean {
  const policy = readPolicy(policyDocument);
  assert.ok(policy);
  return decide(policy, arn, new ManualClock().now()) === 'allow';
}

describe('roles', () => {
  const table: [groups: unknown, methods: string[]][] = [
    [['reader'], ['GET', 'HEAD', 'OPTIONS']],
    [['editor'], ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH']],
    [['admin'], ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE']],
    [
      ['reader', 'admin'],
      ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'],
    ],
    [['Admin'], []],
    ['admin', []],
    [undefined, []],
  ];
  for (const [groups, methods] of table) {
    test(`groups ${JSON.stringify(groups)} may ${methods.join(', ') || 'nothing'} where a token is required`, async () => {
      const { call } = await underTest();
      const answer = await call(await sign({ 'cognito:groups': groups }));
      for (const method of allMethods) {
        assert.equal(allows(answer, `${stage}/${method}/api/v1/secure/1`), methods.includes(method), method);
        assert.equal(allows(answer, `${stage}-other/${method}/api/v1/secure/1`), false);
      }
    });
  }

  test('anonymous, or a token of no role, may read where a token is optional, by a policy for that call only', async () => {
    const { handler } = await underTest();
    const none = { Authorization: await sign({ 'cognito:groups': undefined }) };
    for (const headers of [{}, null, none]) {
      for (const [method, allowed] of [
        ['GET', true],
        ['POST', false],
        ['DELETE', false],
      ] as const) {
        const arn = `${stage}/${method}/api/v1/data`;
        const answer = await handler({ type: 'REQUEST', methodArn: arn, headers });
        assert.equal(allows(answer, arn), allowed);
        assert.equal(allows(answer, `${stage}/GET/api/v1/secure`), false);
        assert.equal(answer.context.role, undefined);
      }
    }
  });
});
