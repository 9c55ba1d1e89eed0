import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import type { AuthorizerEvent } from '../../src/gateway/authorizer-event.ts';
import { allowAll, configurationOf, secureRoute, startGateway } from './gateway-under-test.ts';

const arn = 'arn:aws:execute-api:local:000000000000:test-api/local';
const tick = promisify(setImmediate);

/** An authorizer that notes its events and answers with a policy of these statements. */
function noting(statements: unknown = [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }]) {
  const events: AuthorizerEvent[] = [];
  return {
    events,
    authorize: (event: AuthorizerEvent): unknown => {
      events.push(event);
      return {
        principalId: 'sub-1',
        policyDocument: { Version: '2012-10-17', Statement: statements },
        context: { role: 'editor' },
      };
    },
  };
}

describe('where a token is required', () => {
  test('a request without one is 401 and the function is not called', async (t) => {
    const { events, authorize } = noting();
    const { call } = await startGateway(t, { authorize });
    const { status, body, headers } = await call('/api/v1/secure');
    assert.deepEqual(
      [status, body, headers['x-amzn-errortype']],
      [401, '{"message":"Unauthorized"}', 'UnauthorizedException'],
    );
    assert.equal(events.length, 0);
  });

  test('the function gets the vendor’s TOKEN event, once in the time to live, and the service the caller', async (t) => {
    const { events, authorize } = noting();
    const { call, service, clock } = await startGateway(t, { authorize });
    const headers = { authorization: 'Bearer t' };
    await call('/api/v1/secure/1', { headers });
    clock.advance(299_999);
    await call('/api/v1/secure', { headers, method: 'POST', body: '{}' });
    assert.deepEqual(events, [
      { type: 'TOKEN', authorizationToken: 'Bearer t', methodArn: `${arn}/GET/api/v1/secure/1` },
    ]);
    for (const { headers: sent } of service.received) {
      assert.deepEqual([sent['x-strata-principal'], sent['x-strata-role']], ['sub-1', 'editor']);
      assert.equal(sent.authorization, undefined);
    }
    clock.advance(1);
    await call('/api/v1/secure', { headers });
    assert.equal(events.length, 2);
  });

  test('tokens are kept apart', async (t) => {
    const { call, service } = await startGateway(t, { authorize: allowAll });
    await call('/api/v1/secure', { headers: { authorization: 'one' } });
    await call('/api/v1/secure', { headers: { authorization: 'two' } });
    assert.deepEqual(
      service.received.map(({ headers }) => headers['x-strata-principal']),
      ['user-one', 'user-two'],
    );
  });

  test('concurrent calls for one token are one call', async (t) => {
    const { events, authorize } = noting();
    const { raw, service } = await startGateway(t, {
      authorize: async (event) => {
        await tick();
        return authorize(event);
      },
    });
    const request = 'GET /api/v1/secure HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n';
    const reply = await raw(`${`${request}\r\n`.repeat(7)}${request}Connection: close\r\n\r\n`);
    assert.equal(reply.match(/HTTP\/1\.1 200/g)?.length, 8);
    assert.equal(service.received.length, 8);
    assert.equal(events.length, 1);
  });

  test('the policy is evaluated for each method', async (t) => {
    const { call } = await startGateway(t, {
      authorize: noting([{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: `${arn}/GET/*` }])
        .authorize,
    });
    const headers = { authorization: 'Bearer t' };
    assert.equal((await call('/api/v1/secure', { headers })).status, 200);
    const { status, body, headers: answered } = await call('/api/v1/secure', { headers, method: 'DELETE' });
    assert.deepEqual(
      [status, body, answered['x-amzn-errortype']],
      [403, '{"message":"User is not authorized to access this resource"}', 'AccessDeniedException'],
    );
  });

  test('an explicit deny says that it is one', async (t) => {
    const { call } = await startGateway(t, {
      authorize: noting([{ Effect: 'Deny', Action: 'execute-api:Invoke', Resource: '*' }]).authorize,
    });
    const { status, body } = await call('/api/v1/secure', { headers: { authorization: 'Bearer t' } });
    assert.equal(status, 403);
    assert.match(body, /with an explicit deny/);
  });

  test('a policy that ends is not used after its end: the function is asked anew', async (t) => {
    let alive = true;
    const { call, clock } = await startGateway(t, {
      authorize: (event) => {
        if (!alive) throw new Error('Unauthorized');
        const end = { DateLessThan: { 'aws:CurrentTime': '2026-01-01T00:00:10Z' } };
        const [statement] = [
          { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*', Condition: end },
        ];
        return noting([statement]).authorize(event);
      },
    });
    const headers = { authorization: 'Bearer t' };
    clock.advance(9999);
    assert.equal((await call('/api/v1/secure', { headers })).status, 200);
    alive = false;
    assert.equal((await call('/api/v1/secure', { headers })).status, 200);
    clock.advance(1);
    assert.equal((await call('/api/v1/secure', { headers })).status, 401);
  });

  test('a refusal is not remembered', async (t) => {
    let answers = false;
    const { call } = await startGateway(t, {
      authorize: (event) => {
        if (!answers) throw new Error('Unauthorized');
        return allowAll(event);
      },
    });
    const headers = { authorization: 'Bearer t' };
    assert.equal((await call('/api/v1/secure', { headers })).status, 401);
    answers = true;
    assert.equal((await call('/api/v1/secure', { headers })).status, 200);
  });

  test('with a time to live of 0 the function is called for each request, and an update forgets what was kept', async (t) => {
    const { events, authorize } = noting();
    const never = { ...secureRoute, auth: { mode: 'required' as const, ttl: 0 } };
    const { call, gateway, service } = await startGateway(t, { authorize, routes: [never] });
    const headers = { authorization: 'Bearer t' };
    await call('/api/v1/secure', { headers });
    await call('/api/v1/secure', { headers });
    assert.equal(events.length, 2);
    for (let round = 3; round < 5; round++) {
      gateway.update(configurationOf(service.port, [secureRoute]));
      await call('/api/v1/secure', { headers });
      await call('/api/v1/secure', { headers });
      assert.equal(events.length, round);
    }
  });
});

describe('where a token is optional', () => {
  test('the function is called for each request, with the vendor’s REQUEST event', async (t) => {
    const { events, authorize } = noting();
    const { call } = await startGateway(t, { authorize });
    await call('/api/v1/data/7?name=a&name=b', { headers: { 'X-Mine': ['1', '2'], 'user-agent': 'test' } });
    await call('/api/v1/data/7?name=a&name=b', { headers: { 'X-Mine': ['1', '2'] } });
    assert.equal(events.length, 2);
    const event = JSON.parse(JSON.stringify(events[0]));
    assert.equal(event.headers['X-Mine'], '2');
    assert.deepEqual(event.multiValueHeaders['X-Mine'], ['1', '2']);
    const { type, methodArn, resource, path, httpMethod } = event;
    assert.deepEqual(
      [type, methodArn, resource, path, httpMethod],
      ['REQUEST', `${arn}/GET/api/v1/data/7`, '/api/v1/data/{proxy+}', '/api/v1/data/7', 'GET'],
    );
    assert.deepEqual(event.queryStringParameters, { name: 'b' });
    assert.deepEqual(event.multiValueQueryStringParameters, { name: ['a', 'b'] });
    assert.deepEqual(event.pathParameters, { proxy: '7' });
    assert.deepEqual(event.requestContext.identity, { sourceIp: '127.0.0.1', userAgent: 'test' });
  });

  test('an anonymous caller reaches the service without identity, a cached answer too needs leave', async (t) => {
    let accepts = true;
    const { call, service } = await startGateway(t, {
      authorize: (event) => {
        if (!accepts) throw new Error('Unauthorized');
        return allowAll(event);
      },
    });
    assert.equal((await call('/api/v1/data')).status, 200);
    assert.equal(service.received[0]?.headers['x-strata-principal'], undefined);
    assert.equal(service.received[0]?.headers['x-strata-role'], undefined);
    accepts = false;
    assert.equal((await call('/api/v1/data', { headers: { authorization: 'Bearer bad' } })).status, 401);
  });

  test('two Authorization headers are 400: a service could believe the other one', async (t) => {
    const { raw } = await startGateway(t);
    const reply = await raw(
      'GET /plain HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\nConnection: close\r\n\r\n',
    );
    assert.match(reply, /^HTTP\/1.1 400 /);
  });
});

describe('a function that fails', () => {
  const failures: [what: string, authorize: () => unknown][] = [
    [
      'throws',
      () => {
        throw new Error('unauthorized');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the key set cannot be reached'))],
    ['answers nothing', () => undefined],
    ['answers a text', () => 'Unauthorized'],
    ['answers no policy', () => ({ principalId: 'a' })],
    [
      'answers no principal',
      () => ({
        ...(noting().authorize({ type: 'TOKEN', methodArn: '', authorizationToken: '' }) as object),
        principalId: undefined,
      }),
    ],
    [
      'answers a principal that is no header',
      () => ({
        ...(noting().authorize({ type: 'TOKEN', methodArn: '', authorizationToken: '' }) as object),
        principalId: 'a\r\nx-strata-role: admin',
      }),
    ],
    [
      'answers a context with a list',
      () => ({
        ...(noting().authorize({ type: 'TOKEN', methodArn: '', authorizationToken: '' }) as object),
        context: { role: ['admin'] },
      }),
    ],
    [
      'answers a malformed policy',
      () => noting([{ Effect: 'Allow' }]).authorize({ type: 'TOKEN', methodArn: '', authorizationToken: '' }),
    ],
  ];
  for (const [what, authorize] of failures) {
    test(`and ${what} is 500, and the service is not called`, async (t) => {
      const { call, service } = await startGateway(t, { authorize });
      for (const path of ['/plain', '/api/v1/secure']) {
        const { status, headers } = await call(path, { headers: { authorization: 'Bearer t' } });
        assert.deepEqual([status, headers['x-amzn-errortype']], [500, 'AuthorizerConfigurationException']);
      }
      assert.equal(service.received.length, 0);
    });
  }
});
