import assert from 'node:assert/strict';
import { test } from 'node:test';
import { routeRetryPolicy } from '../../../src/mesh/envoy/retry.ts';
import type { GrpcRetryPolicy } from '../../../src/model/mesh/retry-policy.ts';
import { startGrpcApplication } from '../live/applications/grpc.ts';
import { startHttpApplication } from '../live/applications/http.ts';
import type { Reply } from '../live/applications/reply.ts';
import { grpcClient } from '../live/clients/grpc.ts';
import { egress, service, toNode } from './models.ts';
import { startRouter } from './router.ts';

type Events = Pick<GrpcRetryPolicy, 'httpRetryEvents' | 'tcpRetryEvents' | 'grpcRetryEvents'>;

const policy = (events: Events, maxRetries = 2, value = 5000): GrpcRetryPolicy => ({
  ...events,
  maxRetries,
  perRetryTimeout: { unit: 'ms', value },
});

const always = {
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate',
      },
    },
  ],
  host_selection_retry_max_attempts: 32,
  retry_back_off: { base_interval: '0.025s', max_interval: '0.25s' },
};

const serverErrors = [500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511];

test('a retry policy in Envoy’s terms', async (t) => {
  await t.test('has every event, the number of retries and the timeout of a try', () => {
    const events: Events = {
      httpRetryEvents: ['server-error', 'gateway-error', 'client-error', 'stream-error'],
      tcpRetryEvents: ['connection-error'],
      grpcRetryEvents: ['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'],
    };
    assert.deepEqual(routeRetryPolicy(policy(events, 7, 1500)), {
      retry_on:
        'retriable-status-codes,reset,gateway-error,retriable-4xx,refused-stream,connect-failure,' +
        'cancelled,deadline-exceeded,internal,resource-exhausted,unavailable',
      num_retries: 7,
      per_try_timeout: '1.5s',
      retriable_status_codes: serverErrors,
      ...always,
    });
  });

  await t.test('is App Mesh’s own where a route states none', () => {
    assert.deepEqual(routeRetryPolicy(undefined), {
      retry_on: 'connect-failure,refused-stream,unavailable,reset,retriable-status-codes',
      num_retries: 2,
      retriable_status_codes: [503],
      ...always,
    });
  });

  await t.test(
    'is none with no retries, has as many as Envoy can count, and no timeout of a try with 0',
    () => {
      assert.equal(routeRetryPolicy(policy({ tcpRetryEvents: ['connection-error'] }, 0)), undefined);
      const endless = routeRetryPolicy(policy({ tcpRetryEvents: ['connection-error'] }, 2 ** 40));
      assert.equal(endless?.num_retries, 2 ** 32 - 1);
      const untimed = routeRetryPolicy(policy({ tcpRetryEvents: ['connection-error'] }, 1, 0));
      assert.deepEqual(untimed, { retry_on: 'connect-failure', num_retries: 1, ...always });
    },
  );
});

/** Policies by the Host that has them. */
const policies: Record<string, GrpcRetryPolicy | undefined> = {
  'server-error': policy({ httpRetryEvents: ['server-error'] }),
  'gateway-error': policy({ httpRetryEvents: ['gateway-error'] }),
  'client-error': policy({ httpRetryEvents: ['client-error'] }),
  'stream-error': policy({ httpRetryEvents: ['stream-error'] }),
  'connection-error': policy({ tcpRetryEvents: ['connection-error'] }),
  'no-retries': policy({ httpRetryEvents: ['server-error'] }, 0),
  'five-retries': policy({ httpRetryEvents: ['server-error'] }, 5),
  'short-tries': policy({ httpRetryEvents: ['server-error'] }, 2, 100),
  'short-tries-for-409': policy({ httpRetryEvents: ['client-error'] }, 2, 100),
  default: undefined,
};

const status = (code: number): Reply => ({ status: code });

