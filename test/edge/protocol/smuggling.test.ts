import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openListener } from '../../../src/edge/protocol/listener.ts';
import { type Heard, listening, plain, secure, startListener, statuses } from './protocol-fixture.ts';

const post = (fields: string, body = '') => `POST /first HTTP/1.1\r\nHost: a\r\n${fields}\r\n${body}`;
const get = (fields: string) => `GET /first HTTP/1.1\r\nHost: a\r\n${fields}\r\n`;
const line = (first: string, host = 'Host: a\r\n') => `${first}\r\n${host}\r\n`;
const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body);
/** Follows each vector: whoever takes it for a request has been deceived. */
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';

/** Requests that two readers could read differently, by the rule they break (RFC 9112 unless said). */
const refused: Record<string, Record<string, string>> = {
  'section 6.3: one length, and it is a number': {
    'length and coding': post('Content-Length: 5\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    'coding and length': post('Transfer-Encoding: chunked\r\nContent-Length: 5\r\n', '0\r\n\r\n'),
    'two lengths that differ': post('Content-Length: 5\r\nContent-Length: 6\r\n', 'abcdef'),
    'two lengths that agree': post('Content-Length: 5\r\nContent-Length: 5\r\n', 'abcde'),
    'a list of lengths': post('Content-Length: 5, 5\r\n', 'abcde'),
    'a sign': post('Content-Length: +5\r\n', 'abcde'),
    'a negative length': post('Content-Length: -5\r\n', 'abcde'),
    'a length in hexadecimal': post('Content-Length: 0x5\r\n', 'abcde'),
    'a length that may be octal': post('Content-Length: 010\r\n', 'abcdefgh'),
    'no length': post('Content-Length: \r\n'),
    'a length beyond numbers': post('Content-Length: 99999999999999999999\r\n'),
    'a length with a vertical tab': post('Content-Length: \x0b5\r\n', 'abcde'),
    'a length by an underscore': post('Content_Length: 5\r\n'),
    'a length that Connection takes away': post(
      'Connection: content-length\r\nContent-Length: 5\r\n',
      'abcde',
    ),
  },
  'section 6.1: chunked, and nothing else': {
    'an unknown coding': post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n'),
    'chunked not last': post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n'),
    'a coding before': post('Transfer-Encoding: gzip, chunked\r\n', '0\r\n\r\n'),
    'identity before': post('Transfer-Encoding: identity, chunked\r\n', '0\r\n\r\n'),
    twice: post('Transfer-Encoding: chunked, chunked\r\n', '0\r\n\r\n'),
    'in two fields': post('Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\n'),
    'in two fields, the other way': post(
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n',
      '0\r\n\r\n',
    ),
    'with a parameter': post('Transfer-Encoding: chunked;q=1\r\n', '0\r\n\r\n'),
    quoted: post('Transfer-Encoding: "chunked"\r\n', '0\r\n\r\n'),
    'with a comma': post('Transfer-Encoding: chunked,\r\n', '0\r\n\r\n'),
    'with a vertical tab': post('Transfer-Encoding: \x0bchunked\r\n', '0\r\n\r\n'),
    'with a tab after': post('Transfer-Encoding: chunked\t\r\n', '0\r\n\r\n'),
    empty: post('Transfer-Encoding: \r\n', '0\r\n\r\n'),
    'by an underscore': post('Transfer_Encoding: chunked\r\n', '0\r\n\r\n'),
    'in version 1.0': `POST /first HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  },
  'section 7.1: chunks': {
    'a prefix': chunked('0x5\r\nabcde\r\n0\r\n\r\n'),
    'a sign': chunked('+5\r\nabcde\r\n0\r\n\r\n'),
    'a minus': chunked('-5\r\nabcde\r\n0\r\n\r\n'),
    'a space before': chunked(' 5\r\nabcde\r\n0\r\n\r\n'),
    'a space after': chunked('5 \r\nabcde\r\n0\r\n\r\n'),
    'no size': chunked('\r\nabcde\r\n0\r\n\r\n'),
    'a size beyond numbers': chunked('fffffffffffffffff\r\nabcde\r\n0\r\n\r\n'),
    'no digit': chunked('g\r\nabcde\r\n0\r\n\r\n'),
    'an extension that ends with a bare LF': chunked('5;a\nabcde\r\n0\r\n\r\n'),
    'an extension with a bare CR': chunked('5;a\rb\r\nabcde\r\n0\r\n\r\n'),
    'an extension with NUL': chunked('5;a\0\r\nabcde\r\n0\r\n\r\n'),
    'an extension without end': chunked(`5;${'a'.repeat(20_000)}\r\nabcde\r\n0\r\n\r\n`),
    'a bare LF after the size': chunked('5\nabcde\r\n0\r\n\r\n'),
    'no end of line after the data': chunked('5\r\nabcde0\r\n\r\n'),
    'a bare LF after the data': chunked('5\r\nabcde\n0\r\n\r\n'),
    'other bytes after the data': chunked('5\r\nabcdeXX0\r\n\r\n'),
    'a bare CR after the data': chunked('5\r\nabcde\rx0\r\n\r\n'),
    'bare LFs at the end': chunked('0\n\n'),
    'a bare LF at the very end': chunked('0\r\n\n'),
    'a length in the trailers': chunked('0\r\nContent-Length: 5\r\n\r\n'),
    'a space before a colon in the trailers': chunked('0\r\nX : y\r\n\r\n'),
    'a bare LF in the trailers': chunked('0\r\nX: y\n\r\n'),
  },
  'sections 2.2 and 5: lines': {
    'a bare LF after the request line': 'GET /first HTTP/1.1\nHost: a\r\n\r\n',
    'a bare LF after a field': 'GET /first HTTP/1.1\r\nHost: a\nX: y\r\n\r\n',
    'a bare LF at the end': 'GET /first HTTP/1.1\r\nHost: a\r\n\n',
    'bare LFs everywhere': 'GET /first HTTP/1.1\nHost: a\n\n',
    'a bare CR between fields': 'GET /first HTTP/1.1\r\nHost: a\rX: y\r\n\r\n',
    'a bare CR in a value': get('X: y\rz\r\n'),
    'two CRs': 'GET /first HTTP/1.1\r\nHost: a\r\r\n\r\n',
    'a folded value': get('X: a\r\n b\r\n'),
    'a value folded by a tab': get('X: a\r\n\tb\r\n'),
    'a folded coding': post('Transfer-Encoding:\r\n chunked\r\n', '0\r\n\r\n'),
    'a space before the first field': 'GET /first HTTP/1.1\r\n Host: a\r\n\r\n',
    'NUL in a value': get('X: a\0b\r\n'),
    'NUL in a name': get('X\0: a\r\n'),
    'a control character': get('X: a\x01b\r\n'),
    'DEL in a value': get('X: a\x7fb\r\n'),
    'a space before the colon': get('X : y\r\n'),
    'a tab before the colon': get('X\t: y\r\n'),
    'a space in a name': get('X y: z\r\n'),
    'no name': get(': y\r\n'),
    'no colon': get('Xy\r\n'),
    'a name that is no token': get('X(y): z\r\n'),
    'a name beyond ASCII': get('X\xe9: z\r\n'),
  },
  'section 3.2: one host': {
    none: line('GET /first HTTP/1.1', ''),
    'none in version 1.0': line('GET /first HTTP/1.0', ''),
    'an empty one': line('GET /first HTTP/1.1', 'Host: \r\n'),
    'two that differ': get('Host: b\r\n'),
    'two that agree': get('Host: a\r\n'),
    'a list': line('GET /first HTTP/1.1', 'Host: a, b\r\n'),
    'a space': line('GET /first HTTP/1.1', 'Host: a b\r\n'),
    'a path': line('GET /first HTTP/1.1', 'Host: a/b\r\n'),
    'a user': line('GET /first HTTP/1.1', 'Host: u@a\r\n'),
    'no number for a port': line('GET /first HTTP/1.1', 'Host: a:b\r\n'),
    'another in the target': line('GET http://b/first HTTP/1.1'),
    'a user in the target': line('GET http://u@a/first HTTP/1.1'),
    'one that Connection takes away': get('Connection: close, host\r\n'),
  },
  'section 3: the request line': {
    'another scheme': line('GET ftp://a/first HTTP/1.1'),
    'an asterisk that asks for nothing': line('GET * HTTP/1.1'),
    'a fragment': line('GET /first#x HTTP/1.1'),
    'no path': line('GET first HTTP/1.1'),
    'a backslash': line('GET /a\\..\\first HTTP/1.1'),
    'a character beyond ASCII': line('GET /\xe9 HTTP/1.1'),
    NUL: line('GET /\0 HTTP/1.1'),
    'a tab': line('GET /a\tb HTTP/1.1'),
    'a space': line('GET /a b HTTP/1.1'),
    'tabs between': line('GET\t/first HTTP/1.1'),
    'a space before': line(' GET /first HTTP/1.1'),
    'version 1.2': line('GET /first HTTP/1.2'),
    'version 2.0': line('GET /first HTTP/2.0'),
    'version 0.9': line('GET /first HTTP/0.9'),
    'no version': line('GET /first'),
    'a version of two digits': line('GET /first HTTP/1.10'),
    'a version in small letters': line('GET /first http/1.1'),
    'a space after the version': line('GET /first HTTP/1.1 '),
    'an unknown method': line('FOO /first HTTP/1.1'),
    'a method in small letters': line('get /first HTTP/1.1'),
    'the preface of HTTP/2': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    garbage: '\x80\x81\x82\r\n\r\n',
  },
};

for (const [rule, vectors] of Object.entries(refused)) {
  describe(rule, () => {
    for (const [name, bytes] of Object.entries(vectors)) {
      test(`${name}: 400, the connection closed, nothing passed on`, async (t) => {
        const heard: Heard[] = [];
        const listener = await openListener({ port: 0, answer: listening(heard) });
        t.after(() => listener.close());
        const connection = plain(t, listener.port);
        connection.socket.write(Buffer.from(bytes + smuggled, 'latin1'));
        await connection.closed;
        assert.deepEqual(statuses(connection.text()), [400]);
        assert.match(connection.text(), /^connection: close\r$/im);
        assert.deepEqual(
          heard.filter(({ whole }) => whole),
          [],
        );
      });
    }
  });
}

test('what was refused over plain HTTP is refused over TLS', async (t) => {
  const heard: Heard[] = [];
  const listener = await startListener(t, listening(heard));
  const connection = await secure(t, listener.port, 'http/1.1');
  connection.socket.write(post('Transfer-Encoding: gzip, chunked\r\n', `0\r\n\r\n${smuggled}`));
  await connection.closed;
  assert.deepEqual(statuses(connection.text()), [400]);
  assert.deepEqual(heard, []);
});

describe('sizes', () => {
  const sizes: [string, number, string][] = [
    ['a target of 8,193 bytes', 414, line(`GET /${'a'.repeat(8192)} HTTP/1.1`)],
    ['a field of 21 KB', 400, get(`X: ${'a'.repeat(21_000)}\r\n`)],
    ['fields of 21 KB together', 400, get('X: abcdefgh\r\n'.repeat(2200))],
  ];
  for (const [name, status, bytes] of sizes) {
    test(`${name}: ${status}, the connection closed`, async (t) => {
      const listener = await startListener(t, listening());
      const connection = plain(t, listener.port);
      connection.socket.write(bytes);
      await connection.closed;
      assert.deepEqual(statuses(connection.text()), [status]);
    });
  }

  test('a target of 8,192 bytes and fields of 12 KB are taken', async (t) => {
    const heard: Heard[] = [];
    const listener = await startListener(t, listening(heard));
    const connection = plain(t, listener.port);
    connection.socket.write(
      `GET /${'a'.repeat(8191)} HTTP/1.1\r\nHost: a\r\nX: ${'b'.repeat(12_000)}\r\nConnection: close\r\n\r\n`,
    );
    await connection.closed;
    assert.deepEqual(statuses(connection.text()), [200]);
  });
});

describe('requests one after the other on a connection', () => {
  const followed = async (t: { after(fn: () => Promise<void> | void): void }, bytes: string) => {
    const heard: Heard[] = [];
    const listener = await startListener(t, listening(heard));
    const connection = plain(t, listener.port);
    connection.socket.write(Buffer.from(bytes, 'latin1'));
    await connection.closed;
    return { heard, statuses: statuses(connection.text()) };
  };

  test('are answered in order', async (t) => {
    const { heard, statuses } = await followed(
      t,
      `${get('')}GET /second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    );
    assert.deepEqual(statuses, [200, 200]);
    assert.deepEqual(
      heard.map(({ url }) => url),
      ['/first', '/second'],
    );
  });

  test('end with garbage: the whole request before it has its own answer, and no other', async (t) => {
    const { heard, statuses } = await followed(t, `${get('')}\0\0garbage\r\n\r\n`);
    assert.deepEqual(statuses, [200]);
    assert.equal(heard.length, 1);
  });

  test('end with one that is refused: what follows it is not looked at', async (t) => {
    const { heard, statuses } = await followed(t, `${get('')}${get('Host: b\r\n')}${smuggled}`);
    assert.deepEqual(statuses, [200, 400]);
    assert.deepEqual(
      heard.map(({ url }) => url),
      ['/first'],
    );
  });
});

