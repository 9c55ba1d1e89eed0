import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { AuthorizerAnswer, AuthorizerEvent } from '../../../functions/authorizer/event.ts';
import { functionOf } from './resources.ts';
import { assembly, templateOf } from './templates.ts';

const methodArn = 'arn:aws:execute-api:us-west-2:111111111111:api/prod/GET/api/v1/secure/1';

/** The code as it would be deployed: what the function's asset holds. */
function deployedHandler(): (event: AuthorizerEvent) => Promise<AuthorizerAnswer> {
  const { Code, Handler } = functionOf(templateOf('gateway'), 'cloud-native-authorizer');
  const [hash] = String((Code as { readonly S3Key: string }).S3Key).split('.');
  assert.equal(Handler, 'index.handler');
  const load = createRequire(import.meta.url);
  return load(join(assembly().directory, `asset.${hash}`, 'index.js')).handler;
}

describe("the authorizer's function as it is deployed", () => {
  let sign: (groups: string[]) => Promise<string>;
  let handler: ReturnType<typeof deployedHandler>;
  const server = createServer();

  before(async () => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'key', alg: 'RS256', use: 'sig' }];
    server.on('request', (_request, response) => response.end(JSON.stringify({ keys })));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    Object.assign(process.env, { ISSUER: issuer, JWKS_URI: `${issuer}/keys`, CLIENT_IDS: 'mobile,web' });
    sign = (groups) =>
      new SignJWT({ token_use: 'access', client_id: 'web', 'cognito:groups': groups })
        .setProtectedHeader({ alg: 'RS256', kid: 'key' })
        .setIssuer(issuer)
        .setSubject('somebody')
        .setExpirationTime('1h')
        .sign(privateKey);
    handler = deployedHandler();
  });
  after(() => server.close());

  test('allows a token of the pool what its role may do', async () => {
    const answer = await handler({
      type: 'TOKEN',
      methodArn,
      authorizationToken: `Bearer ${await sign(['editor'])}`,
    });
    assert.deepEqual([answer.principalId, answer.context], ['somebody', { role: 'editor' }]);
    assert.equal(answer.policyDocument.Statement[0]?.Effect, 'Allow');
  });

  test('lets anyone read where a token is optional', async () => {
    const { principalId } = await handler({ type: 'REQUEST', methodArn, headers: {} });
    assert.equal(principalId, 'anonymous');
  });

  test('says Unauthorized, in the one way the gateway knows, to any other token', async () => {
    const event = { type: 'TOKEN', methodArn, authorizationToken: 'Bearer a.b.c' } as const;
    await assert.rejects(handler(event), { message: 'Unauthorized' });
  });
});
