import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../engines.ts';
import { startHttpApplication } from './applications/http.ts';
import type { Reply } from './applications/reply.ts';
import { called, meshOf, ms, type RouteSpec, to } from './definition.ts';
import { startCaller } from './proxies.ts';

type RetryPolicy = NonNullable<NonNullable<RouteSpec['http2Route']>['retryPolicy']>;

const routeTo = (node: string, retryPolicy?: RetryPolicy) => ({
  all: {
    http2Route: {
      match: { prefix: '/' },
      action: to({ [node]: 1 }),
      ...(retryPolicy ? { retryPolicy } : {}),
    },
  },
});

const httpEvents = ['server-error', 'gateway-error', 'client-error', 'stream-error'] as const;
const events = [...httpEvents, 'connection-error'] as const;
type Event = (typeof events)[number];
const policyOf = (event: Event, perRetryTimeout = 2000): RetryPolicy => ({
  maxRetries: 2,
  perRetryTimeout: ms(perRetryTimeout),
  ...(event === 'connection-error' ? { tcpRetryEvents: [event] } : { httpRetryEvents: [event] }),
});

interface Failure {
  readonly title: string;
  readonly reply: Reply;
  readonly counts: readonly Event[];
}

/** Which events count a failure in: https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_HttpRetryPolicy.html */
const failures: readonly Failure[] = [
  ...[500, 501, 505, 506, 507, 508, 510, 511].map(
    (status): Failure => ({
      title: `an answer of ${status}`,
      reply: { status },
      counts: ['server-error'],
    }),
  ),
  ...[502, 503, 504].map(
    (status): Failure => ({
      title: `an answer of ${status}`,
      reply: { status },
      counts: ['server-error', 'gateway-error'],
    }),
  ),
  { title: 'an answer of 409', reply: { status: 409 }, counts: ['client-error'] },
  { title: 'an answer of 404', reply: { status: 404 }, counts: [] },
  { title: 'an answer of 429', reply: { status: 429 }, counts: [] },
];

test('a request is repeated', async (t) => {
  const mesh = meshOf({
    nodes: { catalog: called('http2'), half: called('http2') },
    services: {
      ...Object.fromEntries(
        events.flatMap((event) => [
          [`${event}.local`, routeTo('catalog', policyOf(event))],
          [`half-${event}.local`, routeTo('half', policyOf(event))],
        ]),
      ),
      'short-tries.local': routeTo('catalog', policyOf('gateway-error', 200)),
      'once.local': routeTo('catalog', { ...policyOf('server-error'), maxRetries: 0 }),
      'default.local': routeTo('catalog'),
    },
  });
  const catalog = await startHttpApplication(t, 'catalog');
  const nobody = { host: '127.0.0.1', port: await freePort() };
  const proxy = await startCaller(t, mesh, {
    endpoints: { catalog: [catalog.address], half: [catalog.address, nobody] },
  });
  const tries = async (service: string, ...replies: Reply[]) => {
    catalog.reply(...replies);
    const { status } = await proxy.call(service, { method: 'POST', body: '{}' });
    return { status, tries: catalog.requests.length };
  };

  for (const event of events) {
    await t.test(`on ${event} for what counts as one, and for nothing else`, async () => {
      for (const { title, reply, counts } of failures) {
        const repeated = counts.includes(event);
        const expected = repeated ? { status: 200, tries: 2 } : { status: statusOf(reply), tries: 1 };
        assert.deepEqual(await tries(`${event}.local`, reply, {}), expected, title);
      }
    });
  }

  await t.test('on stream-error after a refused stream', async () => {
    assert.deepEqual(await tries('stream-error.local', 'refuse the stream', {}), { status: 200, tries: 2 });
    assert.deepEqual(await tries('client-error.local', 'refuse the stream', {}), { status: 503, tries: 1 });
  });

  await t.test('on connection-error at another host when a host cannot be reached', async () => {
    catalog.reply({});
    const statuses = async (service: string) => {
      const seen = new Set<number>();
      for (let count = 0; count < 30; count += 1) seen.add((await proxy.call(service)).status);
      return [...seen].sort();
    };
    assert.deepEqual(await statuses('half-connection-error.local'), [200]);
    assert.deepEqual(await statuses('half-client-error.local'), [200, 503]);
  });

  await t.test('as often as the policy allows, and then the failure is the answer', async () => {
    assert.deepEqual(await tries('server-error.local', { status: 500 }), { status: 500, tries: 3 });
    assert.deepEqual(await tries('once.local', { status: 500 }), { status: 500, tries: 1 });
  });

  await t.test('when a try takes longer than it may', async () => {
    const slow = { after: 700 };
    assert.deepEqual(await tries('short-tries.local', slow, {}), { status: 200, tries: 2 });
    assert.deepEqual(await tries('gateway-error.local', slow, {}), { status: 200, tries: 1 });
    assert.ok((await proxy.statistic('cluster\\..*\\.upstream_rq_per_try_timeout')) > 0);
  });

  await t.test('twice after an answer of 503 when the route says nothing: the default policy', async () => {
    assert.deepEqual(await tries('default.local', { status: 503 }), { status: 503, tries: 3 });
    assert.deepEqual(await tries('default.local', { status: 500 }, {}), { status: 500, tries: 1 });
    assert.deepEqual(await tries('default.local', 'refuse the stream', {}), { status: 200, tries: 2 });
  });
});

function statusOf(reply: Reply): number {
  return typeof reply === 'object' ? (reply.status ?? 200) : 503;
}
