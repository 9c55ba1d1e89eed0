import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describe, test } from 'node:test';
import { viewerOf } from '../../../src/edge/protocol/viewer.ts';
import { eventually } from '../../eventually.ts';
import { type Heard, listening, startListener, trusted } from './protocol-fixture.ts';
import { block, endHeaders, endStream, frame, rawHttp2, requestBlock, word } from './raw-http2.ts';

interface Cleanup {
  after(fn: () => Promise<void> | void): void;
}

function client(t: Cleanup, port: number): ClientHttp2Session {
  const session = connect(`https://127.0.0.1:${port}`, { ca: trusted });
  session.on('error', () => undefined);
  t.after(() => session.destroy());
  return session;
}

async function ask(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string | Buffer) {
  const stream = session.request(headers, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const chunks: Buffer[] = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  const [answer] = await once(stream, 'response');
  if (!stream.readableEnded) await once(stream, 'end');
  return { headers: answer, status: answer[':status'], body: Buffer.concat(chunks) };
}

describe('a request of HTTP/2', () => {
  test('reads like one of HTTP/1.1: Host, one Cookie, no pseudo-header fields', async (t) => {
    const heard: Heard[] = [];
    const listener = await startListener(t, listening(heard));
    const session = client(t, listener.port);
    const answer = await ask(
      session,
      {
        ':method': 'POST',
        ':path': '/x?y',
        ':authority': 'app.localhost',
        cookie: ['a=1', 'b=2'],
        'x-one': '1',
      },
      'body',
    );
    assert.equal(answer.body.toString(), 'heard 4');
    const [{ fields, ...request } = { fields: [] }] = heard;
    assert.deepEqual(request, { method: 'POST', url: '/x?y', body: 'body', whole: true });
    assert.deepEqual(fields, [
      'host',
      'app.localhost',
      'x-one',
      '1',
      'cookie',
      'a=1; b=2',
      'transfer-encoding',
      'chunked',
    ]);
  });

  test('comes from the address of its connection, over TLS', async (t) => {
    let seen: unknown;
    const listener = await startListener(t, (request, response) => {
      seen = viewerOf(request);
      response.writeHead(204).end();
    });
    assert.equal((await ask(client(t, listener.port), {})).status, 204);
    assert.deepEqual(seen, { address: '127.0.0.1', encrypted: true });
  });

  test('has the headers that node:http gives', async (t) => {
    let headers: IncomingMessage['headers'] = {};
    const listener = await startListener(t, (request, response) => {
      headers = request.headers;
      response.writeHead(204).end();
    });
    await ask(client(t, listener.port), { ':authority': 'app.localhost', accept: 'text/html' });
    assert.deepEqual({ ...headers }, { host: 'app.localhost', accept: 'text/html' });
  });

  test('of a megabyte comes whole, however slowly it is read', async (t) => {
    let length = 0;
    const listener = await startListener(t, async (request, response) => {
      for await (const chunk of request) {
        length += chunk.length;
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.writeHead(200).end();
    });
    await ask(client(t, listener.port), { ':method': 'PUT' }, Buffer.alloc(1_048_576));
    assert.equal(length, 1_048_576);
  });

  test('that is broken off is never taken for a whole one', async (t) => {
    const heard: Heard[] = [];
    const listener = await startListener(t, listening(heard));
    const connection = await rawHttp2(t, listener);
    connection.send(
      frame('headers', 1, endHeaders, requestBlock({ ':method': 'POST' })),
      frame('data', 1, 0, Buffer.from('half')),
      frame('reset', 1, 0, word(constants.NGHTTP2_CANCEL)),
    );
    await eventually(() =>
      assert.deepEqual(
        heard.map(({ whole }) => whole),
        [false],
      ),
    );
  });

  test('that is broken off before it is read is never taken for a whole one, too', async (t) => {
    const ends: string[] = [];
    const listener = await startListener(t, (request) => {
      request.once('error', () => ends.push('error')).once('end', () => ends.push('end'));
      setTimeout(() => request.resume(), 50);
    });
    const connection = await rawHttp2(t, listener);
    connection.send(
      frame('headers', 1, endHeaders, requestBlock({ ':method': 'POST' })),
      frame('data', 1, 0, Buffer.alloc(16_384)),
      frame('data', 1, 0, Buffer.alloc(16_384)),
      frame('reset', 1, 0, word(constants.NGHTTP2_CANCEL)),
    );
    await eventually(() => assert.deepEqual(ends, ['error']));
  });

  test('that expects 100 gets it', async (t) => {
    const listener = await startListener(t, listening());
    const stream = client(t, listener.port).request({ ':method': 'POST', expect: '100-continue' });
    await once(stream, 'continue');
    stream.end('body');
    const [answer] = await once(stream, 'response');
    assert.equal(answer[':status'], 200);
  });
});

const whole = endStream | endHeaders;

describe('a malformed request of HTTP/2 (RFC 9113, section 8.1.1)', () => {
  const pseudo = (others: [string, string][]): [string, string][] => [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/'],
    [':authority', 'a'],
    ...others,
  ];
  const reset: Record<string, [string, string][]> = {
    Connection: pseudo([['connection', 'close']]),
    'Keep-Alive': pseudo([['keep-alive', '5']]),
    'Transfer-Encoding': pseudo([['transfer-encoding', 'chunked']]),
    Upgrade: pseudo([['upgrade', 'h2c']]),
    'TE other than trailers': pseudo([['te', 'gzip']]),
    'a name in capitals': pseudo([['X-One', '1']]),
    'a pseudo-header field after others': [...pseudo([['x', '1']]), [':path', '/b']],
    'an unknown pseudo-header field': pseudo([[':x', '1']]),
    'one of answers': pseudo([[':status', '200']]),
    'two paths': pseudo([[':path', '/b']]),
    'no path': [
      [':method', 'GET'],
      [':scheme', 'https'],
      [':authority', 'a'],
    ],
    'an empty path': [
      [':method', 'GET'],
      [':scheme', 'https'],
      [':authority', 'a'],
      [':path', ''],
    ],
    'two lengths': pseudo([
      ['content-length', '0'],
      ['content-length', '0'],
    ]),
  };
  for (const [name, fields] of Object.entries(reset)) {
    test(`${name}: the stream is reset with PROTOCOL_ERROR`, async (t) => {
      const heard: Heard[] = [];
      const listener = await startListener(t, listening(heard));
      const connection = await rawHttp2(t, listener);
      connection.send(frame('headers', 1, whole, block(fields)));
      const { payload } = await connection.next('reset', 1);
      assert.equal(payload.readUInt32BE(0), constants.NGHTTP2_PROTOCOL_ERROR);
      assert.deepEqual(heard, []);
    });
  }

  // nghttp2 leaves such a field out and goes on.
  const leftOut: Record<string, [string, string]> = {
    'NUL in a value': ['x', 'a\0b'],
    'a line break in a value': ['x', 'a\r\nhost: b'],
    'a colon in a name': ['a:b', '1'],
  };
  for (const [name, field] of Object.entries(leftOut)) {
    test(`${name}: the field is not passed on`, async (t) => {
      const heard: Heard[] = [];
      const listener = await startListener(t, listening(heard));
      const connection = await rawHttp2(t, listener);
      connection.send(frame('headers', 1, whole, block(pseudo([field]))));
      await connection.next('data', 1);
      assert.deepEqual(heard[0]?.fields, ['host', 'a']);
    });
  }

  for (const [name, length] of [
    ['longer', '9'],
    ['shorter', '2'],
  ] as const) {
    test(`a length that is ${name} than the body: an error, and the body is not whole`, async (t) => {
      const heard: Heard[] = [];
      const listener = await startListener(t, listening(heard));
      const connection = await rawHttp2(t, listener);
      connection.send(
        frame('headers', 1, endHeaders, requestBlock({ ':method': 'POST', 'content-length': length })),
        frame('data', 1, endStream, Buffer.from('body')),
      );
      const code = await Promise.race([
        connection.next('reset', 1).then(({ payload }) => payload.readUInt32BE(0)),
        connection.refusal(),
      ]);
      assert.ok(code === constants.NGHTTP2_PROTOCOL_ERROR || code === constants.NGHTTP2_INTERNAL_ERROR);
      await eventually(() =>
        assert.deepEqual(
          heard.map(({ whole }) => whole),
          [false],
        ),
      );
    });
  }

  const refused: Record<string, OutgoingHttpHeaders> = {
    'a Host that is not its :authority': { ':authority': 'a', host: 'b' },
    'a user in :authority': { ':authority': 'u@a' },
    'a fragment in :path': { ':path': '/x#y' },
    'a space in :path': { ':path': '/x y' },
    'a backslash in :path': { ':path': '/x\\y' },
    'an asterisk': { ':path': '*' },
    'no path': { ':path': 'x' },
    'a length by an underscore': { content_length: '5' },
  };
  for (const [name, headers] of Object.entries(refused)) {
    test(`${name}: 400`, async (t) => {
      const heard: Heard[] = [];
      const listener = await startListener(t, listening(heard));
      const connection = await rawHttp2(t, listener);
      const fields = { ':method': 'GET', ':scheme': 'https', ':path': '/', ':authority': 'a', ...headers };
      connection.send(frame('headers', 1, whole, block(fields as Record<string, string>)));
      const { payload } = await Promise.race([connection.next('headers', 1), connection.next('reset', 1)]);
      // :status 400 is the twelfth entry of HPACK's static table; nghttp2 refuses some of these itself.
      assert.ok(payload[0] === 0x8c || payload.readUInt32BE(0) === constants.NGHTTP2_PROTOCOL_ERROR);
      assert.deepEqual(heard, []);
    });
  }

  test('a path beyond 8,192 bytes: 414', async (t) => {
    const listener = await startListener(t, listening());
    const answer = await ask(client(t, listener.port), { ':path': `/${'a'.repeat(8192)}` });
    assert.equal(answer.status, 414);
  });

  test('fields beyond 20 KB: 431', async (t) => {
    const heard: Heard[] = [];
    const listener = await startListener(t, listening(heard));
    const connection = await rawHttp2(t, listener);
    const parts = Array.from({ length: 3 }, (_, index) => block({ [`x-${index}`]: 'a'.repeat(7000) }));
    connection.send(
      frame('headers', 1, endStream, requestBlock()),
      ...parts.map((part) => frame('continuation', 1, 0, part)),
      frame('continuation', 1, endHeaders),
    );
    const { payload } = await connection.next('headers', 1);
    assert.match(payload.toString('latin1'), /431/);
    assert.deepEqual(heard, []);
  });

  test('CONNECT: 405', async (t) => {
    const listener = await startListener(t, listening());
    const stream = client(t, listener.port).request({ ':method': 'CONNECT', ':authority': 'a:80' });
    const [answer] = await once(stream, 'response');
    assert.equal(answer[':status'], 405);
    stream.close();
  });
});

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
    const forms: ((response: ServerResponse) => ServerResponse)[] = [
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
    connection.send(frame('headers', 1, whole, requestBlock()));
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
