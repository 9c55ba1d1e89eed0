import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import type { Address } from '../../src/mesh/environment.ts';
import { freePort, type Lifetime } from '../engines.ts';
import { called, meshOf as sketched } from './live/definition.ts';
import { startCaller, startProxy as startPlainProxy } from './live/proxies.ts';
import { startPair } from './pair.ts';
import { meshOf } from './proxies.ts';
import { backend, section } from './sections.ts';

test('a connection becomes a websocket', async (t) => {
  await t.test('over HTTP/1.1, as in App Mesh', async (t) => {
    const application = await startShoutingApplication(t);
    const mesh = sketched({ nodes: { app: called('http') }, services: { [backend]: 'app' } });
    const app = { kind: 'node', name: 'app' } as const;
    const callee = await startPlainProxy(t, mesh, app, { applications: { 8080: application } });
    const caller = await startCaller(t, mesh, { endpoints: { app: [callee.listeners] } });
    assert.equal(await shout(caller.egress, 'hello'), 'HELLO');
  });

  await t.test('over the HTTP/2 between two proxies of the platform', async (t) => {
    const mesh = meshOf(section());
    const application = await startShoutingApplication(t);
    const { caller } = await startPair(t, mesh, application);
    assert.equal(await shout(caller.egress, 'hello'), 'HELLO');
  });
});

/** An app that takes the upgrade and answers whatever is said in capitals. */
async function startShoutingApplication(lifetime: Lifetime): Promise<Address> {
  const address = { host: '127.0.0.1', port: await freePort() };
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.end('{}'));
  server.on('upgrade', (incoming: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    const upgrade = incoming.headers.upgrade ?? '';
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: ${upgrade}\r\n\r\n`);
    socket.on('data', (data) => socket.write(data.toString().toUpperCase()));
    socket.on('error', () => socket.destroy());
  });
  server.listen(address.port, address.host);
  await once(server, 'listening');
  lifetime.after(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    server.closeAllConnections();
  });
  return address;
}

/** Asks for the upgrade, says something, and gives what is said back. */
async function shout(to: Address, text: string): Promise<string> {
  const headers = { host: backend, connection: 'upgrade', upgrade: 'websocket' };
  const outgoing = request({ ...to, headers, agent: false }).end();
  const [answer, socket] = (await Promise.race([
    once(outgoing, 'upgrade'),
    once(outgoing, 'response').then(([response]: IncomingMessage[]) => {
      throw new Error(`answered ${response?.statusCode}`);
    }),
  ])) as [IncomingMessage, Socket];
  assert.equal(answer.statusCode, 101);
  socket.write(text);
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString();
}
