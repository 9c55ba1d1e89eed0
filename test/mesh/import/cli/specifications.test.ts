import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type SpecificationImport,
  specificationResources,
} from '../../../../src/mesh/import/cli/specifications.ts';
import { specificationSchemas } from '../../../../src/model/mesh/specification.ts';
import { documentsOf, told } from '../placeholders/documents.ts';

function imported(
  files: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, string>> = {},
  scripts: readonly string[] = [],
): SpecificationImport {
  const texts = Object.entries(files).map(([file, content]) => [
    file,
    typeof content === 'string' ? content : JSON.stringify(content, null, 2),
  ]);
  const documents = documentsOf(Object.fromEntries(texts));
  return specificationResources(documents, new Map(Object.entries(values)), scripts);
}

/** Each resource in one line: kind, mesh, parent, name. */
function summary({ resources }: SpecificationImport): string[] {
  return resources.map(({ kind, mesh, parent, name }) =>
    [kind, mesh ?? '?', ...(parent === undefined ? [] : [parent]), name].join(' '),
  );
}

const listeners = [{ portMapping: { port: 8080, protocol: 'http' } }];
const node = { listeners, serviceDiscovery: { dns: { hostname: 'front.local' } } };
const route = {
  httpRoute: { match: { prefix: '/' }, action: { weightedTargets: [{ virtualNode: 'front', weight: 1 }] } },
};
const gatewayRoute = {
  httpRoute: {
    match: { prefix: '/' },
    action: { target: { virtualService: { virtualServiceName: 'front.local' } } },
  },
};
const service = { provider: { virtualRouter: { virtualRouterName: 'front-router' } } };

test('a request of every kind becomes a resource of its mesh, with its name and its parent', () => {
  const meshName = 'shop';
  const found = imported({
    'a.json': {
      meshName,
      spec: { egressFilter: { type: 'ALLOW_ALL' } },
      tags: [{ key: 'team', value: 'a' }],
    },
    'b.json': { meshName, virtualNodeName: 'front', spec: node, clientToken: 'x' },
    'c.json': { meshName, virtualServiceName: 'front.local', spec: service, meshOwner: '123456789012' },
    'd.json': { meshName, virtualRouterName: 'front-router', spec: { listeners } },
    'e.json': { meshName, virtualRouterName: 'front-router', routeName: 'all', spec: route },
    'f.json': { meshName, virtualGatewayName: 'entrance', spec: { listeners } },
    'g.json': { meshName, virtualGatewayName: 'entrance', gatewayRouteName: 'front', spec: gatewayRoute },
  });
  assert.deepEqual(found.findings, []);
  assert.deepEqual(summary(found), [
    'mesh shop shop',
    'virtualNode shop front',
    'virtualService shop front.local',
    'virtualRouter shop front-router',
    'route shop front-router all',
    'virtualGateway shop entrance',
    'gatewayRoute shop entrance front',
  ]);
  assert.deepEqual(
    found.resources.map(({ update }) => update),
    [false, true, true, true, true, true, true],
  );
  assert.equal(found.resources[2]?.meshOwner, '123456789012');
  for (const { kind, spec } of found.resources) {
    assert.equal(specificationSchemas[kind].safeParse(spec).success, true, kind);
  }
});

test('a value in the spec is found again in its file', () => {
  const found = imported({ 'b.json': { meshName: 'shop', virtualNodeName: 'front', spec: node } });
  assert.deepEqual(found.resources[0]?.locate(['listeners', 0, 'portMapping', 'port']), {
    file: 'b.json',
    line: 8,
    path: 'spec.listeners[0].portMapping.port',
  });
});

test('what describe-* answers is read like the request it came from', () => {
  const found = imported({
    'node.json': {
      virtualNode: {
        meshName: 'shop',
        metadata: { arn: 'arn:aws:appmesh:…', meshOwner: '123456789012', version: 3 },
        spec: node,
        status: { status: 'ACTIVE' },
        virtualNodeName: 'front',
      },
    },
  });
  assert.deepEqual(summary(found), ['virtualNode shop front']);
  assert.deepEqual(found.findings, []);
  assert.equal(found.resources[0]?.locate(['serviceDiscovery']).path, 'virtualNode.spec.serviceDiscovery');
});

test('a bare spec is of the kind it looks like, and named as what refers to it or else as its file', () => {
  const found = imported({
    'mesh.json': { spec: {} },
    'front-vn.json': node,
    'front-vs.json': service,
    'front-router.json': { listeners },
    'front-route.json': route,
    'entrance-vg.json': { listeners },
    'front-gateway-route.json': gatewayRoute,
  });
  assert.deepEqual(summary(found), [
    'mesh mesh mesh',
    'virtualNode mesh front',
    'virtualService mesh front.local',
    'virtualRouter mesh front-router',
    'route mesh front-router front-route',
    'virtualGateway mesh entrance-vg',
    'gatewayRoute mesh entrance-vg front-gateway-route',
  ]);
  assert.ok(
    told(found, 'note').includes(
      'cli-name-assumed front-route.json:1 the route front-route is named after its file; it is taken to be of front-router, the only one here',
    ),
  );
});

