import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specificationResources } from '../../../../src/mesh/import/cli/specifications.ts';
import { documentsOf } from '../placeholders/documents.ts';

/** Which file each resource is specified by in the end: `virtualNode front-vn < front-vn-tls.json`. */
function versions(files: Readonly<Record<string, unknown>>, values: Readonly<Record<string, string>> = {}) {
  const texts = Object.entries(files).map(([file, content]) => [file, JSON.stringify(content)]);
  const { resources, findings } = specificationResources(
    documentsOf(Object.fromEntries(texts)),
    new Map(Object.entries(values)),
  );
  return {
    resources: resources.map(
      ({ kind, parent, name, origin }) =>
        `${[kind, parent, name].filter(Boolean).join(' ')} < ${origin.file}`,
    ),
    alternatives: findings.filter(({ code }) => code === 'cli-alternatives').map(({ message }) => message),
  };
}

const node = { spec: { serviceDiscovery: { dns: { hostname: 'x' } } } };
const router = { spec: { listeners: [{ portMapping: { port: 80, protocol: 'http' } }] } };
const route = (prefix: string, virtualNode = 'front') => ({
  spec: { httpRoute: { match: { prefix }, action: { weightedTargets: [{ virtualNode, weight: 1 }] } } },
});
const service = (virtualRouterName: string) => ({
  spec: { provider: { virtualRouter: { virtualRouterName } } },
});

test('of several requests for one name the last one counts, and all are told of', () => {
  const named = (weight: number) => ({
    virtualRouterName: 'r',
    routeName: 'all',
    spec: {
      httpRoute: { match: { prefix: '/' }, action: { weightedTargets: [{ virtualNode: 'a', weight }] } },
    },
  });
  assert.deepEqual(versions({ 'x.json': named(1), 'y.json': named(2) }), {
    resources: ['route r all < y.json'],
    alternatives: ['route all is specified 2 times, in x.json, y.json; the last of them counts'],
  });
  assert.deepEqual(versions({ 'y.json': named(2), 'x.json': named(1) }).resources, ['route r all < x.json']);
});

test('a file whose name extends the name of another is a version of it, and comes after it', () => {
  assert.deepEqual(
    versions({
      'front-vn-strict-tls.json': node,
      'front-vn.json': node,
      'updates/front-vn-validation.json': node,
    }),
    {
      resources: ['virtualNode front-vn < updates/front-vn-validation.json'],
      alternatives: [
        'virtual node front-vn is specified 3 times, in front-vn.json, front-vn-strict-tls.json, updates/front-vn-validation.json; the last of them counts',
      ],
    },
  );
});

test('an update comes after what it updates, in whatever order they are given', () => {
  assert.deepEqual(versions({ 'updates/front-vn.json': node, 'front-vn.json': node }).resources, [
    'virtualNode front-vn < updates/front-vn.json',
  ]);
});

test('a file is a version of what others refer to, even when no file has that name', () => {
  assert.deepEqual(
    versions({ 'front-vn-tls.json': node, 'route.json': route('/', 'front-vn') }).resources[0],
    'virtualNode front-vn < front-vn-tls.json',
  );
});

test('a name that only begins alike is one of its own', () => {
  assert.deepEqual(
    versions({ 'front.json': node, 'front-admin.json': node, 'front-blue-vn.json': node }).resources,
    [
      'virtualNode front < front.json',
      'virtualNode front-admin < front-admin.json',
      'virtualNode front-blue-vn < front-blue-vn.json',
    ],
  );
});

test('a version that is given a name of its own is one', () => {
  assert.deepEqual(
    versions(
      { 'front-vn.json': node, 'front-vn-tls.json': node },
      { 'front-vn-tls.json:virtualNodeName': 'safe' },
    ).resources,
    ['virtualNode front-vn < front-vn.json', 'virtualNode safe < front-vn-tls.json'],
  );
});

test('numbered routes for the same requests are versions of one', () => {
  assert.deepEqual(versions({ 'route-1.json': route('/', 'a'), 'route-2.json': route('/', 'b') }).resources, [
    'route route < route-2.json',
  ]);
  assert.deepEqual(versions({ 'route-2.json': route('/', 'b'), 'route-1.json': route('/', 'a') }).resources, [
    'route route < route-1.json',
  ]);
});

test('numbered routes for different requests are different routes', () => {
  assert.deepEqual(versions({ 'route-1.json': route('/a'), 'route-2.json': route('/b') }).resources, [
    'route route-1 < route-1.json',
    'route route-2 < route-2.json',
  ]);
});

test('numbered routes belong to the routers of their numbers, if there are any', () => {
  assert.deepEqual(
    versions({
      'front-route-1.json': route('/'),
      'front-route-2.json': route('/'),
      'front-vr-1.json': router,
      'front-vr-2.json': router,
      'front-vs-1.json': service('front-vr-1'),
    }).resources,
    [
      'route front-vr-1 front-route-1 < front-route-1.json',
      'route front-vr-2 front-route-2 < front-route-2.json',
      'virtualRouter front-vr-1 < front-vr-1.json',
      'virtualRouter front-vr-2 < front-vr-2.json',
      'virtualService front-vs-1 < front-vs-1.json',
    ],
  );
});

test('an update of one of several numbered routes is of the one that leads where it leads', () => {
  const files = {
    'front-route-1.json': route('/a', 'red'),
    'front-route-2.json': route('/b', 'blue'),
    'front-route-updated-rewrite.json': route('/c', 'blue'),
  };
  assert.deepEqual(versions(files).resources, [
    'route front-route-1 < front-route-1.json',
    'route front-route-2 < front-route-updated-rewrite.json',
  ]);
});

test('a file has the name that others refer to when both say the same but for the words that say the kind', () => {
  assert.deepEqual(
    versions({
      'color-teller-white-vn.json': node,
      'color-vs.json': service('color-vr'),
      'route.json': route('/', 'ColorTellerWhite'),
      'gateway-route.json': {
        spec: {
          httpRoute: {
            match: { prefix: '/' },
            action: { target: { virtualService: { virtualServiceName: 'color.mesh.local' } } },
          },
        },
      },
    }).resources.slice(0, 2),
    [
      'virtualNode ColorTellerWhite < color-teller-white-vn.json',
      'virtualService color.mesh.local < color-vs.json',
    ],
  );
});

test('folders beside each other have nothing to do with each other', () => {
  assert.deepEqual(
    versions({ 'one/front-vn.json': node, 'two/front-vn.json': node, 'two/updates/front-vn.json': node }),
    {
      resources: [
        'virtualNode front-vn < one/front-vn.json',
        'virtualNode front-vn < two/updates/front-vn.json',
      ],
      alternatives: [
        'virtual node front-vn is specified 2 times, in two/front-vn.json, two/updates/front-vn.json; the last of them counts',
      ],
    },
  );
});
