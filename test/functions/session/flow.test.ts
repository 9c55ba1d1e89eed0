import assert from 'node:assert/strict';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { createAuthorizer } from '../../../functions/authorizer/authorizer.ts';
import { openSessionStore } from '../../../src/data/sessions/store.ts';
import type { Authorizer } from '../../../src/gateway/authorizer-event.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { plan } from '../../../src/model/plan.ts';
import { clientIds, keySetUrlOf } from '../../../src/security/user-pool/configuration.ts';
import { openUserPool } from '../../../src/security/user-pool/user-pool.ts';
import {
  configurationOf as edgeConfigurationOf,
  makeOriginFolder,
  passing,
  startEdge,
} from '../../edge/edge-fixture.ts';
import { afterwards, freePort, projectRoot, startDynamo } from '../../engines.ts';
import { configurationOf, startService } from '../../gateway/gateway-under-test.ts';
import { CookieJar } from './cookie-jar.ts';
import { signInAtPool } from './pool-sign-in.ts';
import { connection, secret, startPool, table } from './session-under-test.ts';

/** The platform's way in, as far as sessions need it: edge, gateway with its functions, user pool, table. */
const lifetime = { after };
const edgePort = await freePort();
const origin = `http://app.localhost:${edgePort}`;
const [dynamo, service, folder] = await Promise.all([
  startDynamo(lifetime),
  startService(lifetime),
  makeOriginFolder(lifetime),
]);
const firstPool = await startPool(lifetime, [origin]);
const store = openSessionStore({ ...connection, endpoint: dynamo.url, table });
afterwards(lifetime, store.close);
await store.createTable();

const { plan: planned } = plan(blueprint);
assert.ok(planned);
const prints: string[] = [];
const { accessKeyId, secretAccessKey } = connection.credentials;

/** A gateway with the blueprint's routes and the session function as the platform runs it. */
async function startGateway() {
  const { settings } = firstPool;
  const configuration = configurationOf(service.port, planned?.gateway.routes);
  const settingsOfSessions = {
    table,
    idle: 3_600_000,
    absolute: 36_000_000,
    leeway: 10_000,
    origins: [origin],
    pool: { issuer: firstPool.issuer, endpoint: firstPool.base, clientId: clientIds.web },
  };
  const gateway = createGateway({
    configuration: {
      ...configuration,
      functions: {
        session: {
          file: join(projectRoot, 'functions/session/handler.ts'),
          digest: '',
          memory: 256,
          timeout: 4000,
          variables: {
            AWS_REGION: connection.region,
            SESSION_SETTINGS: JSON.stringify(settingsOfSessions),
            SESSION_SECRET: secret,
            AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
            AWS_ACCESS_KEY_ID: accessKeyId,
            AWS_SECRET_ACCESS_KEY: secretAccessKey,
          },
        },
      },
    },
    authorize: createAuthorizer({
      issuer: firstPool.issuer,
      clientIds: [clientIds.web],
      clock: systemClock,
      jwks: { uri: keySetUrlOf(settings), fetch: (uri, options) => fetch(uri, options) },
    }) as Authorizer,
    clock: systemClock,
    prints: (_name, printed) => prints.push(printed),
  });
  return { gateway, address: await gateway.listen() };
}

const first = await startGateway();
let running = first;
afterwards(lifetime, () => running.gateway.close());
const edgeConfiguration = edgeConfigurationOf(folder, first.address, {
  behaviors: [
    { path: '/api/*', ...passing },
    { path: '/session*', ...passing },
    { path: '/*', origin: 'pages', cachePolicy: 'documents', responseHeadersPolicy: 'pages' },
  ],
});
const edge = await startEdge(lifetime, { ...edgeConfiguration, port: edgePort });

/** A browser that looks at the platform through the edge. */
function createViewer(jar = new CookieJar()) {
  return {
    jar,
    async send(method: string, target: string, headers: Record<string, string> = {}) {
      const cookie = jar.fieldFor(target.split('?', 1)[0] ?? '');
      const { port } = edge.address;
      const sent = { host: `app.localhost:${port}`, 'sec-fetch-site': 'same-origin', cookie, ...headers };
      const outgoing = request({
        host: '127.0.0.1',
        port,
        method,
        path: target,
        headers: sent,
        agent: false,
      });
      const { promise, resolve, reject } = Promise.withResolvers<import('node:http').IncomingMessage>();
      outgoing.once('response', resolve).once('error', reject).end();
      const response = await promise;
      jar.take(response.headers['set-cookie'] ?? []);
      return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
    },
    async signIn() {
      const begun = await this.send('GET', '/session/sign-in?return=/entities');
      const back = await signInAtPool(begun.headers.location ?? '');
      return this.send('GET', `${back.pathname}${back.search}`, {
        'sec-fetch-site': 'cross-site',
        'sec-fetch-mode': 'navigate',
      });
    },
  };
}

