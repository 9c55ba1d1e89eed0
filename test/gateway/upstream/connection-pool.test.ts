import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { PassThrough, type Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import type { UpstreamExchange, UpstreamFault } from '../../../src/gateway/upstream/connection.ts';
import { ConnectionPool, type PoolOptions } from '../../../src/gateway/upstream/connection-pool.ts';
import type { UpstreamResponse } from '../../../src/gateway/upstream/response-parser.ts';
import { eventually } from '../../eventually.ts';

type Outcome = UpstreamResponse | UpstreamFault;

async function service(context: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function poolTo(port: number, options: Partial<PoolOptions> = {}): ConnectionPool {
  return new ConnectionPool({
    host: '127.0.0.1',
    port,
    connections: 2,
    idleTimeout: 60_000,
    connectTimeout: 5_000,
    bodyLimit: 1_000_000,
    ...options,
  });
}

/** Sends a request; `exchange` is what it can be abandoned by. */
function send(
  pool: ConnectionPool,
  path: string,
  { body, fields = '' }: { body?: Readable; fields?: string } = {},
): { exchange: UpstreamExchange; outcome: Promise<Outcome> } {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  const method = body ? 'POST' : 'GET';
  const chunked = body !== undefined && fields === '';
  const coding = chunked ? 'transfer-encoding: chunked\r\n' : fields;
  const head = `${method} ${path} HTTP/1.1\r\nhost: service\r\n${coding}\r\n`;
  const exchange: UpstreamExchange = { method, head, body, chunked, settle: resolve };
  pool.send(exchange);
  return { exchange, outcome: promise };
}

async function bodyOf(outcome: Promise<Outcome>): Promise<string> {
  const answer = await outcome;
  assert.ok(typeof answer === 'object', String(answer));
  return answer.body.toString();
}

describe('the connections to a service', () => {
  test('are kept, no more than allowed, and what waits for one goes in order', async (context) => {
    const sockets = new Set<Socket>();
    const held: { path: string; answer: () => void }[] = [];
    const port = await service(context, (request, response) => {
      sockets.add(request.socket);
      held.push({ path: request.url ?? '', answer: () => response.end(request.url) });
    });
    const pool = poolTo(port);
    const outcomes = ['/a', '/b', '/c', '/d'].map((path) => send(pool, path).outcome);
    await eventually(() => assert.equal(held.length, 2));
    held[0]?.answer();
    await eventually(() => assert.equal(held[2]?.path, '/c'));
    held[1]?.answer();
    await eventually(() => assert.equal(held[3]?.path, '/d'));
    held[2]?.answer();
    held[3]?.answer();
    assert.deepEqual(await Promise.all(outcomes.map(bodyOf)), ['/a', '/b', '/c', '/d']);
    assert.equal(sockets.size, 2);
    await pool.close();
  });

  test('take the answers of a service whose connections end with them, one after the other', async (context) => {
    const port = await service(context, (request, response) => {
      response.writeHead(200, { connection: 'close' }).end(request.url);
    });
    const pool = poolTo(port, { connections: 1 });
    const outcomes = ['/a', '/b', '/c'].map((path) => bodyOf(send(pool, path).outcome));
    assert.deepEqual(await Promise.all(outcomes), ['/a', '/b', '/c']);
    await pool.close();
  });

  test('are closed when they have been idle for long enough', async (context) => {
    const closed: Promise<unknown>[] = [];
    const port = await service(context, (request, response) => {
      closed.push(once(request.socket, 'close'));
      response.end('ok');
    });
    const pool = poolTo(port, { idleTimeout: 40 });
    assert.equal(await bodyOf(send(pool, '/').outcome), 'ok');
    await Promise.all(closed);
    assert.equal(await bodyOf(send(pool, '/').outcome), 'ok');
    await pool.close();
  });

  test('carry a body in chunks, or of the length that was said', async (context) => {
    const received: { request: IncomingMessage; body: string }[] = [];
    const port = await service(context, async (request, response) => {
      received.push({ request, body: await text(request) });
      response.end('ok');
    });
    const pool = poolTo(port);
    const parts = Array.from({ length: 40 }, (_, index) => String(index % 10).repeat(50_000));
    const streamed = new PassThrough();
    const answer = bodyOf(send(pool, '/', { body: streamed }).outcome);
    for (const part of parts) if (!streamed.write(part)) await once(streamed, 'drain');
    streamed.end();
    assert.equal(await answer, 'ok');
    assert.equal(received[0]?.request.headers['transfer-encoding'], 'chunked');
    assert.equal(received[0]?.body, parts.join(''));

    const measured = new PassThrough().end('12345');
    assert.equal(
      await bodyOf(send(pool, '/', { body: measured, fields: 'content-length: 5\r\n' }).outcome),
      'ok',
    );
    assert.equal(received[1]?.body, '12345');
    await pool.close();
  });

  test('break off with a body that breaks off, so that no part of it is taken for the whole', async (context) => {
    const ends: boolean[] = [];
    const port = await service(context, (request) => {
      request.on('close', () => ends.push(request.complete));
      request.on('error', () => undefined);
      request.resume();
    });
    const pool = poolTo(port);
    const body = new PassThrough();
    body.on('error', () => undefined);
    const { outcome } = send(pool, '/', { body });
    body.write('half');
    await eventually(() => assert.ok(body.readableFlowing));
    body.destroy(new Error('gone'));
    assert.equal(await outcome, 'interrupted');
    await eventually(() => assert.deepEqual(ends, [false]));
    await pool.close();
  });

  test('pass on an answer that comes before the body has been sent, and are not used again', async (context) => {
    const sockets: Socket[] = [];
    const port = await service(context, (request, response) => {
      sockets.push(request.socket);
      response.writeHead(413).end('enough');
    });
    const pool = poolTo(port);
    const body = new PassThrough();
    const { outcome } = send(pool, '/', { body });
    body.write('x');
    assert.equal(await bodyOf(outcome), 'enough');
    assert.ok(body.destroyed);
    assert.equal(await bodyOf(send(pool, '/').outcome), 'enough');
    assert.notEqual(sockets[0], sockets[1]);
    await pool.close();
  });

  test('let go of a request that is abandoned, waiting or under way', async (context) => {
    const received = Promise.withResolvers<Socket>();
    const port = await service(context, ({ socket }) => received.resolve(socket));
    const pool = poolTo(port, { connections: 1 });
    const first = send(pool, '/first');
    const second = send(pool, '/second');
    const closed = once(await received.promise, 'close');
    pool.abandon(second.exchange);
    assert.equal(await second.outcome, 'interrupted');
    pool.abandon(first.exchange);
    assert.equal(await first.outcome, 'interrupted');
    await closed;
    await pool.close();
  });

  test('say that nobody is there, or that the answer broke off', async (context) => {
    const dropping = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'));
    }).listen(0, '127.0.0.1');
    await once(dropping, 'listening');
    context.after(() => dropping.close());
    const { port } = dropping.address() as AddressInfo;
    const pool = poolTo(port);
    assert.equal(await send(pool, '/').outcome, 'interrupted');
    await pool.close();

    const free = createTcpServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address() as AddressInfo;
    free.close();
    await once(free, 'close');
    const nobody = poolTo(address.port, { connections: 1 });
    const outcomes = [send(nobody, '/').outcome, send(nobody, '/').outcome];
    assert.deepEqual(await Promise.all(outcomes), ['unreachable', 'unreachable']);
    await nobody.close();
  });

  test('end with the pool once what is under way is answered', async (context) => {
    const held = Promise.withResolvers<() => void>();
    const port = await service(context, (_request, response) => {
      held.resolve(() => response.end('late'));
    });
    const pool = poolTo(port);
    const { outcome } = send(pool, '/');
    const answer = await held.promise;
    let closed = false;
    const closing = pool.close().then(() => {
      closed = true;
    });
    assert.equal(closed, false);
    answer();
    assert.equal(await bodyOf(outcome), 'late');
    await closing;
  });
});
