import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { followCertificate } from '../../../src/edge/protocol/certificate-files.ts';
import { eventually } from '../../eventually.ts';
import {
  listening,
  newCertificate,
  plain,
  secure,
  startListener,
  statuses,
  trusted,
} from './protocol-fixture.ts';
import { endHeaders, endStream, frame, rawHttp2, requestBlock } from './raw-http2.ts';

const request = (others = '') => `GET / HTTP/1.1\r\nHost: a\r\n${others}\r\n`;

describe('one port', () => {
  test('speaks plain HTTP/1.1, and HTTP/1.1 and HTTP/2 over TLS', async (t) => {
    const listener = await startListener(t, listening());
    const bare = plain(t, listener.port);
    const one = await secure(t, listener.port, 'http/1.1');
    const two = await rawHttp2(t, listener);
    bare.socket.write(request());
    one.socket.write(request());
    two.send(frame('headers', 1, endStream | endHeaders, requestBlock()));
    await eventually(() => assert.deepEqual(statuses(bare.text()), [200]));
    await eventually(() => assert.deepEqual(statuses(one.text()), [200]));
    await two.next('data', 1);
  });

  test('refuses TLS before version 1.2, and a protocol that it does not speak', async (t) => {
    const listener = await startListener(t, listening());
    const old = {
      minVersion: 'TLSv1' as const,
      maxVersion: 'TLSv1.1' as const,
      ciphers: 'DEFAULT@SECLEVEL=0',
    };
    for (const options of [old, { ALPNProtocols: ['spdy/1'] }]) {
      const socket = connectTls({ port: listener.port, host: '127.0.0.1', ca: trusted, ...options });
      const [error] = await once(socket, 'error');
      assert.match(String(error), /alert|version|disconnected/i);
    }
  });

  test('serves new connections with a new certificate, and keeps the old ones', async (t) => {
    const listener = await startListener(t, listening());
    const before = await secure(t, listener.port, 'http/1.1');
    const renewed = await newCertificate();
    listener.renew(renewed);
    const after = await secure(t, listener.port, 'http/1.1');
    const serial = new X509Certificate(renewed.chain).serialNumber;
    assert.equal(after.tls.getPeerX509Certificate()?.serialNumber, serial);
    before.socket.write(request());
    await eventually(() => assert.deepEqual(statuses(before.text()), [200]));
  });

  test('reads its certificate again when the files were replaced', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'certificate-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const files = { chain: join(folder, 'chain.pem'), key: join(folder, 'key.pem') };
    const write = async ({ chain, key }: { chain: string; key: string }) => {
      await writeFile(files.key, key);
      await writeFile(files.chain, chain);
    };
    await write(await newCertificate());
    const read: string[] = [];
    const unfollow = followCertificate(files, ({ chain }) => void read.push(chain), 20);
    t.after(unfollow);
    const next = await newCertificate();
    await write(next);
    await eventually(() => assert.equal(read.at(-1), next.chain));
  });
});

