import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { send, startApplication } from './application.ts';
import { meshAuthority, meshOf, startProxy } from './proxies.ts';
import { section } from './sections.ts';

test('the mesh gateway in front of two tasks', async (t) => {
  const mesh = meshOf(section());
  const authority = await meshAuthority();
  const first = await startApplication(t, 'first');
  const second = await startApplication(t, 'second');
  const sidecars = await Promise.all(
    [first, second].map(({ address }) =>
      startProxy(t, mesh, { kind: 'node', name: 'entities' }, { authority, application: address }),
    ),
  );
  const endpoints = { entities: sidecars.map(({ ingress }) => ingress) };
  // No health checks: the gateway must cope with a task it still believes in.
  const gateway = await startProxy(
    t,
    mesh,
    { kind: 'gateway', name: 'ingress' },
    { authority, endpoints, checked: false },
  );
  const both = (handler: (request: IncomingMessage, response: ServerResponse, total: number) => void) => {
    let total = 0;
    for (const app of [first, second]) {
      app.behave((request, response) => {
        total += 1;
        handler(request, response, total);
      });
    }
    return () => total;
  };
  const dyingOnce = () =>
    both((request, response, total) =>
      total === 1 ? request.socket.destroy() : response.writeHead(200).end(),
    );
  const key = { 'idempotency-key': 'k1' };
  const match = { 'if-match': '"1"' };

  const cases = [
    { title: 'a GET', method: 'GET', headers: {}, retried: true },
    { title: 'a conditional GET', method: 'GET', headers: { 'if-none-match': '"1"' }, retried: true },
    { title: 'a PUT', method: 'PUT', headers: {}, retried: true },
    { title: 'a DELETE', method: 'DELETE', headers: {}, retried: true },
    { title: 'a POST with an Idempotency-Key', method: 'POST', headers: key, retried: true },
    { title: 'a POST', method: 'POST', headers: {}, retried: false },
    { title: 'a PATCH', method: 'PATCH', headers: {}, retried: false },
    { title: 'a PUT with If-Match', method: 'PUT', headers: match, retried: false },
    { title: 'a DELETE with If-Match', method: 'DELETE', headers: match, retried: false },
  ];
  for (const { title, method, headers, retried } of cases) {
    await t.test(
      `${title} that dies with its task is ${retried ? 'sent to the other' : 'not repeated'}`,
      async () => {
        const received = dyingOnce();
        const answer = await send(gateway.ingress, { method, headers, body: method === 'GET' ? '' : '{}' });
        assert.equal(answer.status, retried ? 200 : 503);
        assert.equal(received(), retried ? 2 : 1);
      },
    );
  }

  await t.test('a POST of 300 KB can be retried', async () => {
    const received = dyingOnce();
    const body = 'x'.repeat(300 * 1024);
    assert.equal((await send(gateway.ingress, { method: 'POST', headers: key, body })).status, 200);
    assert.equal(received(), 2);
  });

  await t.test('an app cannot have its POST repeated by claiming that it never got it', async () => {
    const received = both((_, response) => response.writeHead(503, { 'x-mesh-undelivered': 'true' }).end());
    const answer = await send(gateway.ingress, { method: 'POST' });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['x-mesh-undelivered'], undefined);
    assert.equal(received(), 1);
  });

  await t.test('what an app answers is the answer: its own 503 is not asked for again', async () => {
    for (const status of [500, 502, 503, 504]) {
      const received = both((_, response) =>
        response.writeHead(status, { 'retry-after': '1', 'x-mesh-interrupted': 'true' }).end(),
      );
      const answer = await send(gateway.ingress, { headers: key });
      assert.deepEqual([answer.status, answer.headers['retry-after'], received()], [status, '1', 1]);
      assert.equal(answer.headers['x-mesh-interrupted'], undefined);
    }
  });

  await t.test('X-Forwarded-For passes as it is and makes nobody internal', async () => {
    both((request, response, total) =>
      total === 1 ? request.socket.destroy() : response.end(request.headers['x-forwarded-for']),
    );
    const headers = { 'x-forwarded-for': '127.0.0.1', 'x-envoy-max-retries': '0', 'x-envoy-retry-on': '5xx' };
    assert.equal((await send(gateway.ingress, { headers })).body, '127.0.0.1');
    const received = dyingOnce();
    assert.equal((await send(gateway.ingress, { method: 'POST', headers })).status, 503);
    assert.equal(received(), 1);
  });

  await t.test('a POST that a dead app cannot have got goes to the other one', async () => {
    const received = both((_, response) => response.end('done'));
    await first.stop();
    for (let number = 1; number <= 30; number += 1) {
      const answer = await send(gateway.ingress, { method: 'POST', body: '{}' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers['x-mesh-undelivered'], undefined);
    }
    assert.equal(received(), 30);
    assert.ok((await gateway.statistic('cluster.entities.upstream_rq_retry_success')) > 0);
  });

  await t.test('and when nobody got it, the answer is 503 without the mark', async () => {
    await second.stop();
    const answer = await send(gateway.ingress, { method: 'POST', body: '{}' });
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['x-mesh-undelivered'], undefined);
  });

  await t.test('a dead sidecar is no obstacle either', async () => {
    await second.start();
    sidecars[0]?.kill();
    // GET first: a POST may be in the dying connection already, and is not repeated then.
    for (let number = 1; number <= 30; number += 1) assert.equal((await send(gateway.ingress)).status, 200);
    for (let number = 1; number <= 30; number += 1) {
      assert.equal((await send(gateway.ingress, { method: 'POST', body: '{}' })).status, 200);
    }
  });
});
