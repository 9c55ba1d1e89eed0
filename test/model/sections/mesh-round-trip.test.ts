import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import document from '../../../blueprint.ts';
import type { MeshResources } from '../../../src/model/mesh/resources.ts';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import { specificationSchemas } from '../../../src/model/mesh/specification.ts';
import { mistakesOf } from '../../../src/model/mistake.ts';
import { plan } from '../../../src/model/plan.ts';
import { expandMesh } from '../../../src/model/sections/mesh/expand.ts';
import { foldMesh } from '../../../src/model/sections/mesh/fold.ts';
import { mesh } from '../../../src/model/sections/mesh.ts';
import { valuesOf } from '../mesh/arbitrary.ts';

/** Resources of any form. */
const resources: fc.Arbitrary<MeshResources> = fc
  .record({
    spec: valuesOf(specificationSchemas.mesh),
    nodes: fc.array(valuesOf(specificationSchemas.virtualNode), { maxLength: 2 }),
    services: fc.array(valuesOf(specificationSchemas.virtualService), { maxLength: 3 }),
    router: valuesOf(specificationSchemas.virtualRouter),
    routes: fc.array(valuesOf(specificationSchemas.route), { maxLength: 3 }),
    gateways: fc.array(valuesOf(specificationSchemas.virtualGateway), { minLength: 1, maxLength: 2 }),
    gatewayRoutes: fc.array(valuesOf(specificationSchemas.gatewayRoute), { maxLength: 3 }),
  })
  .map(({ spec, nodes, services, router, routes, gateways, gatewayRoutes }) => ({
    name: 'mesh',
    spec,
    virtualNodes: named('node', nodes),
    virtualServices: named('service', services),
    virtualRouters: { router: { spec: router, routes: named('route', routes.map(withinOurBound)) } },
    virtualGateways: named(
      'gateway',
      gateways.map((gateway) => ({ spec: gateway, gatewayRoutes: named('route', gatewayRoutes) })),
    ),
  }));

/** The platform allows fewer retries than App Mesh; all else App Mesh says it can say too. */
function withinOurBound(route: RouteSpec): RouteSpec {
  const { retryPolicy } = route.httpRoute ?? route.http2Route ?? route.grpcRoute ?? {};
  if (retryPolicy) retryPolicy.maxRetries = Math.min(retryPolicy.maxRetries, 10);
  return route;
}

function named<Value>(name: string, values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.map((value, index) => [`${name}${index}`, value]));
}

/** Resources in their simplest words: durations in milliseconds, the keys of a log in order, nothing empty. */
function simplest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(simplest).sort(byKey);
  if (typeof value !== 'object' || value === null) return value;
  const { unit, value: amount, ...others } = value as Record<string, unknown>;
  if (typeof amount === 'number' && Object.keys(others).length === 0)
    return unit === 's' ? amount * 1000 : amount;
  const members = Object.entries(value).map(([name, member]) => [name, simplest(member)] as const);
  return Object.fromEntries(members.filter(([name, member]) => !saysNothing(name, member)));
}

function byKey(one: unknown, other: unknown): number {
  const [first, second] = [one, other].map((entry) => Reflect.get(Object(entry), 'key'));
  return typeof first === 'string' && typeof second === 'string' ? first.localeCompare(second) : 0;
}

function saysNothing(name: string, member: unknown): boolean {
  const empty = typeof member === 'object' && member !== null && Object.keys(member).length === 0;
  const unneeded = [
    'logging',
    'accessLog',
    'timeout',
    'http',
    'http2',
    'grpc',
    'tcp',
    'backends',
    'serviceDiscovery',
  ];
  if (name === 'perRequest' && member === 15_000) return true;
  return member === undefined || (empty && [...unneeded, 'match'].includes(name));
}

