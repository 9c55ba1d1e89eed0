import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startGateway } from './gateway-under-test.ts';

const host = 'Host: a\r\n';
const last = 'Connection: close\r\n\r\n';

/** Bytes a client may send to confuse the gateway or what is behind it, and the statuses that they get, in order. */
const attacks: [what: string, bytes: string, statuses: number[]][] = [
  ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\r\n\r\n', [400]],
  ['no Host', `GET /plain HTTP/1.1\r\n${last}`, [400]],
  ['two Hosts', `GET /plain HTTP/1.1\r\n${host}${host}${last}`, [400]],
  [
    'both Content-Length and Transfer-Encoding',
    `POST /plain HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /plain HTTP/1.1\r\n${host}\r\n`,
    [400],
  ],
  [
    'two different lengths',
    `POST /plain HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`,
    [400],
  ],
  ['a length with a sign', `POST /plain HTTP/1.1\r\n${host}Content-Length: +1\r\n\r\na`, [400]],
  [
    'an encoding that is not chunked last',
    `POST /plain HTTP/1.1\r\n${host}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
    [400],
  ],
  ['a space before a colon', `GET /plain HTTP/1.1\r\n${host}X-A : b\r\n\r\n`, [400]],
  ['a folded header', `GET /plain HTTP/1.1\r\n${host}X-A: b\r\n c\r\n\r\n`, [400]],
  ['a NUL in a header', `GET /plain HTTP/1.1\r\n${host}X-A: b\0c\r\n\r\n`, [400]],
  [
    'a bare carriage return in a header',
    `GET /plain HTTP/1.1\r\n${host}X-A: b\rX-Strata-Role: admin\r\n\r\n`,
    [400],
  ],
  ['a target with a raw byte', `GET /plain/\xff HTTP/1.1\r\n${host}${last}`, [400]],
  ['a fragment', `GET /plain#x HTTP/1.1\r\n${host}${last}`, [400]],
  [
    'more headers than the vendor takes',
    `GET /plain HTTP/1.1\r\n${host}X-A: ${'a'.repeat(10_240)}\r\n${last}`,
    [431],
  ],
  [
    'far more headers than that',
    `GET /plain HTTP/1.1\r\n${host}X-A: ${'a'.repeat(20_000)}\r\n${last}`,
    [431],
  ],
  ['headers just within', `GET /plain HTTP/1.1\r\n${host}X-A: ${'a'.repeat(10_200)}\r\n${last}`, [200]],
  ['an absolute target', `GET http://a/plain HTTP/1.1\r\n${host}${last}`, [200]],
  ['an asterisk', `OPTIONS * HTTP/1.1\r\n${host}${last}`, [400]],
  ['CONNECT', `CONNECT a:80 HTTP/1.1\r\n${host}\r\n`, []],
  [
    'an upgrade, which is not made',
    `GET /plain HTTP/1.1\r\n${host}Upgrade: websocket\r\nConnection: upgrade, close\r\n\r\n`,
    [200],
  ],
  [
    'an expectation nobody knows',
    `POST /plain HTTP/1.1\r\n${host}Expect: a-teapot\r\nContent-Length: 0\r\n${last}`,
    [417],
  ],
  [
    'an expectation to continue',
    `POST /plain HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 1\r\n${last}a`,
    [100, 200],
  ],
  [
    'a second request in one write',
    `GET /plain HTTP/1.1\r\n${host}\r\nGET /unknown HTTP/1.1\r\n${host}${last}`,
    [200, 403],
  ],
  ['HTTP/1.0', `GET /plain HTTP/1.0\r\n${host}\r\n`, [200]],
];

describe('a connection that sends', () => {
  for (const [what, bytes, statuses] of attacks) {
    test(`${what} gets ${statuses.join(', ') || 'nothing'}`, async (t) => {
      const { raw, service } = await startGateway(t);
      const reply = await raw(bytes);
      const found = [...reply.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      assert.deepEqual(found, statuses, reply.slice(0, 300));
      assert.equal(service.received.length, statuses.filter((status) => status === 200).length);
      if (statuses[0] === 400 || statuses[0] === 431) assert.match(reply, /x-amzn-ErrorType: \w+/i);
      for (const { headers } of service.received) assert.equal(headers['x-strata-role'], undefined);
    });
  }
});
