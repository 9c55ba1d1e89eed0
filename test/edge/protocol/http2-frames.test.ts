import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { describe, test } from 'node:test';
import { type Heard, listening, startListener } from './protocol-fixture.ts';
import {
  acknowledgement,
  block,
  endHeaders,
  endStream,
  frame,
  rawHttp2,
  requestBlock,
  word,
} from './raw-http2.ts';

const whole = endStream | endHeaders;
const request = (stream: number, others?: Record<string, string>) =>
  frame('headers', stream, whole, requestBlock(others));
const opened = (stream: number) => frame('headers', stream, endHeaders, requestBlock({ ':method': 'POST' }));
const cancel = (stream: number) => frame('reset', stream, 0, word(constants.NGHTTP2_CANCEL));

const { NGHTTP2_PROTOCOL_ERROR: protocolError, NGHTTP2_STREAM_CLOSED: streamClosed } = constants;

describe('frames that RFC 9113 forbids end the connection', () => {
  const forbidden: [string, number, Buffer[]][] = [
    [
      'DATA after RST_STREAM (5.1)',
      streamClosed,
      [opened(1), cancel(1), frame('data', 1, 0, Buffer.from('x'))],
    ],
    ['HEADERS after RST_STREAM (5.1)', streamClosed, [opened(1), cancel(1), request(1)]],
    ['a stream lower than one before (5.1.1)', protocolError, [request(5), request(3)]],
    [
      'PRIORITY of the connection (6.3)',
      protocolError,
      [frame('priority', 0, 0, Buffer.concat([word(1), Buffer.of(1)]))],
    ],
    [
      'PRIORITY that depends on itself (RFC 7540, 5.3.1)',
      protocolError,
      [frame('priority', 3, 0, Buffer.concat([word(3), Buffer.of(1)]))],
    ],
    ['a stream with an even number (5.1.1)', protocolError, [request(2)]],
    [
      'DATA of a stream that nobody opened (5.1)',
      protocolError,
      [frame('data', 1, endStream, Buffer.from('x'))],
    ],
    ['RST_STREAM of a stream that nobody opened (6.4)', protocolError, [cancel(1)]],
    [
      'another frame inside a header block (6.10)',
      protocolError,
      [frame('headers', 1, endStream, requestBlock()), frame('ping', 0, 0, Buffer.alloc(8))],
    ],
    ['CONTINUATION of nothing (6.10)', protocolError, [frame('continuation', 1, endHeaders, requestBlock())]],
    [
      'PUSH_PROMISE of a client (8.4)',
      protocolError,
      [Buffer.concat([Buffer.from([0, 0, 4, 5, endHeaders, 0, 0, 0, 1]), word(2)])],
    ],
    [
      'SETTINGS of no full setting (6.5)',
      constants.NGHTTP2_FRAME_SIZE_ERROR,
      [frame('settings', 0, 0, Buffer.from('abc'))],
    ],
    [
      'a frame larger than allowed (4.2)',
      constants.NGHTTP2_FRAME_SIZE_ERROR,
      [opened(1), frame('data', 1, 0, Buffer.alloc(16_385))],
    ],
    [
      'a connection window beyond 2^31-1 (6.9.1)',
      constants.NGHTTP2_FLOW_CONTROL_ERROR,
      [frame('windowUpdate', 0, 0, word(0x7fffffff)), frame('windowUpdate', 0, 0, word(0x7fffffff))],
    ],
    [
      'a block that HPACK cannot read (4.3)',
      constants.NGHTTP2_COMPRESSION_ERROR,
      [frame('headers', 1, whole, Buffer.of(0x80))],
    ],
  ];
  for (const [name, code, sent] of forbidden) {
    test(name, async (t) => {
      const listener = await startListener(t, listening());
      const connection = await rawHttp2(t, listener);
      connection.send(...sent);
      assert.equal(await connection.refusal(), code);
    });
  }

  test('DATA and HEADERS after the end of a stream that has been answered (5.1)', async (t) => {
    for (const late of [frame('data', 1, 0, Buffer.from('x')), request(1)]) {
      const listener = await startListener(t, listening());
      const connection = await rawHttp2(t, listener);
      connection.send(request(1));
      await connection.next('data', 1);
      connection.send(late);
      assert.equal(await connection.refusal(), streamClosed);
    }
  });
});

