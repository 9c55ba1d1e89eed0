import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { GatewayConfiguration, RoutePlan } from '../../src/gateway/configuration.ts';
import type { FunctionDefinition } from '../../src/gateway/functions/definition.ts';
import { createGateway } from '../../src/gateway/gateway.ts';
import { eventually } from '../eventually.ts';
import {
  allowAll,
  type CallOptions,
  callPort,
  configurationOf,
  ManualClock,
  plainRoute,
  type Scope,
  secureRoute,
} from './gateway-under-test.ts';

const definition: FunctionDefinition = {
  file: join(import.meta.dirname, 'programs', 'behaving.ts'),
  digest: '1',
  memory: 128,
  timeout: 3000,
  variables: { OWN: 'variable' },
};
const { service: _, ...routed } = secureRoute;
const route: RoutePlan = {
  ...routed,
  path: '/does',
  function: 'behaving',
  auth: { mode: 'none', ttl: 0 },
};

interface Options {
  readonly definition?: Partial<FunctionDefinition>;
  readonly route?: Partial<RoutePlan>;
  readonly gateway?: Partial<GatewayConfiguration['plan']['gateway']>;
}

/** A gateway whose routes lead to the function; port 1 stands for a service that is never reached. */
async function startFunction(scope: Scope, options: Options = {}) {
  const configurationWith = (changes: Partial<FunctionDefinition> = {}): GatewayConfiguration => ({
    ...configurationOf(1, [{ ...route, ...options.route }, plainRoute], options.gateway),
    functions: { behaving: { ...definition, ...options.definition, ...changes } },
  });
  const prints: string[] = [];
  const gateway = createGateway({
    configuration: configurationWith(),
    authorize: allowAll,
    clock: new ManualClock(),
    prints: (name, text) => prints.push(`${name}: ${text}`),
  });
  const { port } = await gateway.listen();
  scope.after(() => gateway.close());
  return {
    prints,
    call: (path: string, call?: CallOptions) => callPort(port, `/does${path}`, call),
    plain: () => callPort(port, '/plain'),
    update: (changes: Partial<FunctionDefinition>) => gateway.update(configurationWith(changes)),
  };
}

const internalError = [502, '{"message":"Internal server error"}', 'InternalServerErrorException'];

