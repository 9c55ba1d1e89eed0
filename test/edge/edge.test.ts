import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { describe, test } from 'node:test';
import { createBehaviorMatcher } from '../../src/edge/behavior.ts';
import { eventually } from '../eventually.ts';
import {
  accessOf,
  configurationOf,
  exchange,
  exchangeBytes,
  makeOriginFolder,
  passing,
  startEdge,
  startGateway,
} from './edge-fixture.ts';

describe('every answer', () => {
  test('carries the security headers, and HSTS only over TLS', async (t) => {
    const gateway = await startGateway(t, (_incoming, response) => response.end('{}'));
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    for (const target of ['/', '/missing', '/api/v1/data']) {
      const { headers } = await exchange(edge, target);
      assert.equal(headers['x-content-type-options'], 'nosniff');
      assert.equal(headers['x-frame-options'], 'DENY');
      assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
      assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
      assert.match(
        String(headers['content-security-policy']),
        /^default-src 'none';.*frame-ancestors 'none'/,
      );
      assert.doesNotMatch(String(headers['content-security-policy']), /unsafe|\*/);
      assert.ok(headers['referrer-policy'] && headers['permissions-policy']);
      assert.equal(headers['strict-transport-security'], undefined);
    }
  });
});

describe('the edge', () => {
  test('refuses what could be read in two ways, and closes the connection', async (t) => {
    let arrived = 0;
    const gateway = await startGateway(t, (_incoming, response) => {
      arrived += 1;
      response.end('ok');
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    const head = 'POST /api/x HTTP/1.1\r\nHost: a\r\n';
    for (const [bytes, status] of [
      [`${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
      [`${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc`, 400],
      [`${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n`, 400],
      [`${head}Transfer-Encoding : chunked\r\n\r\n`, 400],
      [`${head}X: a\r\n b\r\n\r\n`, 400],
      [`${head}X: a\nY: b\r\n\r\n`, 400],
      [`${head}Host: b\r\n\r\n`, 400],
      ['GET /api/x HTTP/1.1\r\n\r\n', 400],
      ['GET http://evil.example/api/x HTTP/1.1\r\nHost: a\r\n\r\n', 400],
      [`GET /api/${'x'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
      [`${head}X: ${'x'.repeat(40_000)}\r\n\r\n`, 400],
    ] as const) {
      const answer = await exchangeBytes(edge, bytes);
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), bytes.slice(0, 120));
    }
    assert.ok(arrived <= 1, 'only the request whose chunks turned out bad had a readable head');
  });

  test('takes a new configuration while an answer is under way, and drops nothing', async (t) => {
    const folder = await makeOriginFolder(t);
    let finish: (() => void) | undefined;
    const old = await startGateway(t, (_incoming, response) => {
      finish = () => response.end('old');
      response.write('from ');
    });
    const next = await startGateway(t, (_incoming, response) => response.end('new'));
    const edge = await startEdge(t, configurationOf(folder, old));
    const underWay = exchange(edge, '/api/v1/data');
    await eventually(() => assert.ok(finish));
    edge.update(configurationOf(folder, next));
    assert.equal((await exchange(edge, '/api/v1/data')).body, 'new');
    finish?.();
    assert.equal((await underWay).body, 'from old');
  });

  test('finishes what is in flight before it closes, then lets kept connections go', {
    timeout: 5000,
  }, async (t) => {
    let finish: (() => void) | undefined;
    const gateway = await startGateway(t, (_incoming, response) => {
      finish = () => response.end('done');
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    const keeping = new Agent({ keepAlive: true });
    const sent = request({ ...edge.address, path: '/api/v1/data', agent: keeping });
    sent.end();
    await eventually(() => assert.ok(finish));
    const closed = edge.close();
    finish?.();
    const [response] = await once(sent, 'response');
    assert.equal(String(await response.toArray()), 'done');
    await closed;
    await assert.rejects(exchange(edge, '/'), { code: 'ECONNREFUSED' });
  });
});

describe('behaviours', () => {
  test('are matched in order, over the whole path, with case', () => {
    const { behaviors } = accessOf({
      origins: {},
      behaviors: [
        { path: '/api/*', ...passing },
        { path: '/*.js', origin: 'pages', cachePolicy: 'documents' },
        { path: '/page-?', origin: 'numbered', cachePolicy: 'documents' },
      ],
    });
    const match = createBehaviorMatcher(behaviors.map((behavior) => [behavior.path, behavior]));
    assert.equal(match('/api/v1/app.js')?.origin, 'api');
    assert.equal(match('/x/app.js')?.origin, 'pages');
    assert.equal(match('/page-1')?.origin, 'numbered');
    for (const path of ['/api', '/API/v1', '/appxjs', '/app.js/', '/page-', '/page-12'])
      assert.equal(match(path), undefined, path);
  });
});