describe('slow viewers', () => {
  const impatient = { headersTimeout: 200, requestTimeout: 400, idleTimeout: 300, slowReadTimeout: 600 };

  test('that say nothing are left after the time for header fields', async (t) => {
    const listener = await startListener(t, listening(), impatient);
    const connection = plain(t, listener.port);
    await connection.closed;
    assert.equal(connection.text(), '');
  });

  test('that do not finish a handshake, too', async (t) => {
    const listener = await startListener(t, listening(), impatient);
    const connection = plain(t, listener.port);
    connection.socket.write(Buffer.of(0x16, 3, 1));
    await connection.closed;
  });

  test('that send their header fields a byte at a time are answered 408', async (t) => {
    const listener = await startListener(t, listening(), impatient);
    const connection = plain(t, listener.port);
    connection.socket.write('GET / HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => connection.socket.write('X: a\r\n'), 50);
    await connection.closed;
    clearInterval(drip);
    assert.deepEqual(statuses(connection.text()), [408]);
  });

  test('that send their body a byte at a time are answered 408', async (t) => {
    const listener = await startListener(t, listening(), impatient);
    const connection = plain(t, listener.port);
    connection.socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => connection.socket.write('a'), 50);
    await connection.closed;
    clearInterval(drip);
    assert.deepEqual(statuses(connection.text()), [408]);
  });

  test('that have had their answer are left when nothing more comes', async (t) => {
    const listener = await startListener(t, listening(), impatient);
    const connection = plain(t, listener.port);
    connection.socket.write(request());
    await connection.closed;
    assert.deepEqual(statuses(connection.text()), [200]);
  });

  test('that do not read are left, and the answer is given up', async (t) => {
    let closed = false;
    const listener = await startListener(
      t,
      (_, response) => {
        response.once('close', () => {
          closed = !response.writableFinished;
        });
        response.writeHead(200).end(Buffer.alloc(20_000_000));
      },
      impatient,
    );
    const connection = plain(t, listener.port);
    connection.socket.write(request());
    connection.socket.once('data', () => connection.socket.pause());
    await eventually(() => assert.ok(closed));
  });

  test('that read a little now and then are left, too', async (t) => {
    let closed = false;
    const listener = await startListener(
      t,
      (_, response) => {
        response.once('close', () => {
          closed = !response.writableFinished;
        });
        response.writeHead(200).end(Buffer.alloc(100_000_000));
      },
      { ...impatient, idleTimeout: 30_000, slowReadBytes: 100_000_000 },
    );
    const connection = plain(t, listener.port);
    connection.socket.write(request());
    // Something is read at every sip: nobody would call this connection idle.
    const sip = setInterval(() => {
      connection.socket.resume();
      setImmediate(() => connection.socket.pause());
    }, 50);
    await eventually(() => assert.ok(closed));
    clearInterval(sip);
  });

  test('of HTTP/2 that say nothing, or half a header block, or half a body, are left', async (t) => {
    const listener = await startListener(t, listening(), impatient);
    const silent = await rawHttp2(t, listener);
    const block = await rawHttp2(t, listener);
    block.send(frame('headers', 1, endStream, requestBlock()));
    const body = await rawHttp2(t, listener);
    body.send(frame('headers', 1, endHeaders, requestBlock({ ':method': 'POST' })));
    const drip = setInterval(() => body.send(frame('data', 1, 0, Buffer.from('a'))), 50);
    await silent.closed;
    await block.closed;
    await body.next('reset', 1);
    clearInterval(drip);
  });

  test('of HTTP/2 that never open their window are left', async (t) => {
    const listener = await startListener(
      t,
      (_, response) => void response.writeHead(200).end(Buffer.alloc(1_000_000)),
      impatient,
    );
    const connection = await rawHttp2(t, listener);
    connection.send(frame('headers', 1, endStream | endHeaders, requestBlock()));
    await connection.next('reset', 1);
  });
});

describe('a drain', () => {
  /** A listener whose answers wait until they are let go. */
  async function held(t: Parameters<typeof plain>[0]) {
    const { promise, resolve } = Promise.withResolvers<void>();
    let asked = 0;
    const listener = await startListener(
      t,
      (_, response) => {
        asked += 1;
        void promise.then(() => response.writeHead(200, { 'content-type': 'text/plain' }).end('done'));
      },
      { drainTimeout: 10_000 },
    );
    return { listener, release: resolve, asked: () => asked };
  }

  test('lets a request in flight end, and its answer says that the connection closes', async (t) => {
    const { listener, release, asked } = await held(t);
    const connection = plain(t, listener.port);
    connection.socket.write(request());
    await eventually(() => assert.equal(asked(), 1));
    const closing = listener.close();
    release();
    await connection.closed;
    await closing;
    assert.match(connection.text(), /200 OK[\s\S]*connection: close[\s\S]*done/i);
  });

  test('closes idle connections at once, and takes no new ones', async (t) => {
    const listener = await startListener(t, listening());
    const agent = new Agent({ keepAlive: true });
    t.after(() => agent.destroy());
    const [answer] = await once(get({ port: listener.port, host: '127.0.0.1', agent }), 'response');
    answer.resume();
    await once(answer, 'end');
    const silent = plain(t, listener.port);
    await once(silent.socket, 'connect');
    await listener.close();
    await silent.closed;
    const [error] = await once(plain(t, listener.port).socket, 'error');
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED');
  });

  test('says GOAWAY on HTTP/2, and answers what is in flight', async (t) => {
    const { listener, release, asked } = await held(t);
    const session = connectHttp2(`https://127.0.0.1:${listener.port}`, { ca: trusted });
    t.after(() => session.destroy());
    const stream = session.request({});
    let body = '';
    stream.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    await eventually(() => assert.equal(asked(), 1));
    const gone = once(session, 'goaway');
    const closing = listener.close();
    const [code] = await gone;
    assert.equal(code, 0);
    release();
    await once(stream, 'end');
    assert.equal(body, 'done');
    await closing;
  });

  test('ends in time with those who do not', async (t) => {
    const listener = await startListener(t, () => undefined, { drainTimeout: 100 });
    const one = plain(t, listener.port);
    one.socket.write(request());
    const two = await rawHttp2(t, listener);
    two.send(frame('headers', 1, endStream | endHeaders, requestBlock()));
    await two.next('settings');
    await listener.close();
    await one.closed;
    await two.closed;
  });
});
