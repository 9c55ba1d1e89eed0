import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../eventually.ts';
import { startTcpApplication } from './applications/tcp.ts';
import { openLine } from './clients/tcp.ts';
import { called, listener, listening, meshOf, ms, type RouteSpec, to } from './definition.ts';
import { startCaller, startProxy } from './proxies.ts';

test('a TCP connection', async (t) => {
  const route = (
    weights: Record<string, number>,
    more: Partial<NonNullable<RouteSpec['tcpRoute']>> = {},
  ) => ({
    all: { tcpRoute: { action: to(weights), ...more } },
  });
  const mesh = meshOf({
    nodes: { first: called('tcp'), second: called('tcp') },
    services: {
      'one.local': route({ first: 1 }),
      'split.local': route({ first: 75, second: 25 }),
      'idle.local': route({ first: 1 }, { timeout: { idle: ms(200) } }),
      'ports.local': {
        one: { priority: 1, tcpRoute: { match: { port: 8080 }, action: to({ first: 1 }) } },
        two: { priority: 2, tcpRoute: { match: { port: 9090 }, action: to({ second: 1 }) } },
      },
    },
    ports: { 'ports.local': [8080, 9090] },
  });
  const [first, second] = [await startTcpApplication(t, 'first'), await startTcpApplication(t, 'second')];
  const callee = await startProxy(
    t,
    mesh,
    { kind: 'node', name: 'first' },
    { applications: { 8080: first.address } },
  );
  const proxy = await startCaller(t, mesh, {
    endpoints: { first: [callee.listeners], second: [second.address] },
  });

  await t.test('goes through two proxies, both ways, until it is closed', async () => {
    const line = openLine(t, proxy.tcp('one.local'));
    assert.equal(await line.say('hello'), 'first: hello');
    assert.equal(await line.say('again'), 'first: again');
    assert.equal(first.open, 1);
    await first.stop();
    await eventually(() => assert.ok(line.closed));
    await first.start();
  });

  await t.test('goes to one of the targets, by weight', async () => {
    const total = 400;
    let second = 0;
    for (let count = 0; count < total; count += 1) {
      const line = openLine(t, proxy.tcp('split.local'));
      if ((await line.say('x')) === 'second: x') second += 1;
      line.close();
    }
    // Five standard deviations of 400 draws.
    assert.ok(Math.abs((100 * second) / total - 25) < 11, `${second} of ${total}`);
  });

  await t.test('ends when nothing moves for its idle time', async () => {
    const idle = openLine(t, proxy.tcp('idle.local'));
    const lasting = openLine(t, proxy.tcp('one.local'));
    await Promise.all([idle.say('hello'), lasting.say('hello')]);
    await eventually(() => assert.ok(idle.closed));
    assert.equal(await lasting.say('still here'), 'first: still here');
  });

  await t.test('goes by the port of the service', async () => {
    assert.equal(await openLine(t, proxy.tcp('ports.local', 8080)).say('x'), 'first: x');
    assert.equal(await openLine(t, proxy.tcp('ports.local', 9090)).say('x'), 'second: x');
  });
});

test("a TCP listener's idle time ends a connection on which nothing moves", async (t) => {
  const app = await startTcpApplication(t, 'app');
  const node = listening(
    'app.local',
    listener(8080, 'tcp', { timeout: { tcp: { idle: ms(200) } } }),
    listener(8081, 'tcp'),
  );
  const proxy = await startProxy(
    t,
    meshOf({ nodes: { node }, services: {} }),
    { kind: 'node', name: 'node' },
    { applications: { 8080: app.address, 8081: app.address } },
  );
  const lines = [8080, 8081].map((port) => openLine(t, proxy.at(port)));
  await Promise.all(lines.map((line) => line.say('hello')));
  await eventually(() => assert.ok(lines[0]?.closed));
  assert.equal(await lines[1]?.say('still here'), 'app: still here');
});
