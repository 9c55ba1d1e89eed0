import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { constants, type OutgoingHttpHeaders } from 'node:http2';
import { describe, test } from 'node:test';
import { viewerOf } from '../../../src/edge/protocol/viewer.ts';
import { eventually } from '../../eventually.ts';
import { ask, client } from './http2-client.ts';
import { type Heard, listening, startListener } from './protocol-fixture.ts';
import { block, endHeaders, endStream, frame, rawHttp2, requestBlock, word } from './raw-http2.ts';

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

  test('fields beyond 20 KB: 400', async (t) => {
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
    // RFC 7541, appendix A: 12 is `:status: 400`.
    assert.equal(payload[0], 0x80 | 12);
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
