import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { always, startPair, until } from './cache-fixture.ts';

const fresh = { 'cache-control': 'max-age=60' };

describe('collapsed requests', () => {
  test('a thousand callers cost one fetch, also when the first leaves (RFC 9111, 4)', async (t) => {
    let answer = () => {};
    const { edge, ask, asked } = await startPair(t, (_request, response) => {
      answer = () => response.writeHead(200, fresh).end('x'.repeat(100_000));
    });
    const first = connect(edge.port, '127.0.0.1', () => first.write('GET /a HTTP/1.1\r\nhost: a\r\n\r\n'));
    await until(() => asked.length === 1);
    const others = Array.from({ length: 1000 }, () => ask('/a'));
    first.destroy();
    await new Promise((resolve) => first.once('close', resolve));
    answer();
    for (const { status, body } of await Promise.all(others))
      assert.deepEqual([status, body.length], [200, 100_000]);
    assert.equal(asked.length, 1);
  });

  test('callers share the failure of their one fetch', async (t) => {
    const waiting: (() => void)[] = [];
    const { ask, asked } = await startPair(t, (request) => void waiting.push(() => request.destroy()));
    const callers = Array.from({ length: 20 }, () => ask('/a'));
    await until(() => waiting.length === 1);
    await until(() => asked.length === 1);
    await ask('/other', { headers: ['Cache-Control', 'only-if-cached'] });
    waiting[0]?.();
    for (const { status } of await Promise.all(callers)) assert.equal(status, 502);
    assert.ok(asked.length < 5, `${asked.length} fetches`);
  });

  test('what is for one caller only is fetched by each', async (t) => {
    const { ask, asked } = await startPair(t, always({ 'cache-control': 'private' }));
    const bodies = await Promise.all(Array.from({ length: 10 }, async () => (await ask('/a')).body));
    assert.equal(new Set(bodies).size, 10);
    assert.equal(asked.length, 10);
  });
});