test('names are given with --set, for one file or, where that says it all, without one', () => {
  const files = { 'a.json': node, 'b.json': { spec: route }, 'c.json': { spec: route } };
  const found = imported(files, {
    meshName: 'shop',
    virtualNodeName: 'front',
    virtualRouterName: 'front-router',
    'b:routeName': 'one',
    'c.json:routeName': 'two',
  });
  assert.deepEqual(summary(found), [
    'virtualNode shop front',
    'route shop front-router one',
    'route shop front-router two',
  ]);
  assert.deepEqual(found.findings, []);
  assert.deepEqual([...found.used].sort(), [
    'b:routeName',
    'c.json:routeName',
    'meshName',
    'virtualNodeName',
    'virtualRouterName',
  ]);
});

test('a name that is given without a file is of no request when several could have it', () => {
  const found = imported({ 'a.json': node, 'b.json': node }, { virtualNodeName: 'front' });
  assert.deepEqual(summary(found), ['virtualNode ? a', 'virtualNode ? b']);
  assert.deepEqual([...found.used], []);
});

test('a name that is given decides what a spec of several kinds is', () => {
  const found = imported({ 'x.json': { listeners } }, { 'x.json:virtualGatewayName': 'entrance' });
  assert.deepEqual(summary(found), ['virtualGateway ? entrance']);
  assert.deepEqual(told(imported({ 'x.json': { listeners } }), 'warning'), [
    'cli-kind-assumed x.json:1 this is taken to specify a virtual router; it could be a virtual gateway or a virtual node as well',
  ]);
});

test('a reference by the name of a file decides what a spec of several kinds is', () => {
  const found = imported({
    'x.json': { listeners },
    'front-vs.json': { provider: { virtualNode: { virtualNodeName: 'x' } } },
  });
  assert.deepEqual(told(found, 'warning'), []);
  assert.equal(summary(found)[0], 'virtualNode ? x');
});

test('a placeholder of a version that does not count is not asked for', () => {
  const found = imported({
    'front-vn.json': '{"spec":{"serviceDiscovery":{"dns":{"hostname": $OLD}}}}',
    'front-vn-update.json': '{"spec":{"serviceDiscovery":{"dns":{"hostname": $NEW}}}}',
  });
  assert.deepEqual(told(found, 'error'), [
    'placeholder-unresolved front-vn-update.json:1 $NEW has no value; new stands in for it',
  ]);
});

test('a placeholder without a value is an error that says what to give, per file where several use the name', () => {
  const found = imported({
    'a-vn.json':
      '{"spec":{\n"serviceDiscovery":{"dns":{"hostname": $HOST}},\n"backends":[{"virtualService":{"virtualServiceName": $HOST}}]}}',
    'b-vn.json':
      '{"spec":{"serviceDiscovery":{"dns":{"hostname": "$HOST"}}},"tags":[{"key":"a","value":"$TAG"}]}',
  });
  const errors = found.findings.filter(({ severity }) => severity === 'error');
  assert.deepEqual(errors, [
    {
      severity: 'error',
      code: 'placeholder-unresolved',
      message: '$HOST has no value, here and on line 3; host stands in for it',
      origin: { file: 'a-vn.json', line: 2, path: 'spec.serviceDiscovery.dns.hostname' },
      remedy: "Give --set HOST=value, or --set 'a-vn.json:HOST=value' for this file alone.",
    },
    {
      severity: 'error',
      code: 'placeholder-unresolved',
      message: '$HOST has no value; host stands in for it',
      origin: { file: 'b-vn.json', line: 1, path: 'spec.serviceDiscovery.dns.hostname' },
      remedy: "Give --set HOST=value, or --set 'b-vn.json:HOST=value' for this file alone.",
    },
  ]);
  assert.ok(told(found, 'note').some((note) => note.includes('$TAG has no value, and the mesh needs none')));
});

test('shell scripts beside specifications are said not to be read', () => {
  const found = imported({ 'shop/mesh/front-vn.json': node }, {}, [
    'shop/mesh.sh',
    'shop/mesh/up.sh',
    'other/x.sh',
  ]);
  assert.deepEqual(
    found.findings.filter(({ code }) => code === 'cli-script-unread').map(({ origin }) => origin.file),
    ['shop/mesh.sh', 'shop/mesh/up.sh'],
  );
});

test('what is no request is refused with the place and the reason', () => {
  const found = imported({
    'a.json': { meshName: 'shop', virtualNodeName: 7, spec: node },
    'b.json': { meshName: 'shop', virtualNodeName: 'front', spec: 'file://front.json' },
    'c.json': { meshName: 'shop', virtualNodeName: 'front', spec: [] },
    'd.json': { meshName: 'shop', virtualNodeName: 'front' },
    'e.json': { meshName: 'shop', virtualNodeName: 'front', spec: node, region: 'eu-west-1' },
  });
  assert.deepEqual(told(found, 'error'), [
    'cli-name-invalid a.json:3 virtualNodeName is no name',
    'cli-spec-elsewhere b.json:4 the spec is a text here, not an object',
    'cli-spec-invalid c.json:4 the spec is no object',
    'cli-spec-missing d.json:2 there is no spec of front here',
  ]);
  assert.deepEqual(told(found, 'warning'), [
    'cli-member-unknown e.json:19 a request has no region; it is left out',
  ]);
  assert.deepEqual(summary(found), ['virtualNode shop front']);
});
