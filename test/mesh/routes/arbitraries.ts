import fc from 'fast-check';
import type { GatewayRouteSpec } from '../../../src/model/mesh/gateway-route.ts';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import type { SeenRequest } from './rules.ts';

/** Few values of each kind, so that routes overlap and requests hit them. */
const prefixes = ['/', '/a', '/a/', '/a/b', '/ab', '/b'];
const paths = [
  '/',
  '/a',
  '/a/',
  '/a/b',
  '/a/b/c',
  '/ab',
  '/abc',
  '/b',
  '/b/a',
  '/c',
  '/s.T/M',
  '/s.T/N',
  '/s.U/M',
];
const requestPaths = [...paths, '/a//b', '//a'];
const regexes = ['/a.*', '/[ab]/?', '/a/b', '/.*b', '(?:/a|/b).*', '/a/[^/]+', '/.*'];
const values = ['1', '2', '12', '21', '5', 'x'];

/** There so many times in ten. */
const optional = <Value>(arbitrary: fc.Arbitrary<Value>, times = 5) =>
  fc.oneof({ weight: 10 - times, arbitrary: fc.constant(undefined) }, { weight: times, arbitrary });

const valueMatch = fc.oneof(
  fc.constantFrom(...values).map((exact) => ({ exact })),
  fc.constantFrom('1', '2').map((prefix) => ({ prefix })),
  fc.constantFrom('1', '2').map((suffix) => ({ suffix })),
  fc.constantFrom('1.', '[12]+', '.*', '5|x').map((regex) => ({ regex })),
  fc.constantFrom([1, 5], [2, 21], [-3, 2]).map(([start = 0, end = 0]) => ({ range: { start, end } })),
);

const conditions = fc.array(
  fc.record({
    name: fc.constantFrom('X-One', 'x-two'),
    match: optional(valueMatch, 8),
    invert: optional(fc.boolean(), 3),
  }),
  { minLength: 1, maxLength: 2 },
);

const queryParameters = fc.array(
  fc.record({
    name: fc.constantFrom('p', 'q'),
    match: optional(fc.constantFrom('', '1', '2').map((exact) => ({ exact }))),
  }),
  { minLength: 1, maxLength: 2 },
);

const where = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...prefixes).map((prefix) => ({ prefix })) },
  { weight: 2, arbitrary: fc.constantFrom(...paths).map((exact) => ({ path: { exact } })) },
  { weight: 2, arbitrary: fc.constantFrom(...regexes).map((regex) => ({ path: { regex } })) },
);

const further = fc.record({
  method: optional(fc.constantFrom('GET', 'PUT'), 3),
  headers: optional(conditions, 3),
  queryParameters: optional(queryParameters, 2),
});

const httpMatch = fc.tuple(where, further).map(([path, more]) => ({ ...path, ...more }));

const grpcMatch = fc.oneof(
  fc.record({ metadata: optional(conditions) }),
  fc.record({
    serviceName: fc.constantFrom('s.T', 's.U'),
    methodName: optional(fc.constantFrom('M', 'N')),
    metadata: optional(conditions),
  }),
);

const priority = optional(fc.constantFrom(0, 1, 2, 1000));
const action = { weightedTargets: [{ virtualNode: 'node', weight: 1 }] };

const route = fc.oneof(
  { weight: 4, arbitrary: httpMatch.map((match) => ({ httpRoute: { match, action } })) },
  { weight: 1, arbitrary: grpcMatch.map((match) => ({ grpcRoute: { match, action } })) },
);

const prioritized = <Spec>(arbitrary: fc.Arbitrary<Spec>) =>
  fc.tuple(arbitrary, priority).map(([spec, first]) => ({ ...spec, priority: first }));

/** Routes of a router by name. */
export const routeSets = fc.dictionary(fc.constantFrom(...'abcdef'), prioritized(route), {
  minKeys: 1,
  noNullPrototype: true,
}) as fc.Arbitrary<Record<string, RouteSpec>>;

const hostname = optional(
  fc.oneof(
    fc.constantFrom('a.test', 'b.a.test').map((exact) => ({ exact })),
    fc.constantFrom('.test', 'a.test', '.a.test', 'test').map((suffix) => ({ suffix })),
  ),
  1,
);

const hostRewrite = optional(
  fc.constantFrom('ENABLED', 'DISABLED').map((defaultTargetHostname) => ({ defaultTargetHostname })),
  1,
);

const prefixRewrite = optional(
  fc.oneof(
    fc.constantFrom('ENABLED', 'DISABLED').map((defaultPrefix) => ({ defaultPrefix })),
    fc.constantFrom('/', '/a/', '/b/a/').map((value) => ({ value })),
  ),
  1,
);

const pathRewrite = optional(
  fc.constantFrom('/a', '/a/b', '/c').map((exact) => ({ exact })),
  1,
);

const gatewayRoute = (services: readonly string[]) =>
  fc
    .record({
      where,
      further,
      hostname,
      service: fc.constantFrom(...services),
      host: hostRewrite,
      prefix: prefixRewrite,
      path: pathRewrite,
    })
    .map((parts) => ({
      httpRoute: {
        match: { ...parts.where, ...parts.further, hostname: parts.hostname },
        action: {
          target: { virtualService: { virtualServiceName: parts.service } },
          rewrite: {
            hostname: parts.host,
            ...('prefix' in parts.where ? { prefix: parts.prefix } : { path: parts.path }),
          },
        },
      },
    }));

/** Gateway routes by name that lead to some services. */
export function gatewayRouteSets(services: readonly string[]) {
  return fc.dictionary(fc.constantFrom(...'GHIJK'), prioritized(gatewayRoute(services)), {
    minKeys: 1,
    noNullPrototype: true,
  }) as fc.Arbitrary<Record<string, GatewayRouteSpec>>;
}

/** Requests to one of some hosts. */
export function requests(hosts: readonly string[]): fc.Arbitrary<SeenRequest> {
  return fc
    .record({
      method: fc.constantFrom('GET', 'PUT'),
      host: fc.constantFrom(...hosts),
      path: fc.constantFrom(...requestPaths),
      query: fc.constantFrom('', 'p', 'p=1', 'p=2&q=1', 'q=', 'q=1&p=1'),
      one: optional(fc.constantFrom(...values), 7),
      two: optional(fc.constantFrom(...values), 7),
      grpc: fc.boolean(),
    })
    .map(({ one, two, grpc, ...request }) => ({
      ...request,
      headers: {
        ...(one === undefined ? {} : { 'x-one': one }),
        ...(two === undefined ? {} : { 'x-two': two }),
        ...(grpc ? { 'content-type': 'application/grpc' } : {}),
      },
    }));
}
