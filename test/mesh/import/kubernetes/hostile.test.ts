import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { kubernetesResources } from '../../../../src/mesh/import/kubernetes/kubernetes.ts';
import { readSource } from '../../../../src/mesh/import/source.ts';
import { specificationSchemas } from '../../../../src/model/mesh/specification.ts';
import { mutated } from '../placeholders/mutation.ts';
import { imported, summary } from './cluster-import.ts';

const metadata = { name: 'a', namespace: 'shop', labels: { app: 'a' } };
const listeners = [{ portMapping: { port: 80, protocol: 'http' }, tls: { mode: 'STRICT', certificate: {} } }];
const target = { virtualNodeRef: { name: 'a' }, weight: 1 };
const action = { target: { virtualService: { virtualServiceRef: { name: 'a' } } } };
const apiVersion = 'appmesh.k8s.aws/v1beta2';
const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { mesh: 'a' } } },
  { apiVersion, kind: 'Mesh', metadata, spec: { namespaceSelector: { matchLabels: { mesh: 'a' } } } },
  {
    apiVersion,
    kind: 'VirtualNode',
    metadata,
    spec: {
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] },
      listeners,
      serviceDiscovery: { dns: { hostname: '$HOST' } },
      backends: [{ virtualService: { virtualServiceARN: 'arn' } }],
      backendGroups: [{ name: '*' }, { name: 'a' }],
    },
  },
  { apiVersion, kind: 'BackendGroup', metadata, spec: { virtualservices: [{ name: 'a' }] } },
  {
    apiVersion,
    kind: 'VirtualService',
    metadata,
    spec: { provider: { virtualRouter: { virtualRouterRef: { name: 'a' } } } },
  },
  {
    apiVersion,
    kind: 'VirtualRouter',
    metadata,
    spec: {
      listeners,
      routes: [{ name: 'a', httpRoute: { match: {}, action: { weightedTargets: [target] } } }],
    },
  },
  { apiVersion, kind: 'VirtualGateway', metadata, spec: { listeners, namespaceSelector: {} } },
  { apiVersion, kind: 'GatewayRoute', metadata, spec: { httpRoute: { match: {}, action } } },
  {
    apiVersion: 'appmesh.k8s.aws/v1beta1',
    kind: 'VirtualService',
    metadata: { ...metadata, name: 'b' },
    spec: { meshName: 'a', routes: [{ name: 'a', http: { action: { weightedTargets: [{}] } } }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: { template: { metadata, spec: { containers: [{ ports: [{ containerPort: 80 }] }] } } },
  },
  { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { app: 'a' } } },
];

test('whatever stands in place of a part of the objects, nothing is thrown, and every finding has its place', {
  timeout: 40_000,
}, () => {
  fc.assert(
    fc.property(mutated(objects), (items) => {
      const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 1);
      const found = kubernetesResources(readSource({ file: 'a.json', text }).documents);
      for (const { origin, message, code } of found.findings) {
        assert.ok(origin.line >= 1 && origin.file === 'a.json' && message !== '' && code !== '');
      }
      for (const { kind, spec, locate } of found.resources) {
        const issues = specificationSchemas[kind].safeParse(spec).error?.issues ?? [];
        for (const { path } of issues) assert.ok(locate(path).line >= 1);
      }
    }),
    { numRuns: 400 },
  );
});

test('names that every object of JavaScript has are names like others', () => {
  const found = imported(
    ['constructor', 'toString', 'hasOwnProperty']
      .map(
        (name) => `---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: ${name}, namespace: valueOf, labels: { constructor: x } }
spec: { backends: [{ virtualService: { virtualServiceRef: { name: constructor } } }], constructor: 1 }
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: ${name}
metadata: { name: a }
`,
      )
      .join(''),
  );
  assert.deepEqual(summary(found), [
    'virtualNode ? constructor_valueOf',
    'virtualNode ? toString_valueOf',
    'virtualNode ? hasOwnProperty_valueOf',
  ]);
  assert.equal(found.findings.filter(({ code }) => code === 'kubernetes-kind-unknown').length, 3);
  assert.equal(found.findings.filter(({ code }) => code === 'kubernetes-field-unknown').length, 3);
});

test('texts made to keep expressions busy do not', { timeout: 20_000 }, () => {
  const length = 200_000;
  for (const text of [
    '{{'.padEnd(length),
    '<'.padEnd(length, 'a'),
    '${'.padEnd(length, 'a'),
    '$'.repeat(length),
  ]) {
    const found = imported(
      JSON.stringify({
        apiVersion,
        kind: 'VirtualNode',
        metadata: { name: text, namespace: text },
        spec: { a: text },
      }),
    );
    assert.equal(found.resources.length, 1);
  }
});

test('more objects than a cluster holds are refused at once', { timeout: 40_000 }, () => {
  const items = Array.from({ length: 7_000 }, () => ({ apiVersion, kind: 'VirtualNode' }));
  const file = { apiVersion: 'v1', kind: 'List', items };
  const found = imported({
    'a.json': JSON.stringify(file),
    'b.json': JSON.stringify(file),
    'c.json': JSON.stringify(file),
  });
  assert.deepEqual(
    found.findings.map(({ code, origin }) => `${code} ${origin.file} ${origin.path}`),
    ['kubernetes-too-many-objects c.json items[6000]'],
  );
});
