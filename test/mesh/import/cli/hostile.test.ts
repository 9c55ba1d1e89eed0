import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { specificationResources } from '../../../../src/mesh/import/cli/specifications.ts';
import { readSource } from '../../../../src/mesh/import/source.ts';
import { specificationSchemas } from '../../../../src/model/mesh/specification.ts';
import { documentsOf } from '../placeholders/documents.ts';
import { mutated } from '../placeholders/mutation.ts';

const listeners = [{ portMapping: { port: 80, protocol: 'http' } }];
const match = { prefix: '/' };
const weightedTargets = [{ virtualNode: 'front', weight: 1 }];
const target = { virtualService: { virtualServiceName: '$SERVICE' } };
const requests = {
  'mesh.json': { spec: { egressFilter: { type: 'ALLOW_ALL' } } },
  'front-vn.json': { spec: { listeners, serviceDiscovery: { dns: { hostname: 'x' } } } },
  'front-vn-tls.json': {
    virtualNode: { meshName: 'a', virtualNodeName: 'b', spec: { listeners }, metadata: {} },
  },
  'front-vs.json': { spec: { provider: { virtualRouter: { virtualRouterName: 'front-vr' } } } },
  'front-route-1.json': { spec: { httpRoute: { match, action: { weightedTargets } } } },
  'front-route-2.json': { spec: { httpRoute: { match, action: { weightedTargets } } } },
  'front-route-updated-x.json': {
    routeName: 'x',
    spec: { httpRoute: { match, action: { weightedTargets } } },
  },
  'entrance-vg.json': { spec: { listeners } },
  'entrance-route.json': { virtualGatewayName: 'g', spec: { httpRoute: { match, action: { target } } } },
  'bare.json': { listeners, logging: {} },
};

test('whatever stands in place of a part of the requests, nothing is thrown, and every finding has its place', {
  timeout: 40_000,
}, () => {
  fc.assert(
    fc.property(mutated(requests), (files) => {
      const documents = Object.entries(files).flatMap(([file, content]) => [
        ...readSource({ file, text: JSON.stringify(content, null, 1) ?? '' }).documents,
      ]);
      const found = specificationResources(documents);
      for (const { origin, message, code } of found.findings) {
        assert.ok(origin.line >= 1 && origin.file in requests && message !== '' && code !== '');
      }
      for (const { kind, name, spec, locate } of found.resources) {
        assert.equal(typeof name, 'string');
        const issues = specificationSchemas[kind].safeParse(spec).error?.issues ?? [];
        for (const { path } of issues) assert.ok(locate(path).line >= 1);
      }
    }),
    { numRuns: 400 },
  );
});

test('names that every object of JavaScript has are names like others', () => {
  const documents = documentsOf({
    'constructor.json': JSON.stringify({ spec: { httpRoute: { match, action: { weightedTargets } } } }),
    'a.json': JSON.stringify({ virtualNodeName: 'toString', spec: { constructor: {}, listeners } }),
    'b.json': JSON.stringify({ constructor: 1, spec: { valueOf: { virtualNodeName: 'x' } } }),
  });
  const found = specificationResources(
    documents,
    new Map([['constructor.json:virtualRouterName', 'valueOf']]),
  );
  assert.deepEqual(
    found.resources.map(({ kind, parent, name }) => `${kind} ${parent} ${name}`),
    ['route valueOf constructor', 'virtualNode undefined toString', 'mesh undefined b'],
  );
});

test('long names and many files are looked at in bounded time', { timeout: 40_000 }, () => {
  const name = `${'1'.repeat(200_000)}x${'.'.repeat(200_000)}\n`;
  const files = Object.fromEntries(
    Array.from({ length: 1_500 }, (_, index) => [
      `front-route-${index}.json`,
      '{"spec":{"httpRoute":{"match":{"prefix":"/"},"action":{"weightedTargets":[{"virtualNode":"a","weight":1}]}}}}',
    ]),
  );
  const documents = documentsOf({
    ...files,
    'long.json': JSON.stringify({ virtualRouterName: name, spec: { listeners } }),
    'vs.json': JSON.stringify({ spec: { provider: { virtualRouter: { virtualRouterName: name } } } }),
    'vn.json': JSON.stringify({ spec: { backends: [{ virtualService: { virtualServiceName: name } }] } }),
  });
  assert.equal(specificationResources(documents).resources.filter(({ kind }) => kind === 'route').length, 1);
});