describe('a route to a function', () => {
  test('gives it the request as the vendor’s event, without what only this side may say', async (t) => {
    const { call } = await startFunction(t);
    const { status, body, headers } = await call('/echo?b=2&a=1&b=3%204', {
      method: 'POST',
      headers: { 'X-Own': ['1', '2'], cookie: 'a=b', 'x-strata-role': 'admin', 'x-forwarded-for': '6.6.6.6' },
      body: '{"é":1}',
    });
    assert.deepEqual([status, headers['content-type']], [200, 'application/json']);
    const event = JSON.parse(body);
    assert.deepEqual(
      {
        resource: event.resource,
        path: event.path,
        httpMethod: event.httpMethod,
        queryStringParameters: event.queryStringParameters,
        multiValueQueryStringParameters: event.multiValueQueryStringParameters,
        pathParameters: event.pathParameters,
        stageVariables: event.stageVariables,
        body: event.body,
        isBase64Encoded: event.isBase64Encoded,
      },
      {
        resource: '/does/{proxy+}',
        path: '/does/echo',
        httpMethod: 'POST',
        queryStringParameters: { b: '3 4', a: '1' },
        multiValueQueryStringParameters: { b: ['2', '3 4'], a: ['1'] },
        pathParameters: { proxy: 'echo' },
        stageVariables: null,
        body: '{"é":1}',
        isBase64Encoded: false,
      },
    );
    assert.deepEqual(event.multiValueHeaders['X-Own'], ['1', '2']);
    assert.equal(event.headers['X-Own'], '2');
    assert.equal(event.headers.cookie, 'a=b');
    assert.equal(event.headers['x-strata-role'], undefined);
    assert.equal(event.headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(event.requestContext.identity.sourceIp, '127.0.0.1');
    assert.equal(event.requestContext.requestId, headers['x-amzn-requestid']);
    assert.equal(event.requestContext.authorizer, undefined);
  });

  test('says null where there is nothing', async (t) => {
    const { call } = await startFunction(t);
    const event = JSON.parse((await call('')).body);
    assert.deepEqual(
      [event.resource, event.queryStringParameters, event.multiValueQueryStringParameters],
      ['/does', null, null],
    );
    assert.deepEqual([event.pathParameters, event.body], [null, null]);
  });

  test('tells it who calls where an authorizer said so', async (t) => {
    const { call } = await startFunction(t, { route: { auth: { mode: 'optional', ttl: 0 } } });
    const { body } = await call('/echo', { headers: { authorization: 'Bearer editor' } });
    assert.deepEqual(JSON.parse(body).requestContext.authorizer, {
      principalId: 'user-editor',
      role: 'editor',
    });
  });

  test('answers its status and headers, several of a name too, without those of this side', async (t) => {
    const { call } = await startFunction(t);
    const { status, headers, body } = await call('/cookies');
    assert.deepEqual([status, headers.location, body], [302, '/', '']);
    assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2; Path=/']);
    assert.equal(headers['x-one'], 'listed');
    assert.equal(headers['x-strata-role'], undefined);
  });

  test('takes bodies in base64 where the media type is a binary one of the API', async (t) => {
    const { call } = await startFunction(t, { gateway: { binaryMediaTypes: ['image/*'] } });
    const sent = { method: 'POST', body: Buffer.from([0, 255, 1]) };
    const event = JSON.parse(
      (await call('/echo', { ...sent, headers: { 'content-type': 'image/png' } })).body,
    );
    assert.deepEqual([event.body, event.isBase64Encoded], ['AP8B', true]);
    const bytes = await call('/bytes', { headers: { accept: 'image/png, text/html' } });
    assert.deepEqual([bytes.headers['content-length'], bytes.headers['content-type']], ['3', 'image/png']);
    assert.equal((await call('/bytes', { headers: { accept: 'text/html' } })).body, 'AP8B');
  });

  test('whose result is malformed is 502', async (t) => {
    const { call } = await startFunction(t);
    const names = [
      ...['none', 'text', 'list', 'no-status', 'odd-status', 'body-object', 'header-object'],
      ...['header-break', 'header-name', 'values-text', 'base64-text'],
    ];
    for (const name of names) {
      const { status, body, headers } = await call(`/malformed/${name}`);
      assert.deepEqual([status, body, headers['x-amzn-errortype']], internalError, name);
    }
  });

  test('whose function throws or ends is 502, its log says why, and the next request is answered', async (t) => {
    const { call, prints } = await startFunction(t);
    for (const path of ['/throw', '/exit']) {
      const { status, body, headers } = await call(path);
      assert.deepEqual([status, body, headers['x-amzn-errortype']], internalError);
      assert.equal((await call('/echo')).status, 200);
    }
    await eventually(() => assert.match(prints.join(''), /behaving: Error: as asked/));
  });

  test('takes a request of 6 MB as an event, and no more: 413', async (t) => {
    const { call } = await startFunction(t);
    const taken = await call('/served', { method: 'POST', body: 'a'.repeat(5 * 1024 * 1024) });
    assert.equal(taken.status, 200);
    const over = await call('/served', { method: 'POST', body: 'a'.repeat(6 * 1024 * 1024) });
    assert.deepEqual([over.status, over.body], [413, '{"message":"Request Too Long"}']);
    const escaped = await call('/served', { method: 'POST', body: '"'.repeat(4 * 1024 * 1024) });
    assert.equal(escaped.status, 413);
  });

  test('holds 48 MB of requests at a time, and no more: 429', async (t) => {
    const { call } = await startFunction(t, { definition: { timeout: 1500 } });
    const body = 'a'.repeat(5 * 1024 * 1024);
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => call('/wait', { method: 'POST', body })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 5, String(refused.length));
    for (const { status, headers } of refused) assert.deepEqual([status, headers.connection], [429, 'close']);
    assert.equal(
      (await call('/served', { method: 'POST', body })).status,
      200,
      'what has ended counts no more',
    );
  });

  test('takes a result of 6 MB, and no more: 502', async (t) => {
    const { call } = await startFunction(t);
    assert.equal((await call(`/large/${6 * 1024 * 1024 - 100}`)).status, 200);
    assert.equal((await call(`/large/${6 * 1024 * 1024}`)).status, 502);
  });
});

