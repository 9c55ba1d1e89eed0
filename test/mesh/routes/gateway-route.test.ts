import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathBehind } from '../../../src/mesh/envoy/gateway-route-path.ts';
import { pathRewrite } from '../../../src/mesh/envoy/rewrite.ts';
import type { PathCondition } from '../../../src/mesh/envoy/route-match.ts';
import { gateway, host, service, toNode, toService } from './models.ts';

interface Written {
  readonly name: string;
  readonly match: object;
  readonly route?: Readonly<Record<string, unknown>>;
  readonly direct_response?: object;
}

function written(...parameters: Parameters<typeof gateway>): Written[] {
  const [first] = gateway(...parameters).virtual_hosts as { routes: Written[] }[];
  return first?.routes ?? [];
}

test('a gateway route and the routes of its virtual service become routes to the nodes', () => {
  const backend = service({
    tell: toNode(
      'teller',
      { prefix: '/tell', method: 'GET' },
      { timeout: { perRequest: { unit: 's', value: 3 } } },
    ),
    other: toNode('other', { path: { exact: '/other' } }),
    unreachable: toNode('other', { prefix: '/' }, {}),
  });
  const red = toService({ prefix: '/red/', headers: [{ name: 'x-a' }] });
  const routes = written({ red }, [backend]).map(({ name, match, route }) => ({
    name,
    match,
    to: [route?.cluster, route?.timeout, route?.host_rewrite_literal],
  }));
  const headers = [{ name: 'x-a', present_match: true }];
  assert.deepEqual(routes, [
    { name: 'red/other', match: { path: '/red/other', headers }, to: ['other', '15s', host] },
    {
      name: 'red/tell',
      match: {
        prefix: '/red/tell',
        headers: [...headers, { name: ':method', string_match: { exact: 'GET' } }],
      },
      to: ['teller', '3s', host],
    },
    { name: 'red/unreachable', match: { prefix: '/red/', headers }, to: ['other', '15s', host] },
  ]);
});

test('a request that no route of the service takes is answered 404, not given to another gateway route', () => {
  const narrow = service({ only: toNode('narrow', { prefix: '/only' }) }, { name: 'narrow.local' });
  const wide = service({ all: toNode('wide') });
  const target = { virtualService: { virtualServiceName: 'narrow.local' } };
  const toNarrow = { httpRoute: { match: { prefix: '/a' }, action: { target } } };
  const routes = written({ a: toNarrow, rest: toService({ prefix: '/' }) }, [narrow, wide]);
  assert.deepEqual(
    routes.map(({ name, match, direct_response }) => [name, match, direct_response]),
    [
      ['a/only', { safe_regex: { regex: '/a/*only.*' } }, undefined],
      ['a', { prefix: '/a' }, { status: 404 }],
      ['rest/all', { prefix: '/' }, undefined],
    ],
  );
});

test('the port of the target chooses among the routes of the service', () => {
  const routes = {
    first: toNode('first', { prefix: '/', port: 1 }),
    second: toNode('second', { prefix: '/', port: 2 }),
  };
  const listeners = [
    { port: 1, protocol: 'http' },
    { port: 2, protocol: 'http' },
  ] as const;
  const target = { port: 2, virtualService: { virtualServiceName: host } };
  const to2 = { httpRoute: { match: { prefix: '/' }, action: { target } } };
  assert.deepEqual(
    written({ to2 }, [service(routes, { listeners })]).map(({ name }) => name),
    ['to2/second'],
  );
});

const path = (text: string): PathCondition => {
  if (text.startsWith('~')) return { kind: 'regex', value: text.slice(1) };
  return text.endsWith('*') ? { kind: 'prefix', value: text.slice(0, -1) } : { kind: 'exact', value: text };
};

