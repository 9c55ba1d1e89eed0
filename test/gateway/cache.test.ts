import assert from 'node:assert/strict';
import { request as httpRequest, type ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { GatewayConfiguration } from '../../src/gateway/configuration.ts';
import { eventually } from '../eventually.ts';
import { configurationOf, dataRoute, startGateway, type UnderTest } from './gateway-under-test.ts';

/** Numbers its answers, so that one can be told from the next. */
function numbered({ service }: UnderTest): void {
  let number = 0;
  service.answer((_request, response) => response.end(String(++number)));
}

async function outcome({ call }: UnderTest, path: string, headers = {}): Promise<string> {
  const reply = await call(path, { headers });
  return `${reply.body} ${reply.headers['x-gateway-cache']}`;
}

/** Ends what was started for one run of a property. */
class Ends implements AsyncDisposable {
  readonly #ends: (() => unknown)[] = [];
  after(end: () => unknown): void {
    this.#ends.push(end);
  }
  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.#ends.reverse()) await end();
  }
}

const refresh = { 'cache-control': 'max-age=0' };

describe('the cache', () => {
  test('answers from its store until the time to live is over', async (t) => {
    const under = await startGateway(t);
    numbered(under);
    assert.equal(await outcome(under, '/api/v1/data'), '1 miss');
    under.clock.advance(59_999);
    assert.equal(await outcome(under, '/api/v1/data'), '1 hit');
    under.clock.advance(1);
    assert.equal(await outcome(under, '/api/v1/data'), '2 miss');
  });

  test('keys on the path and the selected parameters, and passes on no other', async (t) => {
    const under = await startGateway(t);
    numbered(under);
    assert.equal(await outcome(under, '/api/v1/data?name=a&limit=5'), '1 miss');
    assert.equal(await outcome(under, '/api/v1/data?limit=5&name=%61&utm=x'), '1 hit');
    assert.equal(await outcome(under, '/api/v1/data?limit=5&name=b'), '2 miss');
    assert.equal(await outcome(under, '/api/v1/data?other=1'), '3 miss');
    assert.equal(await outcome(under, '/api/v1/%64ata'), '3 hit');
    assert.equal(await outcome(under, '/api/v1/data/x'), '4 miss');
    assert.deepEqual(
      under.service.received.map(({ url }) => url),
      ['/api/v1/data?limit=5&name=a', '/api/v1/data?limit=5&name=b', '/api/v1/data', '/api/v1/data/x'],
    );
  });

  test('is off with a time to live of 0', async (t) => {
    const under = await startGateway(t, { routes: [{ ...dataRoute, cache: { ttl: 0, query: [] } }] });
    numbered(under);
    assert.equal(await outcome(under, '/api/v1/data'), '1 bypass');
    assert.equal(await outcome(under, '/api/v1/data'), '2 bypass');
  });

  test('applies a changed time to live to what is stored already', async (t) => {
    const under = await startGateway(t);
    numbered(under);
    await outcome(under, '/api/v1/data');
    under.clock.advance(30_000);
    const configure = (ttl: number) =>
      under.gateway.update(
        configurationOf(under.service.port, [{ ...dataRoute, cache: { ttl, query: [] } }]),
      );
    configure(30_001);
    assert.equal(await outcome(under, '/api/v1/data'), '1 hit');
    configure(0);
    assert.equal(await outcome(under, '/api/v1/data'), '2 bypass');
    configure(30_000);
    assert.equal(await outcome(under, '/api/v1/data'), '3 miss');
  });

  test('stores 200 only', async (t) => {
    for (const status of [201, 203, 206, 301, 404, 500, 503]) {
      const under = await startGateway(t);
      under.service.answer((_request, response) => response.writeHead(status).end('x'));
      await under.call('/api/v1/data');
      const { status: answered, headers } = await under.call('/api/v1/data');
      assert.deepEqual([answered, headers['x-gateway-cache']], [status, 'miss']);
    }
  });

  test('stores answers of up to 1,048,576 bytes', async (t) => {
    const under = await startGateway(t);
    for (const [size, cached] of [
      [1_048_576, 'hit'],
      [1_048_577, 'miss'],
    ] as const) {
      under.service.answer((_request, response) => response.end(Buffer.alloc(size, 'a')));
      await under.call(`/api/v1/data/${size}`);
      const { body, headers } = await under.call(`/api/v1/data/${size}`);
      assert.deepEqual([body.length, headers['x-gateway-cache']], [size, cached]);
    }
  });

  test('keeps the bytes of a body and the headers of the answer, without those of one request', async (t) => {
    const under = await startGateway(t);
    under.service.answer((_request, response) => {
      response.writeHead(200, {
        'content-type': 'text/plain; charset=utf-8',
        etag: '"1"',
        'cache-control': 'no-store, private',
        'set-cookie': ['a=1', 'b=2'],
        'x-entity-cache': 'miss',
        'server-timing': 'app;dur=9',
      });
      response.end('ünïcödé ☃ 🎉');
    });
    const first = await under.call('/api/v1/data');
    assert.equal(first.headers['x-entity-cache'], 'miss');
    const { headers, body } = await under.call('/api/v1/data');
    assert.equal(headers['x-gateway-cache'], 'hit');
    assert.equal(body, 'ünïcödé ☃ 🎉');
    assert.deepEqual([headers.etag, headers['content-type']], ['"1"', 'text/plain; charset=utf-8']);
    assert.deepEqual([headers['set-cookie'], headers['x-entity-cache']], [undefined, undefined]);
    assert.match(String(headers['server-timing']), /^gateway;dur=/);
    assert.notEqual(headers['x-request-id'], first.headers['x-request-id']);
    assert.notEqual(headers.traceparent, first.headers.traceparent);
  });

  test('fetches in nobody’s name: no precondition, cookie, or caller of the first reaches the service', async (t) => {
    const under = await startGateway(t);
    numbered(under);
    const headers = {
      authorization: 'editor',
      cookie: 'a=1',
      'if-none-match': '"1"',
      range: 'bytes=0-0',
      'accept-encoding': 'gzip',
      'x-mine': '1',
    };
    assert.equal(await outcome(under, '/api/v1/data', headers), '1 miss');
    assert.equal(await outcome(under, '/api/v1/data', headers), '1 hit');
    assert.deepEqual(Object.keys(under.service.received[0]?.headers ?? {}).sort(), [
      'accept',
      'host',
      'traceparent',
      'x-forwarded-for',
      'x-forwarded-port',
      'x-forwarded-proto',
      'x-request-id',
    ]);
  });

  test('makes one fetch of concurrent misses, also when the first client leaves', async (t) => {
    const under = await startGateway(t);
    const held: ServerResponse[] = [];
    under.service.answer((_request, response) => held.push(response));
    const first = httpRequest({ host: '127.0.0.1', port: under.port, path: '/api/v1/data' }).end();
    first.on('error', () => undefined);
    await eventually(() => assert.equal(held.length, 1));
    const others = Array.from({ length: 5 }, () => outcome(under, '/api/v1/data'));
    await under.call('/unknown');
    first.destroy();
    await under.call('/unknown');
    held[0]?.end('once');
    assert.deepEqual(await Promise.all(others), Array(5).fill('once coalesced'));
    assert.equal(under.service.received.length, 1);
    assert.equal(await outcome(under, '/api/v1/data'), 'once hit');
  });

  test('does not let a slow fetch overwrite what a later one has stored', async (t) => {
    const under = await startGateway(t);
    const held: ServerResponse[] = [];
    under.service.answer((_request, response) => held.push(response));
    const old = outcome(under, '/api/v1/data');
    await eventually(() => assert.equal(held.length, 1));
    const fresh = outcome(under, '/api/v1/data', { ...refresh, authorization: 'reader' });
    await eventually(() => assert.equal(held.length, 2));
    held[1]?.end('new');
    assert.equal(await fresh, 'new refresh');
    held[0]?.end('old');
    assert.equal(await old, 'old miss');
    assert.equal(await outcome(under, '/api/v1/data'), 'new hit');
  });

  test('holds no more bytes than it may', async (t) => {
    const under = await startGateway(t, { gateway: { cacheSize: 4096 } });
    under.service.answer((_request, response) => response.end('a'.repeat(1000)));
    for (const id of [1, 2, 3]) await under.call(`/api/v1/data/${id}`);
    assert.equal((await under.call('/api/v1/data/3')).headers['x-gateway-cache'], 'hit');
    assert.equal((await under.call('/api/v1/data/1')).headers['x-gateway-cache'], 'miss');
  });
});

