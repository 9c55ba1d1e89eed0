import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  type ResponseFault,
  ResponseParser,
  type UpstreamResponse,
} from '../../../src/gateway/upstream/response-parser.ts';

const bodyLimit = 100_000;

/** Reads bytes cut at the given places, and then the connection's end where it says so. */
function read(
  bytes: Buffer,
  {
    method = 'GET',
    cuts = [],
    ended = false,
  }: { method?: string; cuts?: readonly number[]; ended?: boolean },
): UpstreamResponse | ResponseFault | undefined {
  const parser = new ResponseParser(bodyLimit);
  parser.begin(method);
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])];
  places.sort((left, right) => left - right);
  for (let index = 0; index + 1 < places.length; index += 1) {
    const outcome = parser.read(bytes.subarray(places[index], places[index + 1]));
    if (outcome !== undefined) return outcome;
  }
  return ended ? parser.close() : undefined;
}

const chunkSizes = fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 8 });

function inChunks(body: Buffer, sizes: readonly number[]): Buffer {
  const parts: Buffer[] = [];
  let at = 0;
  for (const size of [...sizes, body.length]) {
    const part = body.subarray(at, at + size);
    if (part.length === 0) break;
    parts.push(Buffer.from(`${part.length.toString(16)};note=1\r\n`), part, Buffer.from('\r\n'));
    at += part.length;
  }
  return Buffer.concat([...parts, Buffer.from('0\r\nx-sum: 1\r\n\r\n')]);
}

describe('an answer of a service', () => {
  test('is the same however its bytes are cut, whatever says where it ends (RFC 9112, 6.3)', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 20_000 }),
        chunkSizes,
        fc.constantFrom('length', 'chunked', 'close'),
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 12 }),
        (content, sizes, framing, interim, cuts) => {
          const body = Buffer.from(content);
          const field = {
            length: `Content-Length: ${body.length}\r\n`,
            chunked: 'Transfer-Encoding: Chunked\r\n',
            close: '',
          }[framing];
          const bytes = Buffer.concat([
            Buffer.from(interim ? 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n' : ''),
            Buffer.from(`HTTP/1.1 200 OK\r\nX-One:  two \r\n${field}\r\n`),
            framing === 'chunked' ? inChunks(body, sizes) : body,
          ]);
          const answer = read(bytes, { cuts, ended: framing === 'close' });
          assert.ok(typeof answer === 'object');
          assert.equal(answer.status, 200);
          assert.deepEqual(answer.headers.slice(0, 2), ['x-one', 'two']);
          assert.ok(answer.body.equals(body));
          assert.equal(answer.persistent, framing !== 'close');
        },
      ),
      { numRuns: 300 },
    );
  });

  test('has no body when it answers HEAD, or is 204 or 304 (RFC 9110, 6.4.1)', () => {
    const head = 'content-length: 5\r\n\r\n';
    for (const [method, status] of [
      ['HEAD', '200 OK'],
      ['GET', '204 No Content'],
      ['GET', '304 Not Modified'],
    ] as const) {
      const answer = read(Buffer.from(`HTTP/1.1 ${status}\r\n${head}`), { method });
      assert.equal(typeof answer === 'object' && answer.body.length, 0, status);
    }
  });

  test('ends the connection when it says so, or speaks HTTP/1.0 (RFC 9112, 9.3)', () => {
    for (const [start, fields] of [
      ['HTTP/1.1 200 OK', 'connection: x, Close\r\n'],
      ['HTTP/1.0 200 OK', ''],
    ]) {
      const answer = read(Buffer.from(`${start}\r\n${fields}content-length: 0\r\n\r\n`), {});
      assert.equal(typeof answer === 'object' && answer.persistent, false, start);
    }
  });

  const ok = 'HTTP/1.1 200 OK\r\n';
  for (const [what, text] of Object.entries({
    'another protocol': 'ICY 200 OK\r\n\r\n',
    'a version that is none': 'HTTP/2 200 OK\r\n\r\n',
    'a status of four digits': 'HTTP/1.1 2000 OK\r\n\r\n',
    'a switch of protocols': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
    'a field without a colon': `${ok}nothing\r\n\r\n`,
    'a space before the colon': `${ok}x-one : 1\r\n\r\n`,
    'a folded line': `${ok}x-one: 1\r\n two: 2\r\n\r\n`,
    'a bare carriage return': `${ok}x-one: 1\rx-two: 2\r\n\r\n`,
    'a bare line feed': `${ok}x-one: 1\nx-two: 2\r\n\r\n`,
    'a NUL': `${ok}x-one: \0\r\n\r\n`,
    'two lengths': `${ok}content-length: 1\r\ncontent-length: 1\r\n\r\nx`,
    'a list of lengths': `${ok}content-length: 1, 1\r\n\r\nx`,
    'a signed length': `${ok}content-length: +1\r\n\r\nx`,
    'a length and a coding': `${ok}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\nx`,
    'another coding': `${ok}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    'a chunk size that is none': `${ok}transfer-encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n`,
    'a chunk longer than it said': `${ok}transfer-encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n`,
    'bytes behind its end': `${ok}content-length: 1\r\n\r\nxy`,
    'a head without end': `${ok}${'x-long: '.padEnd(20_000, 'x')}`,
  })) {
    test(`is refused with ${what}`, () => assert.equal(read(Buffer.from(text), {}), 'malformed'));
  }

  for (const [what, text] of Object.entries({
    'by its length': `${ok}content-length: ${bodyLimit + 1}\r\n\r\n`,
    'by its chunks': `${ok}transfer-encoding: chunked\r\n\r\n${(bodyLimit + 1).toString(16)}\r\n`,
    'by its bytes': `${ok}\r\n${'x'.repeat(bodyLimit + 1)}`,
  })) {
    test(`is refused when it is too long ${what}`, () =>
      assert.equal(read(Buffer.from(text), {}), 'too-long'));
  }

  test('never comes before it was asked for', () => {
    const parser = new ResponseParser(bodyLimit);
    assert.equal(parser.read(Buffer.from(`${ok}content-length: 0\r\n\r\n`)), 'malformed');
  });
});
