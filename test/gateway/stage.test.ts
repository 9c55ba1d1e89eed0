import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createGateway } from '../../src/gateway/gateway.ts';
import { StrataError } from '../../src/kernel/errors.ts';
import { allowAll, configurationOf, dataRoute, ManualClock, startGateway } from './gateway-under-test.ts';

const missing = [403, '{"message":"Missing Authentication Token"}', 'MissingAuthenticationTokenException'];

describe('a request', () => {
  test('to a route reaches the service, and so does one below it', async (t) => {
    const { call, service } = await startGateway(t);
    service.answer((_request, response) =>
      response.writeHead(201, { 'x-of-service': 'yes' }).end('{"a":"é"}'),
    );
    for (const path of ['/plain', '/plain/below/it?q=1&q=2']) {
      const reply = await call(path);
      assert.deepEqual([reply.status, reply.body, reply.headers['x-of-service']], [201, '{"a":"é"}', 'yes']);
      assert.equal(service.received.at(-1)?.url, path);
    }
  });

  test('to an unknown path or with a method the route has not is 403, in the shape of the vendor', async (t) => {
    const { call, service } = await startGateway(t);
    const unknown: [string, string][] = [
      ['GET', '/'],
      ['GET', '/api/v1/database'],
      ['GET', '//api/v1/data'],
      ['HEAD', '/api/v1/data'],
      ['POST', '/api/v1/data'],
      ['OPTIONS', '/api/v1/data'],
      ['TRACE', '/api/v1/data'],
    ];
    for (const [method, path] of unknown) {
      const { status, body, headers } = await call(path, { method });
      const expected = method === 'HEAD' ? [403, '', missing[2]] : missing;
      assert.deepEqual([status, body, headers['x-amzn-errortype']], expected, `${method} ${path}`);
      assert.equal(headers['content-type'], 'application/json');
      assert.match(String(headers['x-amzn-requestid']), /^[\da-f-]{36}$/);
    }
    assert.equal(service.received.length, 0);
  });

  test('goes to the longest route that has its path', async (t) => {
    const inner = { ...dataRoute, path: '/api/v1/data/inner', methods: ['DELETE' as const] };
    const { call } = await startGateway(t, { routes: [dataRoute, inner] });
    assert.equal((await call('/api/v1/data/inner/x', { method: 'DELETE' })).status, 200);
    assert.equal((await call('/api/v1/data/inner/x')).status, 403);
  });

  test('of a path without a canonical form is 400', async (t) => {
    const { call, service } = await startGateway(t);
    for (const path of [
      '/plain/%',
      '/plain/%00',
      '/plain/%ff',
      '/plain/../api/v1/secure',
      '/plain/%2e%2e/x',
      '/plain/a%2fb',
    ]) {
      const { status, headers } = await call(path);
      assert.deepEqual([status, headers['x-amzn-errortype']], [400, 'BadRequestException'], path);
    }
    assert.equal(service.received.length, 0);
  });

  test('is passed to the stage of another layer before it is matched', async (t) => {
    const gateway = createGateway({
      configuration: configurationOf(1),
      authorize: allowAll,
      clock: new ManualClock(),
      inspect: ({ path }) =>
        path === '/blocked' ? { status: 418, headers: ['content-length', '0'], body: '' } : undefined,
    });
    const { port } = await gateway.listen();
    t.after(() => gateway.close());
    assert.equal((await fetch(`http://127.0.0.1:${port}/blocked`)).status, 418);
    assert.equal((await fetch(`http://127.0.0.1:${port}/other`)).status, 403);
  });
});