describe('a request for a refresh', () => {
  const strategies: [
    GatewayConfiguration['plan']['gateway']['cacheRefresh'],
    string | undefined,
    number,
    string | undefined,
    string,
  ][] = [
    [{ allow: 'reader', unauthorized: 'FAIL_WITH_403' }, 'reader', 200, undefined, 'refresh'],
    [{ allow: 'reader', unauthorized: 'FAIL_WITH_403' }, undefined, 403, undefined, 'undefined'],
    [{ allow: 'editor', unauthorized: 'FAIL_WITH_403' }, 'reader', 403, undefined, 'undefined'],
    [{ allow: 'editor', unauthorized: 'FAIL_WITH_403' }, 'admin', 200, undefined, 'refresh'],
    [{ allow: 'anyone', unauthorized: 'FAIL_WITH_403' }, undefined, 200, undefined, 'refresh'],
    [
      { allow: 'reader', unauthorized: 'SUCCEED_WITH_RESPONSE_HEADER' },
      undefined,
      200,
      '199 Cache-control headers were ignored because the caller was unauthorized.',
      'hit',
    ],
    [{ allow: 'reader', unauthorized: 'SUCCEED_WITHOUT_RESPONSE_HEADER' }, undefined, 200, undefined, 'hit'],
  ];
  for (const [cacheRefresh, role, status, warning, cache] of strategies) {
    test(`where ${cacheRefresh.allow} may, from ${role ?? 'anonymous'}, else ${cacheRefresh.unauthorized}: ${status} ${cache}`, async (t) => {
      const under = await startGateway(t, { gateway: { cacheRefresh } });
      numbered(under);
      await under.call('/api/v1/data');
      const headers = {
        'cache-control': 'no-transform, MAX-AGE=0',
        ...(role ? { authorization: role } : {}),
      };
      const reply = await under.call('/api/v1/data', { headers });
      assert.deepEqual(
        [reply.status, reply.headers.warning, String(reply.headers['x-gateway-cache'])],
        [status, warning, cache],
      );
      assert.equal(await outcome(under, '/api/v1/data'), cache === 'refresh' ? '2 hit' : '1 hit');
    });
  }

  test('is max-age=0 and nothing else', async (t) => {
    const under = await startGateway(t, {
      gateway: { cacheRefresh: { allow: 'anyone', unauthorized: 'FAIL_WITH_403' } },
    });
    numbered(under);
    await under.call('/api/v1/data');
    for (const value of ['no-cache', 'max-age=01', 'max-age=1', 's-maxage=0', 'no-store']) {
      assert.equal(await outcome(under, '/api/v1/data', { 'cache-control': value }), '1 hit', value);
    }
  });
});