/** Gateway route, rewrite and route; and what is asked for together, 'never', or 'cannot'. `~` is a regular expression. */
const combinations: readonly [gateway: string, rewrite: object, route: string, together: string][] = [
  ['/*', {}, '/*', '/*'],
  ['/*', {}, '/a*', '/a*'],
  ['/*', {}, '/a', '/a'],
  ['/*', {}, '~/a+', '~/a+'],
  ['/a*', {}, '/*', '/a*'],
  ['/a*', {}, '/b*', '~/a/*b.*'],
  ['/a*', {}, '/b', '~/a/*b'],
  ['/a*', {}, '/', '~/a/*'],
  ['/a*', {}, '~/b+', '~/a/*b+'],
  ['/a*', {}, '~/b.*', '~/a/*b.*'],
  ['/a*', {}, '~[/]b', 'cannot'],
  ['/a*', {}, '//b*', 'never'],
  ['/a/*', {}, '/*', '/a/*'],
  ['/a/*', {}, '/b*', '/a/b*'],
  ['/a/*', {}, '/b', '/a/b'],
  ['/a/*', {}, '~^\\/b+', '~/a/b+'],
  ['/a/*', {}, '~/+b', 'cannot'],
  ['/a/*', {}, '~/b|/c', 'cannot'],
  ['/a/*', {}, '~/(b|c)', '~/a/(b|c)'],
  ['/a/*', {}, '~/.*', '/a/*'],
  ['/a/*', { prefix: { value: '/b/c/' } }, '/b*', '/a/*'],
  ['/a/*', { prefix: { value: '/b/c/' } }, '/b/c/d*', '/a/d*'],
  ['/a/*', { prefix: { value: '/b/c/' } }, '/b/d*', 'never'],
  ['/a/*', { prefix: { value: '/b/c/' } }, '/b/c/', '/a/'],
  ['/a/*', { prefix: { value: '/b/' } }, '~/b/[0-9]', '~/a/[0-9]'],
  ['/a/*', { prefix: { value: '/b/' } }, '~/[ab]/.', 'cannot'],
  ['/a*', { prefix: { defaultPrefix: 'DISABLED' } }, '/*', '/a*'],
  ['/a*', { prefix: { defaultPrefix: 'DISABLED' } }, '/ab*', '/ab*'],
  ['/a*', { prefix: { defaultPrefix: 'DISABLED' } }, '/b*', 'never'],
  ['/a*', { prefix: { defaultPrefix: 'DISABLED' } }, '/b', 'never'],
  ['/a*', { prefix: { defaultPrefix: 'DISABLED' } }, '~/.b', '~/.b within prefix /a'],
  ['/a', {}, '/*', '/a'],
  ['/a', {}, '/a', '/a'],
  ['/a', {}, '/b', 'never'],
  ['/a', {}, '~/.', '~/. within safe_regex /a(?:\\?.*)?'],
  ['/a', { path: { exact: '/b' } }, '/b*', '/a'],
  ['/a', { path: { exact: '/b' } }, '/b', '/a'],
  ['/a', { path: { exact: '/b' } }, '/a', 'never'],
  ['/a', { path: { exact: '/b' } }, '~/[ab]', 'cannot'],
  ['~/a.', {}, '/*', '~/a.'],
  ['~/a.', {}, '/a*', '~/a. within prefix /a'],
  ['~/a.', {}, '/ab', '~/a. within safe_regex /ab(?:\\?.*)?'],
  ['~/a.', {}, '~/a.', '~/a.'],
  ['~/a.', {}, '~/.b', 'cannot'],
  ['~/a.*', {}, '~/.b', '~/.b within prefix /a'],
  ['~/a.', { path: { exact: '/b' } }, '/b', '~/a.'],
  ['~/a.', { path: { exact: '/b' } }, '/c', 'never'],
];

test('conditions on the path, a gateway route’s and a route’s behind its rewrite, are one condition', async (t) => {
  for (const [outer, rewrite, inner, together] of combinations) {
    await t.test(`${outer} ${JSON.stringify(rewrite)} ${inner}`, () => {
      const gatewayPath = path(outer);
      const behind = pathBehind(gatewayPath, pathRewrite(gatewayPath, rewrite), path(inner));
      assert.equal(described(behind), together);
    });
  }
});

function described(behind: ReturnType<typeof pathBehind>): string {
  if (behind.kind !== 'some') return behind.kind === 'none' ? 'never' : 'cannot';
  const { kind, value } = behind.path;
  const text = kind === 'regex' ? `~${value}` : `${value}${kind === 'prefix' ? '*' : ''}`;
  const within = behind.within.flatMap(({ name, string_match = {} }) => {
    assert.equal(name, ':path');
    return Object.entries(string_match).map(([how, what]) => ` within ${how} ${what.regex ?? what}`);
  });
  return text + within.join('');
}