const trials: readonly [host: string, reply: Reply, tries: number][] = [
  ...serverErrors.map((code): [string, Reply, number] => ['server-error', status(code), 3]),
  ['server-error', status(509), 1],
  ['server-error', status(409), 1],
  ['server-error', 'hang up', 3],
  ['gateway-error', status(502), 3],
  ['gateway-error', status(503), 3],
  ['gateway-error', status(504), 3],
  ['gateway-error', status(500), 1],
  ['gateway-error', 'hang up', 3],
  ['client-error', status(409), 3],
  ['client-error', status(400), 1],
  ['client-error', status(503), 1],
  ['client-error', 'hang up', 1],
  ['stream-error', 'refuse the stream', 3],
  ['stream-error', 'hang up', 1],
  ['stream-error', status(503), 1],
  ['connection-error', 'hang up', 1],
  ['connection-error', status(503), 1],
  ['no-retries', status(500), 1],
  ['five-retries', status(500), 6],
  ['short-tries', 'be silent', 3],
  ['short-tries-for-409', 'be silent', 1],
  ['default', status(503), 3],
  ['default', status(500), 1],
  ['default', 'hang up', 3],
  ['default', 'refuse the stream', 3],
];

test('what is tried how often', async (t) => {
  const app = await startHttpApplication(t, 'app');
  const services = Object.entries(policies).map(([name, retryPolicy]) =>
    service({ route: toNode('app', { prefix: '/' }, { retryPolicy }) }, { name }),
  );
  const router = await startRouter(
    t,
    { egress: egress(services) },
    { clusters: { app: { address: app.address, protocol: 'http2' } } },
  );
  for (const [host, reply, tries] of trials) {
    const what = typeof reply === 'string' ? `can only ${reply}` : `answers ${reply.status}`;
    await t.test(`${host}: ${tries} for an app that ${what}`, async () => {
      app.reply(reply);
      await router.send({ host });
      assert.equal(app.requests.length, tries);
    });
  }

  await t.test('a try that succeeds is the last', async () => {
    app.reply(status(503), status(503), status(200));
    assert.equal((await router.send({ host: 'default' })).status, 200);
    assert.equal(app.requests.length, 3);
  });

  await t.test(
    'an app that cannot be connected to is tried again by connection-error and by default',
    async () => {
      await app.stop();
      for (const [host, retries] of [
        ['connection-error', 2],
        ['default', 2],
        ['stream-error', 0],
        ['client-error', 0],
      ] as const) {
        const before = await router.statistic('cluster.app.upstream_rq_retry');
        assert.equal((await router.send({ host })).status, 503);
        assert.equal((await router.statistic('cluster.app.upstream_rq_retry')) - before, retries, host);
      }
    },
  );
});

const grpcEvents = {
  cancelled: 1,
  'deadline-exceeded': 4,
  internal: 13,
  'resource-exhausted': 8,
  unavailable: 14,
} as const;

test('a gRPC call is tried again after the statuses of its policy, and after UNAVAILABLE by default', async (t) => {
  const app = await startGrpcApplication(t, 'app');
  const action = { weightedTargets: [{ virtualNode: 'app', weight: 1 }] };
  const events = Object.keys(grpcEvents) as (keyof typeof grpcEvents)[];
  const services = [...events, 'default'].map((name) => {
    const retryPolicy = name === 'default' ? undefined : policy({ grpcRetryEvents: [name as 'internal'] });
    return service({ route: { grpcRoute: { match: {}, action, retryPolicy } } }, { name });
  });
  const router = await startRouter(
    t,
    { egress: egress(services) },
    { clusters: { app: { address: app.address, protocol: 'http2' } } },
  );
  const call = grpcClient(t, router.addresses.egress ?? { host: '', port: 0 });
  for (const authority of [...events, 'default'] as const) {
    const retried = authority === 'default' ? 'unavailable' : authority;
    for (const [event, code] of Object.entries(grpcEvents)) {
      app.reply({ code });
      assert.equal((await call({ authority })).code, code);
      assert.equal(app.calls.length, event === retried ? 3 : 1, `${authority}: ${event}`);
    }
  }
});
