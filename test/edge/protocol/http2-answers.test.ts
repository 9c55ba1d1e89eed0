import assert from 'node:assert/strict';
import { once } from 'node:events';
import { constants } from 'node:http2';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, test } from 'node:test';
import type { ViewerResponse } from '../../../src/edge/protocol/message.ts';
import { eventually } from '../../eventually.ts';
import { ask, client } from './http2-client.ts';
import { startListener } from './protocol-fixture.ts';
import { endHeaders, endStream, frame, rawHttp2, requestBlock } from './raw-http2.ts';

describe('an answer over HTTP/2', () => {
  test('has no field of a connection, and every other one, also where it is there twice', async (t) => {
    const listener = await startListener(t, (_, response) => {
      response
        .writeHead(200, {
          connection: 'close',
          'keep-alive': 'timeout=5',
          'transfer-encoding': 'chunked',
          'Set-Cookie': ['a=1', 'b=2'],
          'x-one': '1',
        })
        .end('x');
    });
    const { headers } = await ask(client(t, listener.port), {});
    const names = Object.keys(headers).filter((name) => !name.startsWith(':') && name !== 'date');
    assert.deepEqual(names.sort(), ['set-cookie', 'x-one']);
    assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
  });

  test('keeps its fields with a reason, without one, and in lines', async (t) => {
    const forms: ((response: ViewerResponse) => ViewerResponse)[] = [
      (response) => response.writeHead(201, 'Made', { 'x-one': '1' }),
      (response) => response.writeHead(201, undefined, { 'x-one': '1' }),
      (response) => response.writeHead(201, 'Made', ['X-One', '1']),
    ];
    for (const form of forms) {
      const listener = await startListener(t, (_, response) => void form(response).end('caf\xe9', 'latin1'));
      const answer = await ask(client(t, listener.port), {});
      assert.deepEqual([answer.status, answer.headers['x-one']], [201, '1']);
      assert.equal(answer.body.toString('latin1'), 'caf\xe9');
    }
  });

  test('of five megabytes comes whole', async (t) => {
    const listener = await startListener(t, (_, response) => {
      response.writeHead(200);
      const chunks = Array.from({ length: 80 }, () => Buffer.alloc(65_536, 1));
      void pipeline(Readable.from(chunks), response);
    });
    const { body } = await ask(client(t, listener.port), {});
    assert.equal(body.length, 5_242_880);
  });

  test('that fails midway is reset: it does not look whole', async (t) => {
    const listener = await startListener(t, (_, response) => {
      response.writeHead(200);
      response.write('half');
      setImmediate(() => response.destroy());
    });
    const connection = await rawHttp2(t, listener);
    connection.send(frame('headers', 1, endStream | endHeaders, requestBlock()));
    const { payload } = await connection.next('reset', 1);
    assert.equal(payload.readUInt32BE(0), constants.NGHTTP2_INTERNAL_ERROR);
    assert.ok(connection.frames().every(({ type, flags }) => type !== 'data' || (flags & endStream) === 0));
  });

  test('whose viewer has gone is told so', async (t) => {
    let finished: boolean | undefined;
    const listener = await startListener(t, (_, response) => {
      response.once('close', () => {
        finished = response.writableFinished;
      });
    });
    const stream = client(t, listener.port).request({});
    stream.on('error', () => undefined);
    await eventually(() => assert.ok(stream.id));
    stream.close(constants.NGHTTP2_CANCEL);
    await eventually(() => assert.equal(finished, false));
  });

  test('to HEAD has no body', async (t) => {
    const listener = await startListener(t, (_, response) => {
      response.writeHead(200, { 'content-length': '5' }).end();
    });
    const answer = await ask(client(t, listener.port), { ':method': 'HEAD' });
    assert.deepEqual([answer.headers['content-length'], answer.body.length], ['5', 0]);
  });

  test('to an unread body does not leave the stream open', async (t) => {
    const listener = await startListener(t, (request, response) => {
      request.resume();
      response.writeHead(413).end();
    });
    const stream = client(t, listener.port).request({ ':method': 'POST' });
    stream.on('error', () => undefined);
    stream.resume();
    const [answer] = await once(stream, 'response');
    assert.equal(answer[':status'], 413);
    stream.end('late');
    await once(stream, 'close');
  });
});
