import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { credentialSource } from '../../../src/data/account/credentials.ts';

const minute = 60_000;

describe('the keys of a process', () => {
  /** The endpoint of a container: counts what it was asked, and answers as it is told. */
  const endpoint = { asked: 0, authorization: '' as string | undefined, status: 200, lifetime: 60 * minute };
  let now = Date.parse('2026-11-01T00:00:00Z');
  const server = createServer((request, response) => {
    endpoint.asked += 1;
    endpoint.authorization = request.headers.authorization;
    const expiration = new Date(now + endpoint.lifetime).toISOString();
    const keys = { AccessKeyId: `key-${endpoint.asked}`, SecretAccessKey: 'secret', Token: 'token' };
    response.writeHead(endpoint.status).end(JSON.stringify({ ...keys, Expiration: expiration }));
  });
  let address: string;

  beforeEach(async () => {
    Object.assign(endpoint, { asked: 0, authorization: '', status: 200 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    address = `http://127.0.0.1:${port}/keys`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  });
  const containerKeys = (more: Record<string, string> = {}) =>
    credentialSource({ AWS_CONTAINER_CREDENTIALS_FULL_URI: address, ...more }, () => now);

  test('are those of its environment when it has some', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret' };
    assert.deepEqual(await credentialSource(variables)(), { accessKeyId: 'id', secretAccessKey: 'secret' });
    const temporary = credentialSource({ ...variables, AWS_SESSION_TOKEN: 'token' });
    assert.equal((await temporary()).sessionToken, 'token');
  });

  test('cannot be had where nothing names any', () => {
    assert.throws(() => credentialSource({}), { code: 'credentials-missing' });
  });

  test('come from the endpoint of its container, once for as long as they are good', async () => {
    const source = containerKeys({ AWS_CONTAINER_AUTHORIZATION_TOKEN: 'bearer' });
    const [one, other] = await Promise.all([source(), source()]);
    assert.deepEqual(one, { accessKeyId: 'key-1', secretAccessKey: 'secret', sessionToken: 'token' });
    assert.deepEqual(other, one);
    assert.deepEqual(await source(), one);
    assert.equal(endpoint.asked, 1);
    assert.equal(endpoint.authorization, 'bearer');
  });

  test('are replaced minutes before they end', async () => {
    const source = containerKeys();
    await source();
    now += endpoint.lifetime - 6 * minute;
    assert.equal((await source()).accessKeyId, 'key-1');
    now += 2 * minute;
    assert.equal((await source()).accessKeyId, 'key-2');
  });

  test('stay good until they end when no new ones can be had', async () => {
    const source = containerKeys();
    await source();
    endpoint.status = 500;
    now += endpoint.lifetime - 1;
    assert.equal((await source()).accessKeyId, 'key-1');
    now += 1;
    await assert.rejects(source(), { code: 'credentials-unavailable', status: 503 });
    endpoint.status = 200;
    assert.match((await source()).accessKeyId, /^key-/);
  });

  test('cannot be had while nobody answers', async () => {
    const source = containerKeys();
    server.close();
    await assert.rejects(source(), { code: 'credentials-unavailable' });
  });
});