describe('a function', () => {
  test('sees its own environment and nothing else, and how long it has', async (t) => {
    const { call } = await startFunction(t);
    assert.deepEqual(JSON.parse((await call('/variables')).body), { OWN: 'variable' });
    const left = Number((await call('/time')).body);
    assert.ok(left > 0 && left <= 3000);
  });

  test('is kept for the next request, and starts anew when its source or settings change', async (t) => {
    const { call, update } = await startFunction(t);
    assert.equal((await call('/served')).body, '1');
    assert.equal((await call('/served')).body, '2');
    update({});
    assert.equal((await call('/served')).body, '3');
    update({ digest: '2' });
    assert.equal((await call('/served')).body, '1');
    update({ variables: { OWN: 'other' } });
    assert.deepEqual(JSON.parse((await call('/variables')).body), { OWN: 'other' });
  });

  test('that is at work when it changes finishes what it began', async (t) => {
    const { call, update } = await startFunction(t, { definition: { timeout: 500 } });
    const before = call('/wait');
    await call('/served');
    update({ digest: '2' });
    assert.equal((await call('/served')).body, '1');
    assert.equal((await before).status, 502);
  });

  test('beyond its time is stopped and answered 502, in a loop that never waits too', async (t) => {
    const { call, plain, prints } = await startFunction(t, { definition: { timeout: 300 } });
    for (const path of ['/spin', '/wait']) {
      const stuck = call(path);
      assert.equal((await plain()).status, 504, 'others are answered meanwhile');
      const { status, body, headers } = await stuck;
      assert.deepEqual([status, body, headers['x-amzn-errortype']], internalError);
    }
    assert.match(prints.join(''), /it took longer than 0\.3 s to answer/);
    assert.equal((await call('/served')).body, '1');
  });

  test('that the API does not wait for is answered 504', async (t) => {
    const { call } = await startFunction(t, { gateway: { integrationTimeout: 300 } });
    const { status, body } = await call('/wait');
    assert.deepEqual([status, body], [504, '{"message":"Endpoint request timed out"}']);
  });

  test('beyond its memory is stopped and answered 502', async (t) => {
    const { call, prints } = await startFunction(t, {
      definition: { timeout: 20_000 },
      gateway: { integrationTimeout: 25_000 },
    });
    assert.equal((await call('/grow')).status, 502);
    assert.match(prints.join(''), /it needs more than 128 MiB/);
    assert.equal((await call('/served')).body, '1');
  });

  test('runs several events at a time, and no event waits for ever', async (t) => {
    const { call } = await startFunction(t, {
      definition: { timeout: 400 },
      gateway: { integrationTimeout: 4500 },
    });
    const held = Array.from({ length: 6 }, () => call('/wait'));
    const answered = await Promise.all([...held, call('/served')]);
    assert.deepEqual(
      answered.map(({ status }) => status),
      [502, 502, 502, 502, 502, 502, 200],
    );
  });

  test('gets no event that nobody waits for any more', async (t) => {
    const { call, prints } = await startFunction(t, {
      definition: { timeout: 1500 },
      gateway: { integrationTimeout: 500 },
    });
    const print = async (body: string) => (await call('/print', { method: 'POST', body })).status;
    const busy = Array.from({ length: 4 }, () => call('/wait'));
    const statuses = await Promise.all(Array.from({ length: 8 }, (_, index) => print(`attempt ${index}.`)));
    assert.ok(statuses.includes(504));
    assert.deepEqual([...new Set((await Promise.all(busy)).map(({ status }) => status))], [504]);
    await eventually(async () => assert.equal(await print('in time'), 200));
    await eventually(() => assert.match(prints.join(''), /said in time/));
    for (const [index, status] of statuses.entries()) {
      assert.equal(prints.join('').includes(`attempt ${index}.`), status === 200, String(index));
    }
  });

  test('that cannot be loaded is 502', async (t) => {
    const { call } = await startFunction(t, { definition: { file: '/nowhere/handler.ts' } });
    assert.equal((await call('/echo')).status, 502);
  });

  test('prints into its own log', async (t) => {
    const { call, prints } = await startFunction(t);
    await call('/print', { method: 'POST', body: 'hello' });
    await eventually(() => assert.deepEqual(prints, ['behaving: said hello\n']));
  });
});
