import assert from 'node:assert/strict';
import { test } from 'node:test';
import { selectorOf } from '../../../../src/mesh/import/kubernetes/label-selector.ts';
import { told } from '../placeholders/documents.ts';
import { imported, summary } from './cluster-import.ts';

const namespace = (name: string, labels: string) => `
---
apiVersion: v1
kind: Namespace
metadata: { name: ${name}, labels: ${labels} }`;
const object = (kind: string, name: string, spec = '{}', metadata = '') => `
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: ${kind}
metadata: { name: ${name}${metadata} }
spec: ${spec}`;
const mesh = (name: string, selector: string) => object('Mesh', name, `{ namespaceSelector: ${selector} }`);
const inNamespace = (name: string) => `, namespace: ${name}`;
const node = (name: string, space: string) =>
  object('VirtualNode', name, '{ serviceDiscovery: { dns: { hostname: x } } }', inNamespace(space));
const gateway = (name: string, space: string, selectors: string) =>
  object('VirtualGateway', name, `{ listeners: [], ${selectors} }`, inNamespace(space));
const route = (name: string, space: string, labels = '{}') =>
  object('GatewayRoute', name, '{}', `${inNamespace(space)}, labels: ${labels}`);

test('a selector takes what has all of its labels and fulfils all of its expressions', () => {
  const labels = { app: 'shop', stage: 'beta' };
  const cases: [unknown, boolean][] = [
    [undefined, false],
    ['app=shop', false],
    [{}, true],
    [{ matchLabels: { app: 'shop' } }, true],
    [{ matchLabels: { app: 'shop', stage: 'prod' } }, false],
    [{ matchExpressions: [{ key: 'stage', operator: 'In', values: ['beta', 'prod'] }] }, true],
    [{ matchExpressions: [{ key: 'team', operator: 'In', values: ['a'] }] }, false],
    [{ matchExpressions: [{ key: 'stage', operator: 'NotIn', values: ['beta'] }] }, false],
    [{ matchExpressions: [{ key: 'team', operator: 'NotIn', values: ['a'] }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, true],
    [{ matchExpressions: [{ key: 'team', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    [{ matchLabels: { app: 'shop' }, matchExpressions: [{ key: 'team', operator: 'Exists' }] }, false],
    [{ matchExpressions: [{ key: 'app', operator: 'constructor' }] }, false],
    [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, false],
  ];
  for (const [selector, expected] of cases) {
    assert.equal(selectorOf(selector).takes(labels), expected, JSON.stringify(selector));
  }
});

test('objects are in the mesh that selects their namespace by its labels', () => {
  const found = imported(
    mesh('red', '{ matchLabels: { mesh: red } }') +
      mesh('blue', '{ matchExpressions: [{ key: mesh, operator: In, values: [blue] }] }') +
      namespace('shop', '{ mesh: blue }') +
      namespace('bank', '{ mesh: red }') +
      node('front', 'shop') +
      node('front', 'bank'),
  );
  assert.deepEqual(summary(found), [
    'mesh red red',
    'mesh blue blue',
    'virtualNode blue front_shop',
    'virtualNode red front_bank',
  ]);
});

test('a mesh is known by its awsName', () => {
  const found = imported(
    object('Mesh', 'all', '{ awsName: global, namespaceSelector: {}, meshOwner: "123456789012" }') +
      node('front', 'shop'),
  );
  assert.deepEqual(summary(found), ['mesh global global', 'virtualNode global front_shop']);
  assert.equal(found.resources[0]?.meshOwner, '123456789012');
});

test('what is in a namespace that no mesh selects, or several, is left out', () => {
  const two =
    mesh('red', '{ matchLabels: { mesh: red } }') + mesh('blue', '{ matchLabels: { stage: beta } }');
  const none = imported(
    two + namespace('shop', '{ mesh: green }') + node('front', 'shop') + node('back', 'shop'),
  );
  assert.deepEqual(summary(none), ['mesh red red', 'mesh blue blue']);
  assert.deepEqual(told(none, 'error'), [
    'kubernetes-mesh-unmatched manifest.yaml:15 no mesh selects namespace shop by its labels, of red, blue; what is in it is left out',
  ]);
  const both = imported(two + namespace('shop', '{ mesh: red, stage: beta }') + node('front', 'shop'));
  assert.deepEqual(summary(both), ['mesh red red', 'mesh blue blue']);
  assert.deepEqual(told(both, 'error'), [
    'kubernetes-mesh-ambiguous manifest.yaml:19 namespace shop is selected by several meshes, red, blue; what is in it is left out',
  ]);
  const unknown = imported(two + node('front', 'shop'));
  assert.equal(
    unknown.findings.find(({ severity }) => severity === 'error')?.code,
    'kubernetes-namespace-unknown',
  );
});

test('the only mesh takes a namespace that nothing is known of, and one without the label, but not one that says otherwise', () => {
  const red = mesh('red', '{ matchLabels: { mesh: red } }');
  const unknown = imported(red + node('front', 'shop'));
  assert.deepEqual(summary(unknown).slice(1), ['virtualNode red front_shop']);
  assert.deepEqual(unknown.findings, []);
  const unlabelled = imported(red + namespace('shop', '{ team: a }') + node('front', 'shop'));
  assert.deepEqual(summary(unlabelled).slice(1), ['virtualNode red front_shop']);
  assert.deepEqual(told(unlabelled, 'warning'), [
    'kubernetes-mesh-assumed manifest.yaml:10 mesh red does not select namespace shop by its labels; as the only mesh here it is taken to',
  ]);
  const other = imported(red + namespace('shop', '{ mesh: blue }') + node('front', 'shop'));
  assert.deepEqual(summary(other).slice(1), []);
});

test('without a mesh among the documents, the mesh is the one that is given, or is not known', () => {
  assert.deepEqual(summary(imported(node('front', 'shop'))), ['virtualNode ? front_shop']);
  const found = imported(node('front', 'shop'), { meshName: 'all' });
  assert.deepEqual(summary(found), ['virtualNode all front_shop']);
  assert.deepEqual([...found.used], ['meshName']);
});

test('an object out of a cluster names its mesh and its gateway', () => {
  const found = imported(
    mesh('red', '{}') +
      mesh('blue', '{}') +
      gateway('one', 'shop', 'meshRef: { name: blue, uid: u }') +
      gateway('two', 'shop', 'meshRef: { name: blue, uid: u }') +
      object(
        'GatewayRoute',
        'all',
        '{ meshRef: { name: blue, uid: u }, virtualGatewayRef: { name: two, namespace: shop, uid: u } }',
        inNamespace('bank'),
      ),
  );
  assert.deepEqual(summary(found).slice(2), [
    'virtualGateway blue one_shop',
    'virtualGateway blue two_shop',
    'gatewayRoute blue two_shop all_bank',
  ]);
});

test('a gateway takes the routes of the namespaces and with the labels that it selects', () => {
  const found = imported(
    mesh('red', '{}') +
      namespace('shop', '{ gateway: public }') +
      namespace('bank', '{ gateway: private }') +
      gateway('one', 'shop', 'namespaceSelector: { matchLabels: { gateway: public } }') +
      gateway(
        'two',
        'shop',
        'namespaceSelector: { matchLabels: { gateway: private } }, gatewayRouteSelector: { matchLabels: { open: "yes" } }',
      ) +
      route('a', 'shop') +
      route('b', 'bank', '{ open: "yes" }') +
      route('c', 'bank'),
  );
  assert.deepEqual(summary(found).slice(3), [
    'gatewayRoute red one_shop a_shop',
    'gatewayRoute red two_shop b_bank',
  ]);
  assert.deepEqual(told(found, 'error'), [
    'kubernetes-gateway-unmatched manifest.yaml:38 no VirtualGateway selects GatewayRoute bank/c; it is left out',
  ]);
});

test('a route that several gateways select is left out', () => {
  const found = imported(
    mesh('red', '{}') +
      gateway('one', 'shop', 'namespaceSelector: {}') +
      gateway('two', 'shop', 'namespaceSelector: {}') +
      route('a', 'shop'),
  );
  assert.deepEqual(told(found, 'error'), [
    'kubernetes-gateway-ambiguous manifest.yaml:20 GatewayRoute shop/a is selected by several gateways, VirtualGateway shop/one, VirtualGateway shop/two; it is left out',
  ]);
});

test('a route without any gateway among the documents is one whose gateway is not known', () => {
  assert.deepEqual(summary(imported(mesh('red', '{}') + route('a', 'shop'))).slice(1), [
    'gatewayRoute red a_shop',
  ]);
});