describe('what is taken', () => {
  const taken: [string, string, Partial<Heard>][] = [
    [
      'a body in chunks with extensions',
      chunked('5;a="b"\r\nabcde\r\n0005\r\nfghij\r\n0\r\nX: y\r\n\r\n'),
      { body: 'abcdefghij' },
    ],
    ['Chunked in any case', post('Transfer-Encoding: Chunked\r\n', '1\r\na\r\n0\r\n\r\n'), { body: 'a' }],
    [
      'the absolute form of the same host (section 3.2.2)',
      line('GET http://A/x?y HTTP/1.1'),
      { url: '/x?y' },
    ],
    ['an absolute form without a path', line('GET http://a HTTP/1.1'), { url: '/' }],
    ['an empty line before the request (section 2.2)', `\r\n${get('')}`, { url: '/first' }],
    ['a host with a port', line('GET /x HTTP/1.1', 'Host: app.localhost:8080\r\n'), { url: '/x' }],
    ['an address of version 6', line('GET /x HTTP/1.1', 'Host: [::1]:8080\r\n'), { url: '/x' }],
    ['OPTIONS of the server', line('OPTIONS * HTTP/1.1'), { url: '*' }],
    ['a backslash in a query', line('GET /x?a=\\ HTTP/1.1'), { url: '/x?a=\\' }],
  ];
  for (const [name, bytes, expected] of taken) {
    test(name, async (t) => {
      const heard: Heard[] = [];
      const listener = await startListener(t, listening(heard));
      const connection = plain(t, listener.port);
      connection.socket.write(`${bytes}GET /end HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
      await connection.closed;
      assert.deepEqual(statuses(connection.text()), [200, 200]);
      assert.deepEqual({ ...heard[0], ...expected }, heard[0]);
    });
  }

  test('CONNECT is answered 405 and opens no tunnel', async (t) => {
    const listener = await startListener(t, listening());
    const connection = plain(t, listener.port);
    connection.socket.write('CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n');
    await connection.closed;
    assert.deepEqual(statuses(connection.text()), [405]);
  });
});
