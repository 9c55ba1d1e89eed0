import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startGrpcApplication } from './applications/grpc.ts';
import { startHttpApplication } from './applications/http.ts';
import { startTcpApplication } from './applications/tcp.ts';
import { grpcClient } from './clients/grpc.ts';
import { openLine } from './clients/tcp.ts';
import { listener, listening, meshOf } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

test('a node with several listeners', async (t) => {
  const at = (port: number) => ({ weightedTargets: [{ virtualNode: 'many', weight: 1, port }] });
  const many = listening(
    'many.local',
    listener(8080, 'http'),
    listener(8081, 'http2'),
    listener(8082, 'grpc'),
    listener(8083, 'tcp'),
  );
  const mesh = meshOf({
    nodes: { many },
    services: {
      'http.local': { all: { httpRoute: { match: { prefix: '/' }, action: at(8080) } } },
      'http2.local': { all: { http2Route: { match: { prefix: '/' }, action: at(8081) } } },
      'grpc.local': { all: { grpcRoute: { match: {}, action: at(8082) } } },
      'tcp.local': { all: { tcpRoute: { action: at(8083) } } },
    },
  });
  const [http, http2] = [await startHttpApplication(t, 'http'), await startHttpApplication(t, 'http2')];
  const [echo, tcp] = [await startGrpcApplication(t, 'echo'), await startTcpApplication(t, 'tcp')];
  const applications = { 8080: http.address, 8081: http2.address, 8082: echo.address, 8083: tcp.address };
  const callee = await startProxy(t, mesh, { kind: 'node', name: 'many' }, { applications });
  const proxy = await startCaller(t, mesh, { endpoints: { many: [callee.listeners] } });

  await t.test('is reached on the port a target names, by the protocol of that port', async () => {
    assert.equal((await proxy.call('http.local')).body, 'http');
    assert.equal((await proxy.call('http2.local')).body, 'http2');
    const { messages } = await grpcClient(t, proxy.egress)({ authority: 'grpc.local' });
    assert.deepEqual(messages, [{ text: 'echo: hello' }]);
    assert.equal(await openLine(t, proxy.tcp('tcp.local')).say('hello'), 'tcp: hello');
  });
});