describe('through the edge and the gateway', () => {
  test('a person signs in, uses the API as who they are, goes on, and signs out', async () => {
    const viewer = createViewer();
    const finished = await viewer.signIn();
    assert.deepEqual([finished.status, finished.headers.location], [302, `${origin}/entities`]);
    assert.equal(finished.headers['set-cookie']?.length, 3);
    assert.equal(finished.headers['cache-control'], 'no-store');
    const shown = await viewer.send('GET', '/session');
    assert.deepEqual([shown.status, JSON.parse(shown.body).role], [200, 'editor']);
    const authorization = `Bearer ${viewer.jar.value('__Host-session')}`;
    assert.equal((await viewer.send('GET', '/api/v1/secure/1', { authorization })).status, 200);
    assert.equal((await viewer.send('POST', '/api/v1/secure', { authorization })).status, 200);
    assert.equal((await viewer.send('DELETE', '/api/v1/secure/1', { authorization })).status, 403);
    assert.equal((await viewer.send('POST', '/session/refresh')).status, 204);
    assert.equal((await viewer.send('GET', '/session')).status, 200);
    const kept = viewer.jar.copy();
    assert.equal((await viewer.send('POST', '/session/sign-out')).status, 204);
    assert.equal(viewer.jar.kept.size, 0);
    assert.equal((await createViewer(kept).send('GET', '/session')).status, 401);
  });

  test('the answer of a session is never stored, and the refresh cookie is sent nowhere else', async () => {
    const viewer = createViewer();
    await viewer.signIn();
    for (let time = 0; time < 2; time++) {
      const { headers } = await viewer.send('GET', '/session');
      assert.equal(headers['cache-control'], 'no-store');
      assert.ok(!/^hit/i.test(String(headers['x-cache'])));
    }
    assert.ok(!viewer.jar.fieldFor('/api/v1/data').includes('refresh'));
    assert.ok(!viewer.jar.fieldFor('/sessions').includes('refresh'));
  });

  test('another site’s page changes nothing: 403', async () => {
    const viewer = createViewer();
    await viewer.signIn();
    for (const path of ['/session/refresh', '/session/sign-out']) {
      const { status } = await viewer.send('POST', path, { 'sec-fetch-site': 'cross-site' });
      assert.equal(status, 403);
    }
    assert.equal((await viewer.send('GET', '/session')).status, 200);
  });

  test('ten tabs that refresh at once, on several environments of the function, all stay signed in', async () => {
    const viewer = createViewer();
    await viewer.signIn();
    const tabs = Array.from({ length: 10 }, () => createViewer(viewer.jar.copy()));
    const answers = await Promise.all(tabs.map((tab) => tab.send('POST', '/session/refresh')));
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 204),
    );
    assert.equal(new Set(tabs.map(({ jar }) => jar.value('__Secure-refresh'))).size, 1);
  });

  test('sessions survive a restart of everything', async (t) => {
    const viewer = createViewer();
    await viewer.signIn();
    await viewer.send('POST', '/session/refresh');
    const before = JSON.parse((await viewer.send('GET', '/session')).body);
    await firstPool.close();
    await running.gateway.close();
    await dynamo.restart();
    const pool = await openUserPool(firstPool.settings);
    t.after(() => pool.close());
    running = await startGateway();
    await edge.update({ ...edgeConfiguration, port: edgePort, gateway: running.address });
    const after = await viewer.send('GET', '/session');
    assert.deepEqual([after.status, JSON.parse(after.body)], [200, before]);
    assert.equal((await viewer.send('POST', '/session/refresh')).status, 204);
    assert.equal(JSON.parse((await viewer.send('GET', '/session')).body).id, before.id);
  });

  test('the function’s log says what happened, and no secret', () => {
    const log = prints.join('');
    assert.match(log, /"event":"started"/);
    assert.match(log, /"event":"ended","reason":"signed-out"/);
    assert.ok(!/eyJ|__Host|__Secure/.test(log));
  });
});
