import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gateway, service, toNode, toService } from './models.ts';

interface Written {
  readonly name: string;
  readonly match: { readonly headers?: object[] };
  readonly route: { readonly timeout: string; readonly retry_policy?: Readonly<Record<string, unknown>> };
}

function written(policy: Parameters<typeof gateway>[2]): Written[] {
  const retryPolicy = {
    maxRetries: 9,
    perRetryTimeout: { unit: 's', value: 9 },
    httpRetryEvents: ['server-error'],
  };
  const backend = service({ to: toNode('node', { prefix: '/' }, { retryPolicy }) });
  const route = toService({ prefix: '/', method: 'GET' });
  const [first] = gateway({ route }, [backend], policy).virtual_hosts as { routes: Written[] }[];
  return first?.routes ?? [];
}

const retry = {
  maxRetries: 2,
  perRetryTimeout: 4100,
  httpRetryEvents: ['stream-error', 'server-error'],
  tcpRetryEvents: ['connection-error'],
} as const;

test('with a policy a gateway repeats by what may be carried out twice, whatever the routes say', () => {
  const routes = written({ retry, timeout: 4300 });
  const get = { name: ':method', string_match: { exact: 'GET' } };
  assert.deepEqual(
    routes.map(({ name, match, route }) => [name, match.headers, route.timeout]),
    [
      ['route/to-safe', [get, methods('GET|HEAD|OPTIONS')], '4.3s'],
      ['route/to-keyed', [get, { name: 'idempotency-key', present_match: true }], '4.3s'],
      [
        'route/to-idempotent',
        [
          get,
          methods('PUT|DELETE'),
          absent('if-match'),
          absent('if-none-match'),
          absent('if-unmodified-since'),
        ],
        '4.3s',
      ],
      ['route/to-other', [get], '4.3s'],
    ],
  );
  const policies = routes.map(({ route: { retry_policy: policy } }) => [
    policy?.retry_on,
    policy?.num_retries,
    policy?.per_try_timeout,
    policy?.retriable_headers,
  ]);
  const twice = [
    'refused-stream,retriable-status-codes,reset,connect-failure,retriable-headers',
    2,
    '4.1s',
    [present('x-mesh-undelivered'), present('x-mesh-interrupted')],
  ];
  const once = [
    'connect-failure,refused-stream,retriable-headers',
    2,
    undefined,
    [present('x-mesh-undelivered')],
  ];
  assert.deepEqual(policies, [twice, twice, twice, once]);
});

test('without a retry policy it repeats nothing', () => {
  const [route, ...others] = written({ timeout: 4300 });
  assert.deepEqual(others, []);
  assert.equal(route?.name, 'route/to');
  assert.equal(route?.route.timeout, '4.3s');
  assert.equal(route?.route.retry_policy, undefined);
});

test('without a policy the routes’ own holds', () => {
  const [route, ...others] = written(undefined);
  assert.deepEqual(others, []);
  assert.equal(route?.route.timeout, '15s');
  assert.equal(route?.route.retry_policy?.num_retries, 9);
});

function methods(regex: string) {
  return { name: ':method', string_match: { safe_regex: { regex } } };
}

function present(name: string) {
  return { name, present_match: true };
}

function absent(name: string) {
  return { name, present_match: true, invert_match: true };
}
