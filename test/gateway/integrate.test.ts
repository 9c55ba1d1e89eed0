import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { createGateway } from '../../src/gateway/gateway.ts';
import { eventually } from '../eventually.ts';
import {
  allowAll,
  callPort,
  configurationOf,
  ManualClock,
  plainRoute,
  startGateway,
} from './gateway-under-test.ts';

const megabyte = 1024 * 1024;

describe('an integration', () => {
  test('passes the body on, whole and of any framing', async (t) => {
    const { call, service } = await startGateway(t);
    service.answer(async (request, response) => response.end(await text(request)));
    const long = 'é'.repeat(megabyte);
    for (const body of ['{}', long, [Buffer.from('a'), Buffer.from('b')]]) {
      const reply = await call('/plain', { method: 'POST', body });
      assert.equal(reply.status, 200);
      assert.ok(reply.body === (typeof body === 'string' ? body : 'ab'));
    }
  });

  test('takes a body of 10 MB, and not a byte more: 413', async (t) => {
    const { port, service } = await startGateway(t);
    service.answer(async (request, response) => {
      request.on('error', () => undefined);
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
      });
      request.on('end', () => response.end(String(size)));
    });
    const most = Buffer.alloc(10 * megabyte);
    const taken = await callPort(port, '/plain', { method: 'POST', body: most });
    assert.deepEqual([taken.status, taken.body], [200, String(most.length)]);
    const over = [most, Buffer.alloc(1)];
    const refusals = [
      await callPort(port, '/plain', {
        method: 'POST',
        headers: { 'content-length': String(most.length + 1) },
      }),
      await callPort(port, '/plain', { method: 'POST', body: over }),
    ];
    for (const { status, body, headers } of refusals) {
      assert.deepEqual(
        [status, body, headers['x-amzn-errortype'], headers.connection],
        [413, '{"message":"Request Too Long"}', 'RequestTooLargeException', 'close'],
      );
    }
  });

  test('the rest of a body that was refused is read away, so that the answer is not lost', async (t) => {
    const { port } = await startGateway(t);
    const socket = connect(port, '127.0.0.1');
    t.after(() => socket.destroy());
    const length = 30 * megabyte;
    socket.write(`POST /plain HTTP/1.1\r\nHost: a\r\nContent-Length: ${length}\r\n\r\n`);
    const [answer] = await once(socket, 'data');
    assert.match(String(answer), /^HTTP\/1\.1 413 /);
    const written = Promise.withResolvers<void>();
    socket.once('error', written.reject);
    socket.write(Buffer.alloc(length), (error) => (error ? written.reject(error) : written.resolve()));
    await written.promise;
    await once(socket.resume(), 'end');
  });

  test('that takes too long is 504', async (t) => {
    const { call, service } = await startGateway(t, { gateway: { integrationTimeout: 50 } });
    service.answer(() => undefined);
    for (const path of ['/plain', '/api/v1/data']) {
      const { status, body, headers } = await call(path);
      assert.deepEqual(
        [status, body, headers['x-amzn-errortype']],
        [504, '{"message":"Endpoint request timed out"}', 'InternalServerErrorException'],
      );
    }
  });

  test('that cannot be reached, or breaks off, is 504 in the vendor’s words', async (t) => {
    const { call, service, gateway } = await startGateway(t);
    service.answer((_request, response) =>
      response.writeHead(200, { 'content-length': '9' }).write('a', () => response.destroy()),
    );
    const replies = [await call('/plain'), await call('/api/v1/data')];
    gateway.update(configurationOf(1));
    replies.push(await call('/plain'));
    for (const { status, body } of replies) {
      assert.deepEqual([status, body], [504, '{"message":"Network error communicating with endpoint"}']);
    }
  });

  test('is not tried again', async (t) => {
    const { call, service } = await startGateway(t);
    service.answer((request) => request.socket.destroy());
    assert.equal((await call('/plain')).status, 504);
    assert.equal(service.received.length, 1);
  });

  test('whose answer is over 10 MB is 500', async (t) => {
    const { call, service } = await startGateway(t);
    service.answer((_request, response) => response.end(Buffer.alloc(10 * megabyte + 1)));
    assert.equal((await call('/plain')).status, 500);
  });

  test('is cancelled when its client leaves', async (t) => {
    const { port, service } = await startGateway(t, { gateway: { integrationTimeout: 29_000 } });
    let left = false;
    service.answer((_request, response) => {
      response.on('close', () => {
        left = true;
      });
    });
    const request = httpRequest({ host: '127.0.0.1', port, path: '/plain', method: 'POST' }).end('{}');
    request.on('error', () => undefined);
    await eventually(() => assert.equal(service.received.length, 1));
    request.destroy();
    await eventually(() => assert.ok(left), { timeout: 4_000 });
  });
});

describe('a gateway that is updated', () => {
  test('finishes what is under way where it began, and goes on with the new configuration', async (t) => {
    const { call, service, gateway } = await startGateway(t);
    const held: ServerResponse[] = [];
    service.answer((_request, response) => held.push(response));
    const before = call('/plain');
    await eventually(() => assert.equal(held.length, 1));
    gateway.update(configurationOf(1, [{ ...plainRoute, path: '/new' }]));
    assert.equal((await call('/plain')).status, 403);
    assert.equal((await call('/new')).status, 504);
    held[0]?.end('done');
    assert.equal((await before).body, 'done');
  });
});

describe('a gateway that closes', () => {
  test('finishes what is in flight, says Connection: close, and takes nothing new', async (t) => {
    const { port, service } = await startGateway(t);
    const gateway = createGateway({
      configuration: configurationOf(service.port),
      authorize: allowAll,
      clock: new ManualClock(),
    });
    const address = await gateway.listen();
    const held: ServerResponse[] = [];
    service.answer((_request, response) => held.push(response));
    const idle = connect(address.port, '127.0.0.1');
    await once(idle, 'connect');
    const inFlight = httpRequest({ host: '127.0.0.1', port: address.port, path: '/plain' }).end();
    const answered = once(inFlight, 'response') as Promise<[IncomingMessage]>;
    await eventually(() => assert.equal(held.length, 1));
    const closed = gateway.close();
    await assert.rejects(connects(address.port));
    held[0]?.end('last');
    const [response] = await answered;
    assert.deepEqual([response.headers.connection, await text(response)], ['close', 'last']);
    idle.destroy();
    await closed;
    assert.equal((await callPort(port, '/unknown')).status, 403);
  });
});

async function connects(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
