import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { createServedOrigin } from '../../src/edge/serve-origin.ts';
import { afterwards, type Lifetime } from '../engines.ts';
import { eventually } from '../eventually.ts';

/** A body in pieces, some of which are there only once the first has been read. */
function bodyOf(...pieces: readonly string[]): Readable {
  return Readable.from(
    pieces.map((piece) => Buffer.from(piece)),
    { objectMode: false, highWaterMark: 1 },
  );
}

/**
 * An origin that answers the first request of a connection, and closes the connection when it has read `last` of
 * another one.
 */
async function startOrigin(lifetime: Lifetime, last: string) {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const connection = seen.push('') - 1;
    let answered = 0;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      seen[connection] += data.toString('latin1');
      const all = seen[connection] ?? '';
      if (answered === 0 && all.endsWith('end\r\n0\r\n\r\n')) {
        answered = all.length;
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      } else if (answered > 0 && all.slice(answered).includes(last)) socket.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = createServedOrigin(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  afterwards(lifetime, async () => {
    origin.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const ask = async (method: string, body: Readable) => {
    const answer = await origin.fetch({ method, target: '/', headers: [], body });
    return { status: answer.status, body: await text(answer.body) };
  };
  assert.deepEqual(await ask('PUT', bodyOf('first end')), { status: 200, body: 'ok' });
  return { seen, ask };
}

// RFC 9110, section 9.2.2; RFC 9112, section 9.3.1.
describe('a request on a kept connection that the origin closes', () => {
  test('is sent once more with its whole body, if it is idempotent', async (t) => {
    for (const last of ['PUT', 'one', 'two']) {
      const { seen, ask } = await startOrigin(t, last);
      const body = bodyOf('one ', 'two ', 'end');
      assert.deepEqual(await ask('PUT', body), { status: 200, body: 'ok' });
      assert.equal(seen.length, 2);
      assert.match(seen[1] ?? '', /^PUT \/ HTTP\/1\.1\r\n/);
      const [, ...chunks] = (seen[1] ?? '').split('\r\n\r\n');
      const lines = chunks.join('\r\n').split('\r\n');
      assert.equal(lines.filter((_, index) => index % 2 === 1).join(''), 'one two end');
    }
  });

  test('fails when it is not idempotent', async (t) => {
    const { seen, ask } = await startOrigin(t, 'POST');
    await assert.rejects(ask('POST', bodyOf('once end')), { name: 'OriginFailure', timedOut: false });
    assert.equal(seen.length, 1);
  });

  test('fails when its body breaks off the second time', async (t) => {
    const { seen, ask } = await startOrigin(t, 'one');
    const body = new PassThrough();
    body.write('one ');
    const asked = ask('PUT', body);
    await eventually(() => assert.match(seen[1] ?? '', /one /));
    body.destroy(new Error('the viewer is gone'));
    await assert.rejects(asked, { name: 'OriginFailure', timedOut: false });
  });

  test('fails when more of its body has gone out than is kept', async (t) => {
    const { seen, ask } = await startOrigin(t, 'enough');
    const body = Readable.from([Buffer.alloc(70_000, 'x'), Buffer.from('enough'), Buffer.from('end')]);
    await assert.rejects(ask('PUT', body), { name: 'OriginFailure', timedOut: false });
    assert.equal(seen.length, 1);
  });
});
