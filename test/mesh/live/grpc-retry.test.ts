import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { type CallReply, startGrpcApplication } from './applications/grpc.ts';
import { grpcClient } from './clients/grpc.ts';
import { called, meshOf, ms, type RouteSpec, to } from './definition.ts';
import { startCaller } from './proxies.ts';

type RetryPolicy = NonNullable<NonNullable<RouteSpec['grpcRoute']>['retryPolicy']>;

/** https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_GrpcRetryPolicy.html */
const events = {
  cancelled: status.CANCELLED,
  'deadline-exceeded': status.DEADLINE_EXCEEDED,
  internal: status.INTERNAL,
  'resource-exhausted': status.RESOURCE_EXHAUSTED,
  unavailable: status.UNAVAILABLE,
} as const;

const routeWith = (retryPolicy?: RetryPolicy) => ({
  all: {
    grpcRoute: { match: {}, action: to({ echo: 1 }), ...(retryPolicy ? { retryPolicy } : {}) },
  },
});

const policyOf = (event: keyof typeof events, perRetryTimeout = 2000): RetryPolicy => ({
  maxRetries: 2,
  perRetryTimeout: ms(perRetryTimeout),
  grpcRetryEvents: [event],
});

test('a gRPC call is repeated', async (t) => {
  const names = Object.keys(events) as (keyof typeof events)[];
  const mesh = meshOf({
    nodes: { echo: called('grpc') },
    services: {
      ...Object.fromEntries(names.map((event) => [`${event}.local`, routeWith(policyOf(event))])),
      'short-tries.local': routeWith({ ...policyOf('unavailable', 200), httpRetryEvents: ['gateway-error'] }),
      'default.local': routeWith(),
    },
  });
  const echo = await startGrpcApplication(t, 'echo');
  const proxy = await startCaller(t, mesh, { endpoints: { echo: [echo.address] } });
  const call = grpcClient(t, proxy.egress);
  const tries = async (authority: string, ...replies: CallReply[]) => {
    echo.reply(...replies);
    const { code } = await call({ authority });
    return { code, tries: echo.calls.length };
  };

  for (const event of names) {
    await t.test(`on ${event} after that status, and after no other`, async () => {
      for (const [other, code] of Object.entries(events)) {
        const expected = other === event ? { code: status.OK, tries: 2 } : { code, tries: 1 };
        assert.deepEqual(await tries(`${event}.local`, { code }, {}), expected, other);
      }
      const code = status.NOT_FOUND;
      assert.deepEqual(await tries(`${event}.local`, { code }, {}), { code, tries: 1 });
    });
  }

  await t.test('as often as the policy allows, and then the failure is the answer', async () => {
    const code = status.UNAVAILABLE;
    assert.deepEqual(await tries('unavailable.local', { code }), { code, tries: 3 });
  });

  await t.test('when a try takes longer than it may', async () => {
    const slow = { after: 700 };
    assert.deepEqual(await tries('short-tries.local', slow, {}), { code: status.OK, tries: 2 });
    assert.deepEqual(await tries('unavailable.local', slow, {}), { code: status.OK, tries: 1 });
  });

  await t.test('twice after UNAVAILABLE when the route says nothing: the default policy', async () => {
    const code = status.UNAVAILABLE;
    assert.deepEqual(await tries('default.local', { code }), { code, tries: 3 });
    assert.deepEqual(await tries('default.local', { code: status.INTERNAL }, {}), {
      code: status.INTERNAL,
      tries: 1,
    });
  });
});
