import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusals } from '../../src/mesh/refusals.ts';
import { perlOnly } from '../../src/model/mesh/regular-expression.ts';
import type { MeshResources } from '../../src/model/mesh/resources.ts';

type Listener = NonNullable<MeshResources['virtualNodes'][string]['listeners']>[number];

const meshWith = (listener: Partial<Listener>, regex = '.*'): MeshResources => ({
  name: 'mesh',
  spec: {},
  virtualNodes: {
    app: {
      serviceDiscovery: { dns: { hostname: 'app.local' } },
      listeners: [{ portMapping: { port: 8080, protocol: 'http' }, ...listener }],
    },
  },
  virtualServices: { 'app.local': { provider: { virtualRouter: { virtualRouterName: 'router' } } } },
  virtualRouters: {
    router: {
      spec: { listeners: [{ portMapping: { port: 8080, protocol: 'http' } }] },
      routes: {
        all: {
          httpRoute: {
            match: { path: { regex } },
            action: { weightedTargets: [{ virtualNode: 'app', weight: 1 }] },
          },
        },
      },
    },
  },
  virtualGateways: {},
});
const told = (mesh: MeshResources) =>
  refusals(mesh).map(({ mistake: { path, allowed } }) => `${path}: ${allowed}`);
const second = { unit: 's', value: 1 } as const;

test('a mesh without anything odd has no refusal', () => {
  assert.deepEqual(told(meshWith({})), []);
});

test('a health check by gRPC of a listener that does not speak HTTP/2 is refused', () => {
  const healthCheck = {
    protocol: 'grpc',
    intervalMillis: 5000,
    timeoutMillis: 2000,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  } as const;
  const [first] = told(meshWith({ healthCheck }));
  assert.match(first ?? '', /^virtualNodes\.app\.listeners\[0\]\.healthCheck\.protocol: http/);
  assert.deepEqual(told(meshWith({ healthCheck, portMapping: { port: 8080, protocol: 'http2' } })), []);
});

test('times that Envoy does not take are refused', () => {
  const outlierDetection = {
    maxServerErrors: 1,
    interval: { unit: 'ms', value: 0 },
    baseEjectionDuration: second,
    maxEjectionPercent: 1,
  } as const;
  assert.deepEqual(told(meshWith({ outlierDetection })), [
    'virtualNodes.app.listeners[0].outlierDetection.interval: more than 0',
  ]);
  const timeout = { http: { idle: { unit: 's', value: 40_000_000 }, perRequest: second } } as const;
  assert.deepEqual(told(meshWith({ timeout })), [
    'virtualNodes.app.listeners[0].timeout.http.idle: at most a year',
  ]);
});

test('a regular expression that RE2 does not have is refused, with what is wrong with it', () => {
  assert.deepEqual(told(meshWith({}, '/(?!admin).*')), [
    'virtualRouters.router.routes.all.httpRoute.match.path.regex: an expression without lookaround, which RE2 does not have',
  ]);
  const wrong = ['(?=a)', '(?<!a)b', '(a)\\1', '(?P=name)', '\\k<name>', '(?>a)', 'a++', '(?(1)a)'];
  for (const expression of wrong) assert.notEqual(perlOnly(expression), undefined, expression);
  const right = [
    '(?i)a',
    '(?P<name>a)',
    '(?:a)',
    'a+?',
    '\\\\1',
    '[(?=]',
    '\\Q(?=\\E',
    '[]\\1]',
    '\\+\\+',
    'a{1,2}',
  ];
  for (const expression of right) assert.equal(perlOnly(expression), undefined, expression);
});