describe('frames that may come', () => {
  test('a late frame of a body that was cut short by its answer ends nothing (5.1)', async (t) => {
    const listener = await startListener(t, (_, response) => {
      response.writeHead(413).end();
    });
    const connection = await rawHttp2(t, listener);
    connection.send(opened(1));
    await connection.next('headers', 1);
    connection.send(frame('data', 1, endStream, Buffer.from('late')), request(3));
    assert.equal((await connection.next('headers', 3)).stream, 3);
  });

  test('trailers end a body', async (t) => {
    const heard: Heard[] = [];
    const listener = await startListener(t, listening(heard));
    const connection = await rawHttp2(t, listener);
    connection.send(
      opened(1),
      frame('data', 1, 0, Buffer.from('body')),
      frame('headers', 1, whole, block({ 'x-sum': '1' })),
    );
    await connection.next('data', 1);
    assert.deepEqual([heard[0]?.body, heard[0]?.whole], ['body', true]);
  });

  test('an acknowledgement of a PING that nobody sent is left out', async (t) => {
    const listener = await startListener(t, listening());
    const connection = await rawHttp2(t, listener);
    connection.send(frame('ping', 0, acknowledgement, Buffer.alloc(8)), request(1));
    await connection.next('data', 1);
  });

  test('bytes that come one at a time make the same frames', async (t) => {
    const heard: Heard[] = [];
    const listener = await startListener(t, listening(heard));
    const connection = await rawHttp2(t, listener);
    connection.socket.setNoDelay(true);
    const bytes = Buffer.concat([
      frame('ping', 0, acknowledgement, Buffer.alloc(8)),
      frame('headers', 1, 0, requestBlock({ ':method': 'POST' })),
      frame('continuation', 1, endHeaders, block({ 'x-more': 'yes' })),
      frame('windowUpdate', 1, 0, word(2048)),
      frame('data', 1, endStream, Buffer.from('body')),
    ]);
    for (const byte of bytes) {
      connection.send(Buffer.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await connection.next('data', 1);
    assert.deepEqual(heard[0]?.fields, ['host', 'a', 'x-more', 'yes', 'transfer-encoding', 'chunked']);
    assert.equal(heard[0]?.body, 'body');
  });
});

describe('frames that cost more than they bring are bounded: ENHANCE_YOUR_CALM', () => {
  const limits = { nuisanceBurst: 50, nuisanceRate: 1 };
  const odd = (index: number) => 2 * index + 1;
  const floods: [string, Buffer[]][] = [
    [
      'streams that are reset at once (CVE-2023-44487)',
      Array.from({ length: 80 }, (_, index) => Buffer.concat([opened(odd(index)), cancel(odd(index))])),
    ],
    ['PING (CVE-2019-9512)', Array(80).fill(frame('ping', 0, 0, Buffer.alloc(8)))],
    ['SETTINGS (CVE-2019-9515)', Array(80).fill(frame('settings', 0))],
    [
      'PRIORITY (CVE-2019-9513)',
      Array(80).fill(frame('priority', 3, 0, Buffer.concat([word(1), Buffer.of(1)]))),
    ],
    ['empty DATA (CVE-2019-9518)', [opened(1), ...Array(80).fill(frame('data', 1))]],
    ['windows that grow by one byte', [opened(1), ...Array(80).fill(frame('windowUpdate', 1, 0, word(1)))]],
    [
      'streams that we reset for their mistakes (CVE-2025-8671)',
      Array.from({ length: 80 }, (_, index) =>
        Buffer.concat([opened(odd(index)), frame('windowUpdate', odd(index), 0, word(0))]),
      ),
    ],
    [
      'CONTINUATION (CVE-2024-27316)',
      [
        frame('headers', 1, endStream, requestBlock()),
        ...Array(20).fill(frame('continuation', 1, 0, block({ x: 'y' }))),
      ],
    ],
  ];
  for (const [name, sent] of floods) {
    test(name, async (t) => {
      const listener = await startListener(t, listening(), limits);
      const connection = await rawHttp2(t, listener);
      connection.send(...sent);
      assert.equal(await connection.refusal(), constants.NGHTTP2_ENHANCE_YOUR_CALM);
    });
  }

  test('and what a browser does when it leaves a page is not: all its streams are reset', async (t) => {
    const listener = await startListener(t, listening());
    const connection = await rawHttp2(t, listener);
    const streams = Array.from({ length: 120 }, (_, index) => odd(index));
    connection.send(...streams.map(opened), ...streams.map(cancel), request(1001));
    await connection.next('data', 1001);
  });

  test('no more than 128 streams at a time', async (t) => {
    const listener = await startListener(t, () => undefined);
    const connection = await rawHttp2(t, listener);
    const settings = await connection.next('settings');
    const limit = [...Array(settings.payload.length / 6).keys()]
      .map((index) => settings.payload.subarray(index * 6, index * 6 + 6))
      .find((setting) => setting.readUInt16BE(0) === 3);
    assert.equal(limit?.readUInt32BE(2), 128);
    connection.send(...Array.from({ length: 129 }, (_, index) => request(odd(index))));
    const reset = await connection.next('reset');
    assert.equal(reset.payload.readUInt32BE(0), constants.NGHTTP2_REFUSED_STREAM);
  });
});