test('whatever App Mesh can say, the section can say: resources folded and expanded are the same', () => {
  fc.assert(
    fc.property(resources, (original) => {
      const ingress = {
        name: 'gateway0',
        retry: { maxRetries: 0, perRetryTimeout: '1s' },
        timeout: '1s',
      } as const;
      const section = foldMesh(original, ingress);
      const parsed = mesh.safeParse(section);
      assert.deepEqual(parsed.error && mistakesOf(parsed.error, section), undefined);
      const found = parsed.data && expandMesh(parsed.data).resources;
      const { egressFilter = { type: 'DROP_ALL' } } = original.spec;
      assert.deepEqual(simplest(found), simplest({ ...original, spec: { ...original.spec, egressFilter } }));
    }),
    { numRuns: 300 },
  );
});

test('nonsense anywhere in a section is a list of mistakes, never an exception', () => {
  const ingress = {
    name: 'gateway0',
    retry: { maxRetries: 0, perRetryTimeout: '1s' },
    timeout: '1s',
  } as const;
  fc.assert(
    fc.property(resources, fc.nat(), fc.anything({ maxDepth: 2 }), (original, choice, nonsense) => {
      const section = structuredClone(foldMesh(original, ingress));
      const places = placesIn(section);
      const [parent, key] = places[choice % places.length] ?? [{}, ''];
      Reflect.set(parent, key, nonsense);
      const result = plan({ ...document, mesh: section });
      assert.ok(result.plan || result.mistakes.length > 0);
    }),
    { numRuns: 300 },
  );
});

/** Every member of every object and list, with what it is in. */
function placesIn(value: object): [object, string][] {
  return Object.entries(value).flatMap(([key, member]): [object, string][] => [
    [value, key],
    ...(typeof member === 'object' && member !== null ? placesIn(member) : []),
  ]);
}

test('folded resources are short where they can be', () => {
  const original: MeshResources = {
    name: 'mesh',
    spec: { egressFilter: { type: 'ALLOW_ALL' } },
    virtualNodes: {
      a: {
        serviceDiscovery: { dns: { hostname: 'a.local' } },
        listeners: [
          {
            portMapping: { port: 80, protocol: 'http2' },
            timeout: { http2: { perRequest: { unit: 'ms', value: 2000 } } },
          },
        ],
        backends: [{ virtualService: { virtualServiceName: 'b.local' } }],
        logging: { accessLog: { file: { path: '/dev/stdout' } } },
      },
    },
    virtualServices: { 'b.local': { provider: { virtualRouter: { virtualRouterName: 'r' } } } },
    virtualRouters: {
      r: {
        spec: { listeners: [{ portMapping: { port: 80, protocol: 'http2' } }] },
        routes: {
          all: {
            http2Route: {
              match: { prefix: '/' },
              action: { weightedTargets: [{ virtualNode: 'a', weight: 1 }] },
            },
          },
        },
      },
    },
    virtualGateways: {
      in: {
        spec: { listeners: [{ portMapping: { port: 81, protocol: 'http' } }] },
        gatewayRoutes: {
          all: {
            httpRoute: {
              match: { prefix: '/' },
              action: { target: { virtualService: { virtualServiceName: 'b.local' } } },
            },
          },
        },
      },
    },
  };
  const retry = { maxRetries: 0, perRetryTimeout: '1s' } as const;
  assert.deepEqual(foldMesh(original, { name: 'in', retry, timeout: '1s' }), {
    name: 'mesh',
    egressFilter: 'ALLOW_ALL',
    mutualTls: false,
    nodes: {
      a: {
        hostname: 'a.local',
        listener: { port: 80, protocol: 'http2', timeout: '2s' },
        backends: ['b.local'],
        logging: '/dev/stdout',
      },
    },
    routers: {
      r: {
        virtualService: 'b.local',
        listener: { port: 80, protocol: 'http2' },
        routes: [
          { name: 'all', match: { prefix: '/' }, targets: [{ node: 'a', weight: 1 }], timeout: '15s' },
        ],
      },
    },
    gateway: {
      name: 'in',
      listener: { port: 81, protocol: 'http' },
      routes: [{ name: 'all', prefix: '/', service: 'b.local' }],
      retry,
      timeout: '1s',
    },
  });
});