test('the cache answers as a model of it does', async () => {
  const step = fc.oneof(
    fc.record({
      path: fc.constantFrom('a', 'b?name=1', 'b?name=1&x=2', 'c'),
      reader: fc.boolean(),
      refresh: fc.boolean(),
    }),
    fc.record({ advance: fc.integer({ min: 0, max: 40_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      await using scope = new Ends();
      const under = await startGateway(scope);
      numbered(under);
      const model = new Map<string, { number: number; at: number }>();
      let number = 0;
      for (const each of steps) {
        if ('advance' in each) {
          under.clock.advance(each.advance);
          continue;
        }
        const key = each.path.split('&', 1)[0] ?? '';
        const stored = model.get(key);
        const anew = each.refresh && each.reader;
        const hit = stored !== undefined && under.clock.monotonic() - stored.at < 60_000 && !anew;
        if (!hit) model.set(key, { number: ++number, at: under.clock.monotonic() });
        const headers = {
          ...(each.reader ? { authorization: 'reader' } : {}),
          ...(each.refresh ? refresh : {}),
        };
        assert.equal(
          await outcome(under, `/api/v1/data/${each.path}`, headers),
          `${model.get(key)?.number} ${hit ? 'hit' : anew ? 'refresh' : 'miss'}`,
        );
      }
    }),
    { numRuns: 30 },
  );
});
