import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { eventually } from '../eventually.ts';
import {
  configurationOf,
  exchange,
  makeOriginFolder,
  passing,
  startEdge,
  startGateway,
} from './edge-fixture.ts';

describe('requests to the gateway', () => {
  test('keep path, query, method and body, and lose what only the platform may say', async (t) => {
    const gateway = await startGateway(t, (incoming, response) => {
      let body = '';
      incoming.on('data', (chunk) => {
        body += chunk;
      });
      incoming.on('end', () => {
        const { method, url, headers } = incoming;
        response.end(JSON.stringify({ method, url, headers, body }));
      });
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    const answer = await exchange(edge, '/api/v1/secure?b=2&a=%20', {
      method: 'POST',
      body: '{"name":"x"}',
      headers: {
        host: 'app.localhost',
        authorization: 'Bearer t',
        'content-type': 'application/json',
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-proto': 'https',
        forwarded: 'for=6.6.6.6',
        'X-Strata-Role': 'admin',
        'x-amz-cf-id': 'spoofed',
        connection: 'close, x-named',
        'x-named': 'hop',
        te: 'trailers',
        via: '1.0 before',
      },
    });
    const seen = JSON.parse(answer.body);
    assert.deepEqual(
      [seen.method, seen.url, seen.body],
      ['POST', '/api/v1/secure?b=2&a=%20', '{"name":"x"}'],
    );
    const { headers } = seen;
    assert.equal(headers.host, `127.0.0.1:${gateway.port}`);
    assert.equal(headers.authorization, 'Bearer t');
    assert.equal(headers['content-length'], '12');
    assert.equal(headers['x-forwarded-for'], '127.0.0.1');
    assert.equal(headers['x-forwarded-proto'], 'http');
    assert.equal(headers['x-forwarded-host'], 'app.localhost');
    assert.equal(headers.via, '1.0 before, 1.1 strata-edge');
    for (const name of ['forwarded', 'x-strata-role', 'x-amz-cf-id', 'x-named', 'te']) {
      assert.equal(headers[name], undefined, name);
    }
  });

  test('may be answered before the end of a body, which then is read away', async (t) => {
    const gateway = await startGateway(t, (incoming, response) => {
      response.writeHead(413, { 'content-length': 0 }).end();
      incoming.resume();
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    const length = 30_000_000;
    for (const connection of ['keep-alive', 'close']) {
      const socket = connect(edge.address);
      t.after(async () => socket.destroy());
      socket.write(
        `POST /api/v1/secure HTTP/1.1\r\nHost: a\r\nConnection: ${connection}\r\nContent-Length: ${length}\r\n\r\nfirst`,
      );
      const sent = Promise.withResolvers<void>();
      socket.once('error', sent.reject);
      socket.write(Buffer.alloc(length - 5), (error) => (error ? sent.reject(error) : sent.resolve()));
      await sent.promise;
      const [answer] = await once(socket, 'data');
      assert.match(String(answer), /^HTTP\/1\.1 413 /);
    }
  });

  test('go over kept connections', async (t) => {
    let connections = 0;
    const gateway = await startGateway(t, (_incoming, response) => response.end('ok'));
    gateway.server.on('connection', () => {
      connections += 1;
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    for (let index = 0; index < 5; index += 1) await exchange(edge, '/api/v1/data');
    assert.equal(connections, 1);
  });

  test('stream both ways, chunk by chunk', async (t) => {
    const gateway = await startGateway(t, (incoming, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      incoming.pipe(response);
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    const sent = request({ ...edge.address, path: '/api/echo', method: 'POST' });
    sent.write('first');
    const [response] = await once(sent, 'response');
    const chunks = response[Symbol.asyncIterator]();
    assert.equal(String((await chunks.next()).value), 'first');
    sent.end('second');
    assert.equal(String((await chunks.next()).value), 'second');
    assert.equal((await chunks.next()).done, true);
  });

  test('end when the viewer leaves, before and during the answer', async (t) => {
    let left = 0;
    let arrived = 0;
    const gateway = await startGateway(t, (incoming, response) => {
      arrived += 1;
      response.on('close', () => {
        left += 1;
      });
      if (incoming.url?.endsWith('/begun')) response.write('begun');
    });
    const edge = await startEdge(
      t,
      configurationOf(await makeOriginFolder(t), gateway, { clientTimeout: '60s' }),
    );
    const silent = request({ ...edge.address, path: '/api/silent' }).on('error', () => {});
    silent.end();
    await eventually(() => assert.equal(arrived, 1));
    silent.destroy();
    await eventually(() => assert.equal(left, 1));

    const begun = request({ ...edge.address, path: '/api/begun' }).on('error', () => {});
    begun.end();
    const [response] = await once(begun, 'response');
    response.on('error', () => {});
    begun.destroy();
    await eventually(() => assert.equal(left, 2));
  });

  test('never reach an origin that no behaviour names', async (t) => {
    const gateway = await startGateway(t, (_incoming, response) => response.end('ok'));
    const folder = await makeOriginFolder(t);
    const access = { behaviors: [{ path: '/api/v1/*', ...passing }] };
    const edge = await startEdge(t, configurationOf(folder, gateway, access));
    assert.equal((await exchange(edge, '/api/v1/data')).status, 200);
    assert.equal((await exchange(edge, '/api/v2/data')).status, 404);
    assert.equal((await exchange(edge, '/index.html')).status, 404);
  });
});

describe('answers of the gateway', () => {
  test('keep their status, fields and cookies, and say how they came', async (t) => {
    const gateway = await startGateway(t, (_incoming, response) => {
      response.writeHead(429, {
        'content-type': 'application/json',
        'x-gateway-cache': 'miss',
        'server-timing': 'gateway;dur=2',
        'set-cookie': ['a=1', 'b=2'],
        'x-frame-options': 'ALLOWALL',
        connection: 'keep-alive, x-hop',
        'x-hop': 'hop',
      });
      response.end('{"message":"Too Many Requests"}');
    });
    const folder = await makeOriginFolder(t);
    const edge = await startEdge(t, configurationOf(folder, gateway));
    const { status, headers, body } = await exchange(edge, '/api/v1/data');
    assert.deepEqual([status, body], [429, '{"message":"Too Many Requests"}']);
    assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2']);
    assert.equal(headers['x-gateway-cache'], 'miss');
    assert.match(String(headers['server-timing']), /^gateway;dur=2, edge;dur=[\d.]+$/);
    assert.equal(headers['x-cache'], 'pass');
    assert.equal(headers.via, '1.1 strata-edge');
    assert.equal(headers['x-frame-options'], 'DENY');
    assert.equal(headers['x-hop'], undefined);

    const quiet = await startEdge(t, configurationOf(folder, gateway, { explain: false }));
    const unexplained = await exchange(quiet, '/api/v1/data');
    assert.equal(unexplained.headers['x-cache'], undefined);
    assert.equal(unexplained.headers['server-timing'], 'gateway;dur=2');
  });

  test('are replaced by 502 when there is none, and 504 when it is late', async (t) => {
    const folder = await makeOriginFolder(t);
    const gateway = await startGateway(t, (incoming) => {
      if (incoming.url?.endsWith('/broken')) incoming.socket.destroy();
    });
    const edge = await startEdge(t, configurationOf(folder, gateway, { clientTimeout: '100ms' }));
    const late = await exchange(edge, '/api/late');
    assert.deepEqual(
      [late.status, JSON.parse(late.body)],
      [504, { message: 'The origin did not answer in time.' }],
    );
    assert.equal(late.headers['x-cache'], 'error');
    assert.equal(late.headers['cache-control'], 'no-store');
    assert.equal((await exchange(edge, '/api/broken')).status, 502);
    await gateway.stop();
    assert.equal((await exchange(edge, '/api/gone')).status, 502);
  });

  test('that break off are not passed on as whole', async (t) => {
    const gateway = await startGateway(t, (incoming, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('begun', () => incoming.socket.destroy());
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    await assert.rejects(exchange(edge, '/api/half'), { code: 'ECONNRESET' });
  });

  test('to a repeated read come from a connection the gateway had just closed', async (t) => {
    let arrived = 0;
    const gateway = await startGateway(t, (incoming, response) => {
      arrived += 1;
      if (arrived === 1) incoming.socket.destroy();
      else response.end('ok');
    });
    const edge = await startEdge(t, configurationOf(await makeOriginFolder(t), gateway));
    assert.equal((await exchange(edge, '/api/v1/data')).status, 200);
    arrived = 0;
    assert.equal((await exchange(edge, '/api/v1/secure', { method: 'POST', body: '{}' })).status, 502);
    assert.equal(arrived, 1);
  });
});
