import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import blueprint from '../../blueprint.ts';
import { createAuthorizer } from '../../functions/authorizer/authorizer.ts';
import type { Authorizer } from '../../src/gateway/authorizer-event.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { includesRole, roleOf, roles } from '../../src/kernel/roles.ts';
import { plan } from '../../src/model/plan.ts';
import { mayCall, methods, requirementOf } from '../../src/security/permissions.ts';
import { callPort, configurationOf, startService } from '../gateway/gateway-under-test.ts';

const { plan: planned } = plan(blueprint);
assert.ok(planned);
const { routes } = planned.gateway;
const everybody = [undefined, ...roles] as const;

/** Who may call what, written down once more, by hand: by route, what each method asks of a caller at least. */
const table: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/api/v1/data': { GET: 'anyone' },
  '/api/v1/openapi.json': { GET: 'anyone' },
  '/api/v1/secure': { GET: 'reader', POST: 'editor', PUT: 'editor', PATCH: 'editor', DELETE: 'admin' },
  // Whoever calls: the function looks after that by itself.
  '/session': { GET: 'anyone', POST: 'anyone', DELETE: 'anyone' },
  '/reports': { POST: 'anyone' },
};

/** By least role: which of nobody, reader, editor and admin may. */
const may: Readonly<Record<string, readonly boolean[]>> = {
  anyone: [true, true, true, true],
  reader: [false, true, true, true],
  editor: [false, false, true, true],
  admin: [false, false, false, true],
};

describe('at the gateway, with the authorizer as it runs', async () => {
  const releases: (() => unknown)[] = [];
  after(async () => {
    for (const release of releases.toReversed()) await release();
  });
  const service = await startService({ after: (release) => releases.push(release) });
  const keys = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  const issuer = 'https://pool.test';
  const authorize = createAuthorizer({
    issuer,
    clientIds: ['web'],
    clock: systemClock,
    jwks: { uri: `${issuer}/jwks`, fetch: async () => Response.json({ keys: [jwk] }) },
  });
  const configuration = configurationOf(service.port, routes);
  const answering = {
    file: join(import.meta.dirname, '../gateway/programs/behaving.ts'),
    digest: '',
    memory: 128,
    timeout: 3000,
    variables: {},
  };
  const gateway = createGateway({
    configuration: {
      ...configuration,
      functions: Object.fromEntries(Object.keys(planned.gateway.functions).map((name) => [name, answering])),
    },
    authorize: authorize as Authorizer,
    clock: systemClock,
  });
  const { port } = await gateway.listen();
  releases.push(() => gateway.close());

  const tokenOf = (role: string) =>
    new SignJWT({ client_id: 'web', token_use: 'access', 'cognito:groups': [role] })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setSubject(`somebody-${role}`)
      .setExpirationTime('5 min')
      .sign(keys.privateKey);

  test('every route of the blueprint is in the table', () => {
    for (const { path } of routes) assert.ok(path in table, path);
  });

  for (const { path, methods: offered, auth } of routes) {
    for (const [index, role] of everybody.entries()) {
      test(`${role ?? 'nobody'} may do at ${path} what the table says, and nothing else`, async () => {
        const headers: Record<string, string> = role
          ? { authorization: `Bearer ${await tokenOf(role)}` }
          : {};
        for (const below of [path, `${path}/one`, `${path}/one/two`]) {
          for (const method of methods) {
            const required = table[path]?.[method];
            const allowed = required !== undefined && may[required]?.[index] === true;
            const { status } = await callPort(port, below, { method, headers });
            const refusal =
              role === undefined && required !== undefined && auth.mode === 'required' ? 401 : 403;
            assert.equal(status, allowed ? 200 : refusal, `${method} ${below}`);
            assert.equal((offered as readonly string[]).includes(method), required !== undefined);
          }
        }
      });
    }
  }
});

test('a path beside a protected one is not protected, one below it is, and a foreign method is nobody’s', () => {
  assert.equal(requirementOf('GET', '/api/v1/secure/a/b'), 'reader');
  assert.equal(requirementOf('GET', '/api/v1/secured'), 'anyone');
  assert.equal(requirementOf('TRACE', '/api/v1/data'), undefined);
  assert.equal(requirementOf('GET', ''), undefined);
  assert.equal(mayCall('admin', 'TRACE', '/api/v1/data'), false);
  assert.equal(mayCall('admin', 'constructor', '/api/v1/data'), false);
});

test('a role includes those before it, and of several groups the highest counts', () => {
  for (const [index, role] of roles.entries()) {
    for (const [other, required] of roles.entries())
      assert.equal(includesRole(role, required), index >= other);
    assert.equal(roleOf([role]), role);
  }
  assert.equal(roleOf(['reader', 'admin', 'other']), 'admin');
  for (const none of [undefined, null, 'admin', [], ['Admin'], ['other'], {}])
    assert.equal(roleOf(none), undefined);
});
