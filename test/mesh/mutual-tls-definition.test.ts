import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import { withMutualTls } from '../../src/mesh/mutual-tls.ts';
import { resolveProxy } from '../../src/mesh/resolution.ts';
import { specificationMistakes } from '../../src/model/mesh/specification.ts';
import { onPort } from './proxies.ts';

const listening = (name: string, ...backends: string[]): MeshDefinition['virtualNodes'][string] => ({
  serviceDiscovery: { dns: { hostname: `${name}.local` } },
  listeners: [{ portMapping: { port: 8080, protocol: 'http' } }],
  backends: backends.map((virtualServiceName) => ({ virtualService: { virtualServiceName } })),
});
const to = (virtualServiceName: string) => ({
  httpRoute: { match: { prefix: '/' }, action: { target: { virtualService: { virtualServiceName } } } },
});
const weighted = (...nodes: string[]) => ({
  spec: { listeners: [{ portMapping: { port: 8080, protocol: 'http' as const } }] },
  routes: {
    all: {
      httpRoute: {
        match: { prefix: '/' },
        action: { weightedTargets: nodes.map((virtualNode) => ({ virtualNode, weight: 1 })) },
      },
    },
  },
});
const meshTo = (...nodes: string[]): MeshDefinition => ({
  name: 'mesh',
  spec: {},
  virtualNodes: {
    caller: listening('caller', 'backend.local'),
    first: listening('first'),
    second: listening('second'),
  },
  virtualServices: {
    'backend.local': { provider: { virtualRouter: { virtualRouterName: 'router' } } },
    'first.local': { provider: { virtualNode: { virtualNodeName: 'first' } } },
  },
  virtualRouters: { router: weighted(...nodes) },
  virtualGateways: {
    front: {
      spec: { listeners: [{ portMapping: { port: 80, protocol: 'http' } }] },
      gatewayRoutes: { backend: to('backend.local'), first: to('first.local') },
    },
  },
});

/** Whom a proxy lets in on its first listener, and whom it accepts behind each cluster. */
function names(mesh: MeshDefinition, kind: 'node' | 'gateway', name: string) {
  const { model } = resolveProxy(
    mesh,
    { kind, name },
    {
      directory: '/envoy',
      admin: { host: '127.0.0.1', port: 1 },
      listeners: {},
      egress: { address: { host: '127.0.0.1', port: 2 }, open: false },
      endpoints: onPort({ first: [], second: [] }),
    },
  );
  return {
    in: model.inbound[0]?.tls?.validation?.names,
    out: Object.fromEntries(model.upstreams.map(({ cluster, tls }) => [cluster, tls?.validation?.names])),
    certificates: [...new Set(model.upstreams.map(({ tls }) => tls?.certificate))],
  };
}

test('mutual TLS is said in the terms of App Mesh', () => {
  const mesh = withMutualTls(meshTo('first', 'second'), 'mesh');
  // App Mesh has no list that lets nobody in.
  const { caller: _, ...called } = mesh.virtualNodes;
  assert.deepEqual([...specificationMistakes({ ...mesh, virtualNodes: called })], []);
  const tls = mesh.virtualNodes.first?.listeners?.[0]?.tls;
  assert.equal(tls?.mode, 'STRICT');
  assert.deepEqual(tls?.certificate, { sds: { secretName: 'spiffe://mesh/first' } });
  assert.deepEqual(tls?.validation?.trust, { sds: { secretName: 'spiffe://mesh' } });
});

test('a node lets in exactly those who may call it, and one that nobody calls lets nobody in', () => {
  const mesh = withMutualTls(meshTo('second'), 'mesh');
  assert.deepEqual(names(mesh, 'node', 'second').in, ['spiffe://mesh/caller', 'spiffe://mesh/front']);
  assert.deepEqual(names(mesh, 'node', 'first').in, ['spiffe://mesh/front']);
  assert.deepEqual(names(mesh, 'node', 'caller').in, []);
});

test('a caller proves itself, and takes nobody for the node it means but that node', () => {
  const mesh = withMutualTls(meshTo('first', 'second'), 'mesh');
  const accepted = { first: ['spiffe://mesh/first'], second: ['spiffe://mesh/second'] };
  const caller = names(mesh, 'node', 'caller');
  assert.deepEqual(caller.out, accepted);
  assert.deepEqual(caller.certificates, ['spiffe://mesh/caller']);
  const front = names(mesh, 'gateway', 'front');
  assert.deepEqual(front.out, accepted);
  assert.deepEqual(front.certificates, ['spiffe://mesh/front']);
});

test('while proxies go from one mesh to another, callers of both are let in', () => {
  const mesh = withMutualTls(meshTo('second'), 'mesh', meshTo('first'));
  const both = ['spiffe://mesh/caller', 'spiffe://mesh/front'];
  assert.deepEqual(names(mesh, 'node', 'first').in, both);
  assert.deepEqual(names(mesh, 'node', 'second').in, both);
  assert.deepEqual(Object.keys(names(mesh, 'node', 'caller').out), ['second']);
});