describe('an answer', () => {
  test('says how it was made, where the plan has it explained', async (t) => {
    const { call, service } = await startGateway(t);
    service.answer((_request, response) =>
      response.writeHead(200, { 'server-timing': 'app;dur=3' }).end('{}'),
    );
    const { headers } = await call('/api/v1/data');
    assert.equal(headers['x-request-id'], headers['x-amzn-requestid']);
    assert.match(String(headers.traceparent), /^00-[\da-f]{32}-[\da-f]{16}-01$/);
    assert.equal(headers['x-gateway-cache'], 'miss');
    assert.match(String(headers['server-timing']), /^app;dur=3, gateway;dur=[\d.]+$/);
    const sent = service.received[0]?.headers;
    assert.equal(sent?.['x-request-id'], headers['x-request-id']);
    assert.equal(sent?.traceparent, headers.traceparent);
  });

  test('does not, where the plan has not', async (t) => {
    const { call } = await startGateway(t, { explain: false });
    const { headers } = await call('/api/v1/data');
    assert.deepEqual(Object.keys(headers).sort(), [
      'connection',
      'content-length',
      'date',
      'keep-alive',
      'x-amzn-requestid',
    ]);
  });

  test('carries none of a hop’s headers, nor of the proxies behind the gateway', async (t) => {
    const { call, service } = await startGateway(t);
    service.answer((_request, response) => {
      response.writeHead(200, {
        connection: 'keep-alive, x-of-hop',
        'x-of-hop': '1',
        'x-envoy-upstream-service-time': '3',
        server: 'envoy',
        'x-amzn-errortype': 'FakeException',
        'x-gateway-cache': 'hit',
        'x-kept': '1',
      });
      response.end('{}');
    });
    const { headers } = await call('/plain');
    for (const name of ['x-of-hop', 'x-envoy-upstream-service-time', 'server', 'x-amzn-errortype']) {
      assert.equal(headers[name], undefined, name);
    }
    assert.equal(headers['x-gateway-cache'], 'bypass');
    assert.equal(headers['x-kept'], '1');
  });

  test('without a body stays without one', async (t) => {
    const { call, service } = await startGateway(t);
    service.answer((_request, response) => response.writeHead(204).end());
    const { status, body, headers } = await call('/plain', { method: 'DELETE' });
    assert.deepEqual([status, body, headers['content-length']], [204, '', undefined]);
    assert.equal(headers['transfer-encoding'], undefined);
  });
});

test('the service gets nothing that a client says in the name of the gateway', async (t) => {
  const { call, service } = await startGateway(t);
  const claimed = {
    'x-strata-principal': 'root',
    'X-Strata-Role': 'admin',
    'x-amzn-oidc-identity': 'root',
    'x-forwarded-for': '8.8.8.8',
    'x-forwarded-host': 'evil',
    forwarded: 'for=8.8.8.8',
    traceparent: '00-11111111111111111111111111111111-2222222222222222-01',
    tracestate: 'a=b',
    baggage: 'a=b',
    'x-request-id': 'mine',
    'x-envoy-retry-on': '5xx',
    'x-real-ip': '8.8.8.8',
    via: '1.1 me',
    'x-named': 'for this hop',
    connection: 'keep-alive, x-named',
    te: 'trailers',
    'x-kept': 'yes',
  };
  const { headers } = await call('/plain', { headers: claimed });
  const sent = service.received[0]?.headers ?? {};
  assert.deepEqual(Object.keys(sent).sort(), [
    'host',
    'traceparent',
    'x-forwarded-for',
    'x-forwarded-port',
    'x-forwarded-proto',
    'x-kept',
    'x-request-id',
  ]);
  assert.equal(sent['x-forwarded-for'], '127.0.0.1');
  assert.equal(sent['x-request-id'], headers['x-request-id']);
  assert.notEqual(sent.traceparent, claimed.traceparent);
});

test('a port that is taken is said to be', async (t) => {
  const { service } = await startGateway(t);
  const configuration = { ...configurationOf(1), port: service.port };
  const gateway = createGateway({ configuration, authorize: allowAll, clock: new ManualClock() });
  await assert.rejects(
    gateway.listen(),
    (error) => error instanceof StrataError && error.code === 'port-taken',
  );
});
