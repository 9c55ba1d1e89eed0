import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileProxy } from '../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../src/mesh/definition.ts';
import type { ProxyEnvironment, ProxyReference } from '../../src/mesh/environment.ts';
import { bundled } from '../../src/mesh/envoy/bundle.ts';
import { fileName } from '../../src/mesh/envoy/file-name.ts';
import { succession } from '../../src/mesh/envoy/succession.ts';
import { resolveProxy } from '../../src/mesh/resolution.ts';

const host = '127.0.0.1';
const environment: ProxyEnvironment = {
  directory: '/envoy',
  admin: { host, port: 9901 },
  listeners: { 8080: { host, port: 15000 } },
  applications: { 8080: { host, port: 8080 } },
  egress: { address: { host, port: 15001 }, open: false },
};
const provided = (virtualNodeName: string) => ({ provider: { virtualNode: { virtualNodeName } } });
const listening = (name: string, ...backends: string[]): MeshDefinition['virtualNodes'][string] => ({
  serviceDiscovery: { dns: { hostname: `${name}.local` } },
  listeners: [{ portMapping: { port: 8080, protocol: 'http' } }],
  backends: backends.map((virtualServiceName) => ({ virtualService: { virtualServiceName } })),
});
const mesh: MeshDefinition = {
  name: 'mesh',
  spec: {},
  virtualNodes: {
    first: listening('first', 'second.local'),
    second: listening('second', 'third.local'),
    third: listening('third'),
  },
  virtualServices: {
    'first.local': provided('first'),
    'second.local': provided('second'),
    'third.local': provided('third'),
    'nobody.local': {},
  },
  virtualRouters: {},
  virtualGateways: {},
};
const node = (name: string): ProxyReference => ({ kind: 'node', name });

test("a proxy's files name nothing but what it may reach", () => {
  const named = (name: string) => {
    const text = JSON.stringify(compileProxy(mesh, node(name), environment).files);
    return Object.keys(mesh.virtualNodes).filter((other) => text.includes(other));
  };
  assert.deepEqual(named('first'), ['first', 'second']);
  assert.deepEqual(named('second'), ['second', 'third']);
  assert.deepEqual(named('third'), ['third']);
});

test('a proxy whose app calls nobody has no cluster but its app', () => {
  const { egress: _, ...closed } = environment;
  const { model } = resolveProxy(mesh, node('first'), closed);
  assert.deepEqual([model.egress, model.upstreams], [[], []]);
});

test('what an environment lacks is told at once, each with its place', () => {
  const tls = {
    mode: 'STRICT',
    certificate: { acm: { certificateArn: 'arn:aws:acm:us-west-2:123456789012:certificate/1' } },
    validation: { trust: { sds: { secretName: 'authority' } } },
  } as const;
  const strict = {
    ...mesh,
    virtualNodes: {
      ...mesh.virtualNodes,
      third: { listeners: [{ portMapping: { port: 9000, protocol: 'http' as const }, tls }] },
    },
  };
  const { mistakes } = resolveProxy(strict, node('third'), environment);
  assert.deepEqual(
    mistakes.map(({ path }) => path),
    [
      'environment.listeners[9000]',
      'environment.certificates["arn:aws:acm:us-west-2:123456789012:certificate/1"]',
      'environment.secrets.authority',
      'environment.applications[9000]',
    ],
  );
  assert.throws(() => compileProxy(strict, node('third'), environment), /third cannot run here/);
});

test('a proxy that the mesh does not have, or a reference that leads nowhere, is no proxy', () => {
  assert.throws(() => compileProxy(mesh, node('fourth'), environment), /no virtual node fourth/);
  assert.throws(() => compileProxy(mesh, node('toString'), environment), /no virtual node toString/);
  const gateway = { kind: 'gateway', name: 'front' } as const;
  assert.throws(() => compileProxy(mesh, gateway, environment), /no virtual gateway front/);
  const inherited = { kind: 'gateway', name: 'constructor' } as const;
  assert.throws(() => compileProxy(mesh, inherited, environment), /no virtual gateway constructor/);
  const dangling = { ...mesh, virtualNodes: { first: listening('first', 'fourth.local') } };
  assert.throws(() => compileProxy(dangling, node('first'), environment), RangeError);
});

test('in one bootstrap, secrets and endpoints keep files of their own', () => {
  const file = { certificateChain: '/keys/chain.pem', privateKey: '/keys/key.pem' };
  const secured: MeshDefinition = {
    ...mesh,
    virtualNodes: {
      ...mesh.virtualNodes,
      first: {
        ...mesh.virtualNodes.first,
        listeners: [
          {
            portMapping: { port: 8080, protocol: 'http' },
            tls: { mode: 'STRICT', certificate: { file } },
          },
        ],
      },
    },
  };
  const { files } = compileProxy(secured, node('first'), { ...environment, endpoints: { second: [] } });
  const secret = fileName('secret', 'certificate:/keys/chain.pem');
  assert.deepEqual(Object.keys(bundled(files)).sort(), ['bootstrap.json', 'endpoints-second.json', secret]);
  assert.match(JSON.stringify(bundled(files)), new RegExp(`/envoy/${secret}`));
  assert.deepEqual(Object.keys(bundled(files, { whole: true })).sort(), [
    'bootstrap.json',
    'endpoints-second.json',
  ]);
});

test('a running proxy gets new clusters before their routes, and keeps old ones until it is written to again', () => {
  const { files: before } = compileProxy(mesh, node('first'), environment);
  const third = { ...mesh, virtualNodes: { ...mesh.virtualNodes, first: listening('first', 'third.local') } };
  const { files: after } = compileProxy(third, node('first'), environment);
  const clusters = (files: Readonly<Record<string, object>>) =>
    (files['clusters.json'] as { resources: { name: string }[] }).resources.map(({ name }) => name);
  const { first, awaited, rest } = succession(before, after);
  assert.deepEqual(clusters(first), ['third', 'application@8080', 'second']);
  assert.deepEqual(awaited, ['third']);
  assert.deepEqual(Object.keys(rest).sort(), [
    'listeners.json',
    'routes-egress.json',
    'routes-ingress-8080.json',
  ]);
  assert.deepEqual(Object.keys({ ...first, ...rest }).sort(), Object.keys(after).sort());
  const again = succession(after, after);
  assert.deepEqual([clusters(again.first), again.awaited], [['third', 'application@8080'], []]);
  assert.deepEqual(succession(undefined, after), { first: after, awaited: [], rest: {} });
});

test('two names never share a file, and no name leaves the folder', () => {
  const names = ['a', 'a/b', 'a-b', '../a', 'A', 'a b', `${'a'.repeat(300)}1`, `${'a'.repeat(300)}2`, ''];
  const files = names.map((name) => fileName('endpoints', name));
  assert.equal(new Set(files).size, names.length);
  for (const file of files) assert.match(file, /^endpoints-[\w.@-]{0,120}\.json$/);
});
