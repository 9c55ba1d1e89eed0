import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from '../placeholders/documents.ts';
import { imported, specOf, summary } from './cluster-import.ts';

const object = (kind: string, name: string, spec: string, namespace = 'shop') => `
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}`;
const backends = (...names: string[]) => ({
  backends: names.map((virtualServiceName) => ({ virtualService: { virtualServiceName } })),
});

test('what has no awsName is called by its name and its namespace', () => {
  const found = imported(
    object('VirtualNode', 'a', '{}') +
      object('VirtualService', 'a', '{}') +
      object('VirtualRouter', 'a', '{ routes: [{ name: all }] }') +
      object('VirtualGateway', 'a', '{ namespaceSelector: {} }') +
      object('GatewayRoute', 'a', '{}') +
      object('VirtualNode', 'b', '{ awsName: own }'),
  );
  assert.deepEqual(summary(found), [
    'virtualNode ? a_shop',
    'virtualService ? a.shop',
    'virtualRouter ? a_shop',
    'route ? a_shop all',
    'virtualGateway ? a_shop',
    'gatewayRoute ? a_shop a_shop',
    'virtualNode ? own',
  ]);
});

test('references lead to the names of their targets, in their own namespace or another', () => {
  const found = imported(
    object(
      'VirtualNode',
      'front',
      `
  backends:
    - virtualService: { virtualServiceRef: { name: catalog } }
    - virtualService: { virtualServiceRef: { name: catalog, namespace: bank } }`,
    ) +
      object(
        'VirtualService',
        'catalog',
        '{ awsName: catalog.local, provider: { virtualRouter: { virtualRouterRef: { name: r } } } }',
      ) +
      object(
        'VirtualService',
        'catalog',
        '{ provider: { virtualNode: { virtualNodeRef: { name: front, namespace: shop } } } }',
        'bank',
      ) +
      object(
        'VirtualRouter',
        'r',
        '{ awsName: router, routes: [{ name: all, tcpRoute: { action: { weightedTargets: [{ virtualNodeRef: { name: front }, weight: 1 }] } } }] }',
      ),
  );
  assert.deepEqual(found.findings, []);
  assert.deepEqual(specOf(found, 'front_shop'), backends('catalog.local', 'catalog.bank'));
  assert.deepEqual(specOf(found, 'catalog.local'), {
    provider: { virtualRouter: { virtualRouterName: 'router' } },
  });
  assert.deepEqual(specOf(found, 'catalog.bank'), {
    provider: { virtualNode: { virtualNodeName: 'front_shop' } },
  });
  assert.deepEqual(specOf(found, 'all'), {
    tcpRoute: { action: { weightedTargets: [{ virtualNode: 'front_shop', weight: 1 }] } },
  });
});

test('a reference to what is not among the documents is taken to lead to the default name, and told of', () => {
  const found = imported(
    object('VirtualNode', 'a', '{ backends: [{ virtualService: { virtualServiceRef: { name: b } } }] }'),
  );
  assert.deepEqual(specOf(found, 'a_shop'), backends('b.shop'));
  assert.deepEqual(told(found, 'note'), [
    'kubernetes-reference-unknown manifest.yaml:6 VirtualService shop/b is not among the documents; it is taken to be b.shop, the name it has by default',
  ]);
});

test('what is no reference, and no ARN of the kind that is meant, is refused with its place', () => {
  const found = imported(
    object(
      'VirtualNode',
      'a',
      `
  backends:
    - virtualService:
        virtualServiceRef: { namespace: shop }
    - virtualService:
        virtualServiceARN: arn:aws:appmesh:eu-west-1:1:mesh/all/virtualNode/b
    - virtualService:
        virtualServiceARN: b`,
    ),
  );
  assert.deepEqual(told(found, 'error'), [
    'kubernetes-reference-invalid manifest.yaml:9 this refers to no VirtualService',
    'kubernetes-arn-invalid manifest.yaml:11 arn:aws:appmesh:eu-west-1:1:mesh/all/virtualNode/b is no ARN of a VirtualService',
    'kubernetes-arn-invalid manifest.yaml:13 b is no ARN of a VirtualService',
  ]);
  assert.deepEqual(specOf(found, 'a_shop'), {
    backends: [
      { virtualService: {} },
      ...backends('arn:aws:appmesh:eu-west-1:1:mesh/all/virtualNode/b', 'b').backends,
    ],
  });
});

test('an ARN goes before a reference beside it', () => {
  const found = imported(
    object(
      'VirtualService',
      'a',
      '{ provider: { virtualNode: { virtualNodeARN: "arn:aws:appmesh:eu-west-1:1:mesh/all@2/virtualNode/n", virtualNodeRef: { name: m } } } }',
    ) + object('VirtualNode', 'm', '{}'),
  );
  assert.deepEqual(specOf(found, 'a.shop'), { provider: { virtualNode: { virtualNodeName: 'n' } } });
});

test('backend groups add their services to a node, each once; a star adds all of a namespace', () => {
  const found = imported(
    object(
      'VirtualNode',
      'front',
      `
  backends: [{ virtualService: { virtualServiceRef: { name: red }, clientPolicy: {} } }]
  backendGroups: [{ name: colors }, { name: '*', namespace: bank }]`,
    ) +
      object(
        'BackendGroup',
        'colors',
        '{ virtualservices: [{ name: red }, { name: blue }, { name: money, namespace: bank }] }',
      ) +
      object('VirtualService', 'red', '{}') +
      object('VirtualService', 'blue', '{}') +
      object('VirtualService', 'money', '{}', 'bank') +
      object('VirtualService', 'loan', '{}', 'bank'),
  );
  assert.deepEqual(found.findings, []);
  assert.deepEqual(specOf(found, 'front_shop'), {
    backends: [
      { virtualService: { virtualServiceName: 'red.shop', clientPolicy: {} } },
      ...backends('blue.shop', 'money.bank', 'loan.bank').backends,
    ],
  });
  const [front] = found.resources;
  assert.equal(front?.locate(['backends', 0, 'virtualService']).path, 'spec.backends[0].virtualService');
  assert.equal(front?.locate(['backends', 1, 'virtualService']).path, 'spec.backendGroups[0]');
  assert.equal(front?.locate(['backends', 3]).path, 'spec.backendGroups[1]');
});

test('a backend group that is not among the documents is told of', () => {
  const found = imported(object('VirtualNode', 'front', '{ backendGroups: [{ name: colors }] }'));
  assert.deepEqual(told(found, 'error'), [
    'kubernetes-backend-group-unknown manifest.yaml:6 BackendGroup shop/colors is not among the documents',
  ]);
});

test('a place in what App Mesh calls it is found in what Kubernetes calls it', () => {
  const found = imported(`
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: a }
spec:
  listeners:
    - portMapping:
        port: 80
      tls:
        certificate:
          acm:
            certificateARN: arn
  backends:
    - virtualService:
        virtualServiceRef:
          name: b
`);
  const [node] = found.resources;
  assert.deepEqual(node?.locate(['listeners', 0, 'tls', 'certificate', 'acm', 'certificateArn']), {
    file: 'manifest.yaml',
    line: 12,
    path: 'spec.listeners[0].tls.certificate.acm.certificateARN',
  });
  assert.equal(
    node?.locate(['listeners', 0, 'portMapping', 'protocol']).path,
    'spec.listeners[0].portMapping',
  );
  assert.equal(
    node?.locate(['backends', 0, 'virtualService', 'virtualServiceName']).path,
    'spec.backends[0].virtualService.virtualServiceRef',
  );
});
