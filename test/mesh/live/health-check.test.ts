import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../eventually.ts';
import { startGrpcApplication } from './applications/grpc.ts';
import { startHttpApplication } from './applications/http.ts';
import { startTcpApplication } from './applications/tcp.ts';
import { grpcClient } from './clients/grpc.ts';
import { openLine } from './clients/tcp.ts';
import { called, type Listener, meshOf, to } from './definition.ts';
import { startCaller } from './proxies.ts';

type Protocol = 'http' | 'http2' | 'grpc' | 'tcp';

/** Shorter than App Mesh allows, which is the schema's business, so that the test is short. */
const healthCheck = (protocol: Protocol): NonNullable<Listener['healthCheck']> => ({
  protocol,
  path: '/health',
  intervalMillis: 50,
  timeoutMillis: 500,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
});

const checked = (protocol: Protocol) => called(protocol, { healthCheck: healthCheck(protocol) });

test('a host that its health check finds ill', async (t) => {
  const mesh = meshOf({
    nodes: {
      http: checked('http'),
      http2: checked('http2'),
      grpc: checked('grpc'),
      unchecked: called('http'),
    },
    services: {
      'http.local': 'http',
      'http2.local': 'http2',
      'grpc.local': 'grpc',
      'unchecked.local': 'unchecked',
    },
  });
  const [well, ill] = [await startHttpApplication(t, 'well'), await startHttpApplication(t, 'ill')];
  const [wellCalls, illCalls] = [await startGrpcApplication(t, 'well'), await startGrpcApplication(t, 'ill')];
  const hosts = [well.address, ill.address];
  const proxy = await startCaller(t, mesh, {
    endpoints: {
      http: hosts,
      http2: hosts,
      unchecked: hosts,
      grpc: [wellCalls.address, illCalls.address],
    },
  });
  const call = grpcClient(t, proxy.egress);
  const answering = {
    http: async () => (await proxy.call('http.local')).body,
    http2: async () => (await proxy.call('http2.local')).body,
    unchecked: async () => (await proxy.call('unchecked.local')).body,
    grpc: async () => {
      const { messages } = await call({ authority: 'grpc.local' });
      return String(messages[0]?.text).split(':')[0];
    },
  };
  const hostsOf = async (service: keyof typeof answering) => {
    const seen = new Set<string | undefined>();
    for (let count = 0; count < 30; count += 1) seen.add(await answering[service]());
    return [...seen].sort();
  };

  for (const protocol of ['http', 'http2', 'grpc'] as const) {
    await t.test(`by ${protocol} gets nothing more until it is well again`, async () => {
      await eventually(async () => assert.deepEqual(await hostsOf(protocol), ['ill', 'well']));
      ill.health(503);
      illCalls.health(false);
      await eventually(async () => assert.deepEqual(await hostsOf(protocol), ['well']));
      assert.deepEqual(await hostsOf('unchecked'), ['ill', 'well'], 'where nobody checks it gets its share');
      ill.health(200);
      illCalls.health(true);
      await eventually(async () => assert.deepEqual(await hostsOf(protocol), ['ill', 'well']));
    });
  }
});

test('a host whose port does not take connections', async (t) => {
  const routed = (node: string) => ({ all: { tcpRoute: { action: to({ [node]: 1 }) } } });
  const mesh = meshOf({
    nodes: { checked: checked('tcp'), unchecked: called('tcp') },
    services: { 'checked.local': routed('checked'), 'unchecked.local': routed('unchecked') },
  });
  const [first, second] = [await startTcpApplication(t, 'first'), await startTcpApplication(t, 'second')];
  const hosts = [first.address, second.address];
  const proxy = await startCaller(t, mesh, { endpoints: { checked: hosts, unchecked: hosts } });
  const hostsOf = async (service: string) => {
    const seen = new Set<string | undefined>();
    for (let count = 0; count < 20; count += 1) {
      const line = openLine(t, proxy.tcp(service));
      seen.add(
        await line.say('hello').then(
          (said) => said.split(':')[0],
          () => 'none',
        ),
      );
      line.close();
    }
    return [...seen].sort();
  };
  await eventually(async () => assert.deepEqual(await hostsOf('checked.local'), ['first', 'second']));
  await second.stop();
  await eventually(async () => assert.deepEqual(await hostsOf('checked.local'), ['first']));
  assert.deepEqual(
    await hostsOf('unchecked.local'),
    ['first', 'none'],
    'where nobody checks, connections fail',
  );
  await second.start();
  await eventually(async () => assert.deepEqual(await hostsOf('checked.local'), ['first', 'second']));
});
