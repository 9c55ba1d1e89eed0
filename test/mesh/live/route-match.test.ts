import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHttpApplication } from './applications/http.ts';
import type { Question } from './clients/http.ts';
import { called, meshOf, type RouteSpec, to } from './definition.ts';
import { startCaller } from './proxies.ts';
import { expectKinds, meshOfKinds, type RouteKind } from './route-kinds.ts';

type Match = NonNullable<RouteSpec['httpRoute']>['match'];
type Kind = RouteKind<Match, Question>;

const header = (name: string, value: string): Question => ({ headers: { [name]: value } });
const version = (match: object | undefined, invert = false): Match => ({
  prefix: '/',
  headers: [{ name: 'x-version', invert, ...(match ? { match } : {}) }],
});

/** A condition on a header, and which values of it match; none stands for a request without the header. */
const headerKinds = [
  { title: 'is there', match: undefined, matching: ['', 'any'], others: [undefined] },
  { title: 'is exactly a text', match: { exact: 'v1' }, matching: ['v1'], others: ['v10', 'V1', undefined] },
  {
    title: 'starts with a text',
    match: { prefix: 'v1' },
    matching: ['v1', 'v10'],
    others: ['av1', undefined],
  },
  {
    title: 'ends with a text',
    match: { suffix: '-beta' },
    matching: ['v1-beta'],
    others: ['beta', undefined],
  },
  {
    title: 'is matched by an expression',
    match: { regex: 'v[12]' },
    matching: ['v1', 'v2'],
    others: ['v12', undefined],
  },
  {
    title: 'is a number in a range, its end left out',
    match: { range: { start: 10, end: 20 } },
    matching: ['10', '19'],
    others: ['9', '20', 'ten', undefined],
  },
];

const questionWith = (value: string | undefined): Question =>
  value === undefined ? {} : header('x-version', value);

/** Inverted, a condition on a value asks for a header with another one; where there is no header, nothing is matched. */
function inverted(
  match: object | undefined,
  matching: readonly string[],
  others: readonly (string | undefined)[],
) {
  const [values, absent] = [others.filter((value) => value !== undefined), [undefined]];
  return match
    ? { matching: values.map(questionWith), others: [...matching, ...absent].map(questionWith) }
    : { matching: absent.map(questionWith), others: matching.map(questionWith) };
}

const kinds: readonly Kind[] = [
  {
    title: 'a prefix of the path',
    match: { prefix: '/orders' },
    matching: [{ path: '/orders' }, { path: '/orders/1?expand=true' }],
    others: [{ path: '/' }, { path: '/old/orders' }],
  },
  {
    title: 'an exact path',
    match: { path: { exact: '/orders' } },
    matching: [{ path: '/orders' }, { path: '/orders?expand=true' }],
    others: [{ path: '/orders/1' }, { path: '/' }],
  },
  {
    title: 'an expression for the whole path',
    match: { path: { regex: '/orders/[0-9]+' } },
    matching: [{ path: '/orders/12' }, { path: '/orders/12?expand=true' }],
    others: [{ path: '/orders/12/lines' }, { path: '/orders/x' }, { path: '/v1/orders/12' }],
  },
  {
    title: 'a method',
    match: { prefix: '/', method: 'POST' },
    matching: [{ method: 'POST' }],
    others: [{ method: 'GET' }, { method: 'PUT' }],
  },
  {
    title: 'the scheme http',
    match: { prefix: '/', scheme: 'http' },
    matching: [{}],
    others: [header('x-forwarded-proto', 'https')],
  },
  {
    title: 'the scheme https',
    match: { prefix: '/', scheme: 'https' },
    matching: [header('x-forwarded-proto', 'https')],
    others: [{}],
  },
  {
    title: 'a query parameter with a value',
    match: { prefix: '/', queryParameters: [{ name: 'page', match: { exact: '2' } }] },
    matching: [{ path: '/?page=2' }, { path: '/a?size=1&page=2' }],
    others: [{ path: '/' }, { path: '/?page=20' }, { path: '/?Page=2' }, { path: '/page=2' }],
  },
  {
    title: 'a query parameter with any value',
    match: { prefix: '/', queryParameters: [{ name: 'page' }] },
    matching: [{ path: '/?page=2' }, { path: '/?page=' }],
    others: [{ path: '/' }, { path: '/?pages=2' }],
  },
  {
    title: 'all of its conditions',
    match: { ...version({ exact: 'v1' }), method: 'GET', queryParameters: [{ name: 'page' }] },
    matching: [{ path: '/?page=1', ...header('x-version', 'v1') }],
    others: [
      header('x-version', 'v1'),
      { path: '/?page=1' },
      { path: '/?page=1', method: 'POST', ...header('x-version', 'v1') },
    ],
  },
  ...headerKinds.flatMap(({ title, match, matching, others }): Kind[] => [
    {
      title: `a header that ${title}`,
      match: version(match),
      matching: matching.map(questionWith),
      others: others.map(questionWith),
    },
    {
      title: `a header unless it ${title}`,
      match: version(match, true),
      ...inverted(match, matching, others),
    },
  ]),
];

test('a route matches by', async (t) => {
  const mesh = meshOfKinds('http', kinds, { prefix: '/' });
  const matched = await startHttpApplication(t, 'matched');
  const other = await startHttpApplication(t, 'other');
  const endpoints = { matched: [matched.address], other: [other.address] };
  const proxy = await startCaller(t, mesh, { endpoints });
  await expectKinds(t, kinds, async (service, question) => (await proxy.call(service, question)).body);
});

test('routes are tried', async (t) => {
  const route = (prefix: string, node: string, priority?: number, port?: number): RouteSpec => ({
    ...(priority === undefined ? {} : { priority }),
    httpRoute: { match: { prefix, ...(port === undefined ? {} : { port }) }, action: to({ [node]: 1 }) },
  });
  const mesh = meshOf({
    nodes: { first: called('http'), second: called('http') },
    services: {
      'ordered.local': { late: route('/', 'second', 10), early: route('/', 'first', 0) },
      'reversed.local': { late: route('/', 'second', 0), early: route('/', 'first', 10) },
      'unordered.local': { short: route('/', 'second'), long: route('/orders', 'first', 1000) },
      'ports.local': { one: route('/', 'first', 1, 8080), two: route('/', 'second', 2, 9090) },
    },
    ports: { 'ports.local': [8080, 9090] },
  });
  const first = await startHttpApplication(t, 'first');
  const second = await startHttpApplication(t, 'second');
  const proxy = await startCaller(t, mesh, {
    endpoints: { first: [first.address], second: [second.address] },
  });

  await t.test('by priority, the smallest number first, and not as they are written', async () => {
    assert.equal((await proxy.call('ordered.local')).body, 'first');
    assert.equal((await proxy.call('reversed.local')).body, 'second');
  });

  await t.test('with a priority before those without one', async () => {
    assert.equal((await proxy.call('unordered.local', { path: '/orders' })).body, 'first');
    assert.equal((await proxy.call('unordered.local', { path: '/' })).body, 'second');
  });

  await t.test('only for the port they name', async () => {
    assert.equal((await proxy.call('ports.local:8080')).body, 'first');
    assert.equal((await proxy.call('ports.local:9090')).body, 'second');
  });

  await t.test('whatever port the Host has when the service has only one', async () => {
    assert.equal((await proxy.call('ordered.local:1234')).body, 'first');
  });
});
