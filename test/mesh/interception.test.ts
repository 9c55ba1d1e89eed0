import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import { freePort, type Lifetime } from '../engines.ts';
import { startHttpApplication } from './live/applications/http.ts';
import { startTcpApplication } from './live/applications/tcp.ts';
import { ask } from './live/clients/http.ts';
import { openLine } from './live/clients/tcp.ts';
import { startProxy } from './live/proxies.ts';

const host = '127.0.0.1';
const app = { kind: 'node', name: 'app' } as const;

// Nothing redirects connections here; one that is made to the listener's own port is as good as redirected from it.
test('connections that are redirected to the proxy', async (t) => {
  await t.test('enter by the port they were made to', async (t) => {
    const port = await freePort();
    const { address } = await startHttpApplication(t, 'app');
    const mesh = meshWith({ app: { listeners: [{ portMapping: { port, protocol: 'http' } }] } });
    await startRedirected(t, mesh, { ingress: port, applications: { [port]: address } });
    assert.equal((await ask({ host, port })).body, 'app');
  });

  await t.test('leave over HTTP by their port and Host', async (t) => {
    const port = await freePort();
    const { address } = await startHttpApplication(t, 'web');
    const mesh = meshWith({ web: { listeners: [{ portMapping: { port, protocol: 'http' } }] } });
    const endpoints = { web: [{ [port]: address }] };
    await startRedirected(t, mesh, { egress: port, endpoints });
    assert.equal((await ask({ host, port }, { host: 'web.local' })).body, 'web');
    assert.equal((await ask({ host, port }, { host: `web.local:${port}` })).body, 'web');
    const refused = await ask({ host, port }, { host: 'other.local' });
    assert.deepEqual([refused.status, /web\.local/.test(refused.body)], [502, true]);
  });

  await t.test('leave over TCP by their port, and are closed where nothing is meant', async (t) => {
    const port = await freePort();
    const { address } = await startTcpApplication(t, 'database');
    const mesh = meshWith({ database: { listeners: [{ portMapping: { port, protocol: 'tcp' } }] } });
    const endpoints = { database: [{ [port]: address }] };
    await startRedirected(t, mesh, { egress: port, endpoints });
    const line = openLine(t, { host, port });
    assert.match(await line.say('hello'), /database/);

    const other = await freePort();
    await startRedirected(t, mesh, { egress: other, endpoints });
    await assert.rejects(openLine(t, { host, port: other }).say('hello'));
  });
});

/** A node that calls all others, found where the environment says. */
function meshWith(nodes: MeshDefinition['virtualNodes']): MeshDefinition {
  const others = Object.keys(nodes).filter((name) => name !== app.name);
  return {
    name: 'mesh',
    spec: {},
    virtualNodes: {
      ...nodes,
      app: {
        ...nodes.app,
        backends: others.map((name) => ({ virtualService: { virtualServiceName: `${name}.local` } })),
      },
    },
    virtualServices: Object.fromEntries(
      others.map((name) => [`${name}.local`, { provider: { virtualNode: { virtualNodeName: name } } }]),
    ),
    virtualRouters: {},
    virtualGateways: {},
  };
}

/** Starts the app's proxy with its two listeners, each at a free port unless one is said. */
async function startRedirected(
  lifetime: Lifetime,
  mesh: MeshDefinition,
  { ingress, egress, ...around }: { ingress?: number; egress?: number } & Parameters<typeof startProxy>[3],
): Promise<void> {
  const interception = {
    ingress: { host, port: ingress ?? (await freePort()) },
    egress: { host, port: egress ?? (await freePort()) },
  };
  await startProxy(lifetime, mesh, app, { ...around, interception });
}
