import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as send } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { always, ask, inTurn, startPair, until } from './cache-fixture.ts';

const fresh = { 'cache-control': 'max-age=60' };
const statusOf = (received: { headers: Record<string, unknown> }) => String(received.headers['cache-status']);

describe('a served edge', () => {
  test('answers from the store while a response is fresh, with its Age (RFC 9111, 4 and 5.1)', async (t) => {
    const { ask, pass, asked } = await startPair(
      t,
      always({ ...fresh, 'x-a': '1', connection: 'x-hop', 'x-hop': '1' }),
    );
    const first = await ask('/a');
    assert.deepEqual([first.body, first.headers.age], ['1', undefined]);
    pass(59);
    const second = await ask('/a');
    assert.deepEqual([second.body, second.headers.age, second.headers['x-a']], ['1', '59', '1']);
    assert.equal(second.headers.date, first.headers.date);
    assert.deepEqual([second.headers['x-hop'], second.headers['content-length']], [undefined, '1']);
    assert.match(statusOf(second), /; hit$/);
    pass(2);
    assert.equal((await ask('/a')).body, '2');
    assert.equal((await ask('/a?b')).body, '3');
    assert.equal(asked.length, 3);
  });

  test('keeps variants apart (RFC 9111, 4.1)', async (t) => {
    const { ask } = await startPair(t, always({ ...fresh, vary: 'Foo' }));
    const of = async (foo: string) => (await ask('/', { headers: ['Foo', foo] })).body;
    assert.deepEqual([await of('a'), await of('b'), await of('a'), await of('b')], ['1', '2', '1', '2']);
  });

  test('validates with what is stored and merges the 304 (RFC 9111, 4.3)', async (t) => {
    const { ask, pass, asked } = await startPair(
      t,
      inTurn(
        always({ ...fresh, etag: '"v"', 'x-kept': '1', 'x-new': '1' }, { body: 'body' }),
        (_request, response) => {
          response.writeHead(304, { ...fresh, etag: '"v"', 'x-new': '2' }).end();
        },
      ),
    );
    await ask('/');
    pass(61);
    const validated = await ask('/', { headers: ['If-None-Match', '"other"'] });
    assert.equal(asked[1]?.headers['if-none-match'], '"v"');
    assert.deepEqual([validated.status, validated.body], [200, 'body']);
    assert.deepEqual([validated.headers['x-kept'], validated.headers['x-new']], ['1', '2']);
    const again = await ask('/', { headers: ['If-None-Match', '"v"'] });
    assert.deepEqual(
      [again.status, again.headers.etag, again.headers['content-length']],
      [304, '"v"', undefined],
    );
    assert.equal(asked.length, 2);
  });

  test('asks for the whole when a 304 is about something else (RFC 9111, 4.3.4)', async (t) => {
    const { ask, pass, asked } = await startPair(
      t,
      inTurn(
        always({ ...fresh, etag: '"a"' }, { body: 'old' }),
        (_request, response) => void response.writeHead(304, { etag: '"b"' }).end(),
        always({ ...fresh, etag: '"b"' }, { body: 'new' }),
      ),
    );
    await ask('/');
    pass(61);
    assert.equal((await ask('/')).body, 'new');
    assert.equal(asked[2]?.headers['if-none-match'], undefined);
  });

  test('answers stale at once and validates behind (RFC 5861, 3)', async (t) => {
    const { ask, pass, asked } = await startPair(
      t,
      always({ 'cache-control': 'max-age=1, stale-while-revalidate=10' }),
    );
    await ask('/');
    pass(5);
    const stale = await ask('/');
    assert.deepEqual([stale.body, statusOf(stale)], ['1', 'strata-edge; hit; detail=stale']);
    await until(() => asked.length === 2);
    pass(-4);
    await until(() => asked.length === 2);
    assert.equal((await ask('/')).body, '2');
  });

  test('answers stale when the origin is gone, unless that is forbidden (RFC 9111, 4.2.4)', async (t) => {
    const { ask, pass, stopOrigin } = await startPair(t, (request, response) => {
      response.writeHead(200, {
        'cache-control': request.url === '/a' ? 'max-age=1' : 'max-age=1, must-revalidate',
      });
      response.end('body');
    });
    await ask('/a');
    await ask('/b');
    pass(5);
    await stopOrigin();
    assert.deepEqual(
      [(await ask('/a')).body, (await ask('/b')).status, (await ask('/c')).status],
      ['body', 502, 502],
    );
  });

  test('answers stale in place of an error only within stale-if-error (RFC 5861, 4)', async (t) => {
    const { ask, pass } = await startPair(
      t,
      inTurn(
        always({ 'cache-control': 'max-age=1, stale-if-error=10' }, { body: 'good' }),
        always({}, { status: 503 }),
      ),
    );
    await ask('/');
    pass(5);
    assert.equal((await ask('/')).body, 'good');
    pass(10);
    assert.equal((await ask('/')).status, 503);
  });

  test('obeys only-if-cached (RFC 9111, 5.2.1.7)', async (t) => {
    const { ask, asked } = await startPair(t, always(fresh));
    const only = { headers: ['Cache-Control', 'only-if-cached'] };
    assert.equal((await ask('/', only)).status, 504);
    assert.equal(asked.length, 0);
    await ask('/');
    assert.equal((await ask('/', only)).body, '1');
  });

  test('answers HEAD from a stored GET, and lets a HEAD freshen it (RFC 9111, 4.3.5)', async (t) => {
    const { ask, pass, asked } = await startPair(
      t,
      inTurn(
        always({ 'cache-control': 'max-age=1', 'x-a': '1' }, { body: 'body' }),
        always({ ...fresh, 'x-a': '2', 'content-length': '4' }),
      ),
    );
    await ask('/');
    const head = await ask('/', { method: 'HEAD' });
    assert.deepEqual(
      [head.status, head.body, head.headers['content-length'], asked.length],
      [200, '', '4', 1],
    );
    pass(5);
    await ask('/', { method: 'HEAD' });
    assert.deepEqual([asked.length, asked[1]?.method], [2, 'HEAD']);
    const freshened = await ask('/');
    assert.deepEqual([freshened.body, freshened.headers['x-a'], asked.length], ['body', '2', 2]);
  });

  test('passes a conditional request on when nothing is stored', async (t) => {
    const { ask, asked } = await startPair(
      t,
      (_request, response) => void response.writeHead(304, { etag: '"a"' }).end(),
    );
    assert.equal((await ask('/', { headers: ['If-None-Match', '"a"'] })).status, 304);
    assert.equal(asked[0]?.headers['if-none-match'], '"a"');
  });

  test('leaves If-Match to the origin (RFC 9111, 4.3.2)', async (t) => {
    const { ask, asked } = await startPair(t, always({ ...fresh, etag: '"a"' }));
    await ask('/');
    await ask('/', { headers: ['If-Match', '"b"'] });
    assert.equal(asked[1]?.headers['if-match'], '"b"');
  });

  test('a successful unsafe request makes its target invalid, a failed one does not (RFC 9111, 4.4)', async (t) => {
    let status = 200;
    const { ask } = await startPair(t, (request, response) => {
      response
        .writeHead(request.method === 'GET' ? 200 : status, { ...fresh, location: '/other' })
        .end(`${Math.random()}`);
    });
    const first = await ask('/');
    const other = await ask('/other');
    status = 500;
    await ask('/', { method: 'PUT', body: 'x' });
    assert.equal((await ask('/')).body, first.body);
    status = 201;
    await ask('/', { method: 'PUT', body: 'x' });
    assert.notEqual((await ask('/')).body, first.body);
    assert.notEqual((await ask('/other')).body, other.body);
  });

  test('a POST with Content-Location and a lifetime answers GET (RFC 9110, 9.3.3)', async (t) => {
    const { ask, asked } = await startPair(t, always({ ...fresh, 'content-location': '/form' }));
    await ask('/form', { method: 'POST', body: 'x' });
    assert.equal((await ask('/form')).body, '1');
    await ask('/elsewhere', { method: 'POST', body: 'x' });
    await ask('/elsewhere');
    assert.equal(asked.length, 3);
  });

  test('passes bodies and interim responses on, and stores none of the latter (RFC 9110, 15.2)', async (t) => {
    const { edge, ask } = await startPair(t, async (request, response) => {
      response.writeProcessing();
      response.writeEarlyHints({ link: '</a.css>; rel=preload', 'x-early': '1' });
      const chunks = await request.toArray();
      response.writeHead(200, fresh).end(Buffer.concat(chunks));
    });
    const interims: [number | undefined, unknown][] = [];
    await new Promise<void>((resolve, reject) => {
      const sent = send({ host: '127.0.0.1', port: edge.port, path: '/' }, (response) =>
        response.resume().on('end', resolve),
      );
      sent.on('information', ({ statusCode, headers }) => interims.push([statusCode, headers['x-early']]));
      sent.on('error', reject);
      sent.end();
    });
    assert.deepEqual(interims, [
      [102, undefined],
      [103, '1'],
    ]);
    const stored = await ask('/');
    assert.deepEqual(
      [stored.headers.link, stored.headers['x-early'], statusOf(stored)],
      [undefined, undefined, 'strata-edge; hit'],
    );
    assert.equal((await ask('/', { method: 'PUT', body: 'sent' })).body, 'sent');
    assert.equal((await ask('/', { method: 'PATCH', body: 'chunks', headers: [] })).body, 'chunks');
  });

  test('forgets what an invalidation names', async (t) => {
    const { ask, edge } = await startPair(t, always(fresh));
    await ask('/a/1');
    await ask('/b');
    assert.equal(edge.cache.invalidate(['/a/*']), 1);
    assert.deepEqual([(await ask('/a/1')).body, (await ask('/b')).body], ['3', '2']);
  });

  test('does not keep what was made invalid while it came', async (t) => {
    const waiting: (() => void)[] = [];
    const { ask, edge, asked } = await startPair(t, (_request, response) => {
      waiting.push(() => response.writeHead(200, fresh).end('body'));
    });
    const first = ask('/a');
    await until(() => waiting.length === 1);
    edge.cache.invalidate(['/*']);
    waiting[0]?.();
    await first;
    const second = ask('/a');
    await until(() => waiting.length === 2);
    waiting[1]?.();
    await second;
    assert.equal(asked.length, 2);
  });
});

