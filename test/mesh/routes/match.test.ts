import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import { egress, host, service, toNode } from './models.ts';
import { answering, type Request, startRouter } from './router.ts';

const grpc = (match: object) =>
  ({ grpcRoute: { match, action: { weightedTargets: [{ virtualNode: 'node', weight: 1 }] } } }) as RouteSpec;
const http = (match: object) => toNode('node', match);
const header = (condition: object) => http({ prefix: '/', headers: [{ name: 'X-Color', ...condition }] });
const metadata = (condition: object) => grpc({ metadata: [{ name: 'color', ...condition }] });
const query = (...queryParameters: object[]) => http({ prefix: '/', queryParameters });
const color = (value: string): Request => ({ headers: { 'x-color': value } });
const at = (path: string): Request => ({ path });
const call = (path: string, headers = {}): Request => ({
  path,
  headers: { 'content-type': 'application/grpc', ...headers },
});

interface Case {
  readonly says: string;
  readonly route: RouteSpec;
  /** The match as Envoy has it. */
  readonly match: object;
  readonly takes: readonly Request[];
  readonly leaves: readonly Request[];
}

const cases: Case[] = [
  {
    says: 'a prefix: every path that begins so, its query aside',
    route: http({ prefix: '/a' }),
    match: { prefix: '/a' },
    takes: [at('/a'), at('/a/b'), at('/ab'), at('/a?b')],
    leaves: [at('/'), at('/A'), at('/b?/a')],
  },
  {
    says: 'an exact path: that alone, its query aside',
    route: http({ path: { exact: '/a' } }),
    match: { path: '/a' },
    takes: [at('/a'), at('/a?b=c')],
    leaves: [at('/a/'), at('/ab'), at('/A')],
  },
  {
    says: 'a path as a regular expression: the whole path',
    route: http({ path: { regex: '/a/[0-9]+' } }),
    match: { safe_regex: { regex: '/a/[0-9]+' } },
    takes: [at('/a/12'), at('/a/1?b')],
    leaves: [at('/a/1/'), at('/x/a/1'), at('/a/1b')],
  },
  {
    says: 'a method',
    route: http({ prefix: '/', method: 'PATCH' }),
    match: { prefix: '/', headers: [{ name: ':method', string_match: { exact: 'PATCH' } }] },
    takes: [{ method: 'PATCH' }],
    leaves: [{ method: 'GET' }, { method: 'PUT' }],
  },
  {
    says: 'a scheme',
    route: http({ prefix: '/', scheme: 'https' }),
    match: { prefix: '/', headers: [{ name: ':scheme', string_match: { exact: 'https' } }] },
    takes: [{ headers: { 'x-forwarded-proto': 'https' } }],
    leaves: [{}, { headers: { 'x-forwarded-proto': 'http' } }],
  },
  {
    says: 'a header without a match: it must be there',
    route: header({}),
    match: { prefix: '/', headers: [{ name: 'X-Color', present_match: true }] },
    takes: [color('red'), color('')],
    leaves: [{}],
  },
  {
    says: 'a header without a match, inverted: it must not be there',
    route: header({ invert: true }),
    match: { prefix: '/', headers: [{ name: 'X-Color', present_match: true, invert_match: true }] },
    takes: [{}],
    leaves: [color('red'), color('')],
  },
  {
    says: 'an exact header, with its case',
    route: header({ match: { exact: 'red' } }),
    match: { prefix: '/', headers: [{ name: 'X-Color', string_match: { exact: 'red' } }] },
    takes: [color('red')],
    leaves: [color('Red'), color('reddish'), {}],
  },
  {
    says: 'an exact header, inverted: it must be there with another value',
    route: header({ match: { exact: 'red' }, invert: true }),
    match: {
      prefix: '/',
      headers: [{ name: 'X-Color', string_match: { exact: 'red' }, invert_match: true }],
    },
    takes: [color('blue'), color('')],
    leaves: [color('red'), {}],
  },
  {
    says: 'how a header begins',
    route: header({ match: { prefix: 're' } }),
    match: { prefix: '/', headers: [{ name: 'X-Color', string_match: { prefix: 're' } }] },
    takes: [color('red'), color('re')],
    leaves: [color('ared'), {}],
  },
  {
    says: 'how a header ends',
    route: header({ match: { suffix: 'ed' } }),
    match: { prefix: '/', headers: [{ name: 'X-Color', string_match: { suffix: 'ed' } }] },
    takes: [color('red'), color('ed')],
    leaves: [color('edr'), {}],
  },
  {
    says: 'a header as a regular expression: the whole value',
    route: header({ match: { regex: 'r.d' } }),
    match: { prefix: '/', headers: [{ name: 'X-Color', string_match: { safe_regex: { regex: 'r.d' } } }] },
    takes: [color('red'), color('rod')],
    leaves: [color('ared'), color('redd'), {}],
  },
  {
    says: 'a range of a header: with its start and without its end',
    route: header({ match: { range: { start: -2, end: 3 } } }),
    match: { prefix: '/', headers: [{ name: 'X-Color', range_match: { start: -2, end: 3 } }] },
    takes: [color('-2'), color('0'), color('2')],
    leaves: [color('-3'), color('3'), color('2.5'), color('red'), color(''), {}],
  },
  {
    says: 'a range of a header, inverted: it must be there with something else',
    route: header({ match: { range: { start: 1, end: 3 } }, invert: true }),
    match: {
      prefix: '/',
      headers: [{ name: 'X-Color', range_match: { start: 1, end: 3 }, invert_match: true }],
    },
    takes: [color('0'), color('3'), color('red')],
    leaves: [color('1'), color('2'), {}],
  },
  {
    says: 'the Host, which Envoy names as HTTP/2 does',
    route: http({ prefix: '/', headers: [{ name: 'Host', match: { suffix: ':81' } }] }),
    match: { prefix: '/', headers: [{ name: ':authority', string_match: { suffix: ':81' } }] },
    takes: [{ host: `${host}:81` }],
    leaves: [{}, { host: `${host}:82` }],
  },
  {
    says: 'several headers: all of them',
    route: http({ prefix: '/', headers: [{ name: 'a', match: { exact: '1' } }, { name: 'b' }] }),
    match: {
      prefix: '/',
      headers: [
        { name: 'a', string_match: { exact: '1' } },
        { name: 'b', present_match: true },
      ],
    },
    takes: [{ headers: { a: '1', b: '' } }],
    leaves: [{ headers: { a: '1' } }, { headers: { b: '' } }],
  },
  {
    says: 'a query parameter: its first value, as it was sent',
    route: query({ name: 'a', match: { exact: '1' } }),
    match: { prefix: '/', query_parameters: [{ name: 'a', string_match: { exact: '1' } }] },
    takes: [at('/?a=1'), at('/?b&a=1'), at('/?a=1&a=2')],
    leaves: [at('/'), at('/?a=2'), at('/?a=2&a=1'), at('/?A=1'), at('/?a=%31')],
  },
  {
    says: 'a query parameter without a match: it must be there',
    route: query({ name: 'a' }),
    match: { prefix: '/', query_parameters: [{ name: 'a', present_match: true }] },
    takes: [at('/?a'), at('/?a='), at('/?b=1&a=2')],
    leaves: [at('/'), at('/?ab')],
  },
  {
    says: 'a query parameter without a value',
    route: query({ name: 'a', match: { exact: '' } }),
    match: { prefix: '/', query_parameters: [{ name: 'a', string_match: { exact: '' } }] },
    takes: [at('/?a'), at('/?a=')],
    leaves: [at('/?a=1'), at('/')],
  },
  {
    says: 'several query parameters: all of them',
    route: query({ name: 'a' }, { name: 'b', match: { exact: '2' } }),
    match: {
      prefix: '/',
      query_parameters: [
        { name: 'a', present_match: true },
        { name: 'b', string_match: { exact: '2' } },
      ],
    },
    takes: [at('/?b=2&a')],
    leaves: [at('/?a'), at('/?b=2')],
  },
  {
    says: 'gRPC: calls of every service and method, and nothing else',
    route: grpc({}),
    match: { prefix: '/', grpc: {} },
    takes: [call('/pkg.Service/Get'), call('/', { 'content-type': 'application/grpc+proto' })],
    leaves: [at('/pkg.Service/Get'), call('/', { 'content-type': 'application/grpcx' })],
  },
  {
    says: 'a gRPC service: all of its methods',
    route: grpc({ serviceName: 'pkg.Service' }),
    match: { prefix: '/pkg.Service/', grpc: {} },
    takes: [call('/pkg.Service/Get'), call('/pkg.Service/Put')],
    leaves: [call('/pkg.Services/Get'), call('/pkg.Service'), at('/pkg.Service/Get')],
  },
  {
    says: 'a gRPC method',
    route: grpc({ serviceName: 'pkg.Service', methodName: 'Get' }),
    match: { path: '/pkg.Service/Get', grpc: {} },
    takes: [call('/pkg.Service/Get')],
    leaves: [call('/pkg.Service/GetAll'), call('/pkg.Service/Put')],
  },
  {
    says: 'gRPC metadata, compared like headers',
    route: metadata({ match: { prefix: 're' } }),
    match: { prefix: '/', headers: [{ name: 'color', string_match: { prefix: 're' } }], grpc: {} },
    takes: [call('/s/m', { color: 'red' })],
    leaves: [call('/s/m', { color: 'blue' }), call('/s/m'), { headers: { color: 'red' } }],
  },
  {
    says: 'gRPC metadata, inverted',
    route: metadata({ match: { range: { start: 0, end: 9 } }, invert: true }),
    match: {
      prefix: '/',
      headers: [{ name: 'color', range_match: { start: 0, end: 9 }, invert_match: true }],
      grpc: {},
    },
    takes: [call('/s/m', { color: '9' })],
    leaves: [call('/s/m', { color: '5' }), call('/s/m')],
  },
];

test('a route asks for', async (t) => {
  const services = cases.map(({ route }, index) => service({ route }, { name: `${index}.${host}` }));
  const router = await startRouter(t, { egress: answering(egress(services)) });
  for (const [index, { says, route, match, takes, leaves }] of cases.entries()) {
    await t.test(says, async () => {
      assert.deepEqual(matchOf(route), match);
      const chosen = async (request: Request) => {
        const name = (request.host ?? host).replace(host, `${index}.${host}`);
        return (await router.send({ ...request, host: name })).route === 'route';
      };
      for (const request of takes)
        assert.equal(await chosen(request), true, `takes ${JSON.stringify(request)}`);
      for (const request of leaves)
        assert.equal(await chosen(request), false, `leaves ${JSON.stringify(request)}`);
    });
  }
});

function matchOf(route: RouteSpec): unknown {
  const [first] = egress([service({ route })]).virtual_hosts as { routes: { match: object }[] }[];
  return JSON.parse(JSON.stringify(first?.routes[0]?.match));
}