describe('what goes wrong on the way', () => {
  test('a response that ends midway is not kept, and its viewer sees it', async (t) => {
    const { ask } = await startPair(
      t,
      inTurn(
        (_request, response) => {
          response
            .writeHead(200, { ...fresh, 'content-length': '10' })
            .write('half', () => response.destroy());
        },
        always(fresh, { body: 'whole' }),
      ),
    );
    await assert.rejects(ask('/'));
    assert.equal((await ask('/')).body, 'whole');
  });

  test('a lost kept-alive connection is no failure', async (t) => {
    const { ask, asked } = await startPair(t, (request, response) => {
      if (asked.length === 2) request.socket.destroy();
      else response.writeHead(200).end('body');
    });
    await ask('/');
    assert.equal((await ask('/')).body, 'body');
  });

  test('a target that is no path is refused', async (t) => {
    const { edge } = await startPair(t, always({}));
    assert.equal((await ask(edge.port, 'no-path')).status, 400);
  });
});

test('what is stored on disk is there after a restart', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'edge-serve-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const first = await startPair(t, always(fresh), { folder });
  await first.ask('/');
  await first.edge.close();
  const second = await startPair(t, always(fresh, { body: 'new' }), { folder });
  assert.equal((await second.ask('/')).body, '1');
  assert.equal(second.asked.length, 0);
});
