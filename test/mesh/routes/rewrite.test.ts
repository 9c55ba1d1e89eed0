import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startEcho } from './echo.ts';
import { gateway, host, service, toNode, toService } from './models.ts';
import { startRouter } from './router.ts';

const prefixTo = (value: string) => ({ rewrite: { prefix: { value } } });
const pathTo = (exact: string) => ({ rewrite: { path: { exact } } });
const prefixBy = (defaultPrefix: string) => ({ rewrite: { prefix: { defaultPrefix } } });
const hostBy = (defaultTargetHostname: string) => ({ rewrite: { hostname: { defaultTargetHostname } } });

interface Case {
  readonly says: string;
  readonly match: object;
  readonly action: object;
  /** Paths as they come in, and as they arrive. */
  readonly paths: Readonly<Record<string, string>>;
}

const cases: Case[] = [
  {
    says: 'nothing is said: a prefix becomes /, with one slash and no more',
    match: { prefix: '/red' },
    action: {},
    paths: {
      '/red': '/',
      '/red/': '/',
      '/red/tell': '/tell',
      '/redder': '/der',
      '/red//tell': '/tell',
      '/red?a=/red/b': '/?a=/red/b',
      '/red/red': '/red',
      '/red/a%2Fb': '/a%2Fb',
    },
  },
  {
    says: 'a prefix that ends in a slash becomes /',
    match: { prefix: '/red/' },
    action: {},
    paths: { '/red/': '/', '/red/tell?a': '/tell?a', '/red/red/': '/red/' },
  },
  {
    says: 'the prefix / stays',
    match: { prefix: '/' },
    action: {},
    paths: { '/': '/', '/a/b?c': '/a/b?c', '//a': '//a' },
  },
  {
    says: 'the default prefix is said to be enabled',
    match: { prefix: '/red' },
    action: prefixBy('ENABLED'),
    paths: { '/red/tell': '/tell' },
  },
  {
    says: 'the default prefix is disabled: the path stays',
    match: { prefix: '/red' },
    action: prefixBy('DISABLED'),
    paths: { '/red': '/red', '/red/tell': '/red/tell' },
  },
  {
    says: 'a prefix becomes another',
    match: { prefix: '/maroon/' },
    action: prefixTo('/red/'),
    paths: { '/maroon/tell?a=b': '/red/tell?a=b', '/maroon/': '/red/' },
  },
  {
    says: 'a prefix without a slash at its end becomes one with it',
    match: { prefix: '/v1' },
    action: prefixTo('/api/'),
    paths: { '/v1': '/api/', '/v1/a': '/api/a', '/v1a': '/api/a' },
  },
  {
    says: 'a prefix stays what it is',
    match: { prefix: '/v1/' },
    action: prefixTo('/v1/'),
    paths: { '/v1/a': '/v1/a' },
  },
  {
    says: 'characters that mean something in a regular expression are themselves',
    match: { prefix: '/a.b+(c)/' },
    action: prefixTo('/\\1$&/'),
    paths: { '/a.b+(c)/d': '/\\1$&/d' },
  },
  {
    says: 'no path is matched: a prefix is put before it',
    match: { hostname: { suffix: '.test' } },
    action: prefixTo('/api/'),
    paths: { '/': '/api/', '/a': '/api/a' },
  },
  {
    says: 'an exact path stays',
    match: { path: { exact: '/a' } },
    action: {},
    paths: { '/a?b': '/a?b' },
  },
  {
    says: 'an exact path becomes another',
    match: { path: { exact: '/a' } },
    action: pathTo('/b/c'),
    paths: { '/a': '/b/c', '/a?b=c': '/b/c?b=c' },
  },
  {
    says: 'a path matched by a regular expression stays',
    match: { path: { regex: '/a/[0-9]+' } },
    action: {},
    paths: { '/a/12': '/a/12' },
  },
  {
    says: 'a path matched by a regular expression becomes another',
    match: { path: { regex: '/a/[0-9]+' } },
    action: pathTo('/b'),
    paths: { '/a/12?c': '/b?c' },
  },
];

test('the path of a request behind a gateway route, where', async (t) => {
  const backend = service({ route: toNode('node') });
  const routers = cases.map(({ match, action }, index) => [
    `${index}`,
    gateway({ route: toService(match, action) }, [backend]),
  ]);
  const address = await startEcho(t);
  const router = await startRouter(t, Object.fromEntries(routers), { clusters: { node: { address } } });
  for (const [index, { says, paths }] of cases.entries()) {
    await t.test(says, async () => {
      const got: Record<string, string> = {};
      for (const path of Object.keys(paths)) {
        const { body } = await router.send({ path, host: 'any.test' }, `${index}`);
        got[path] = body.replace(host, '');
      }
      assert.deepEqual(got, paths);
    });
  }
});

test('the Host behind a gateway route is the virtual service’s name unless that is disabled', async (t) => {
  const backend = service({ route: toNode('node'), call: { grpcRoute: grpcRoute() } });
  const grpc = (action: object) => ({
    grpcRoute: {
      match: { serviceName: 's' },
      action: { target: { virtualService: { virtualServiceName: host } }, ...action },
    },
  });
  const routes = {
    default: toService({ prefix: '/' }),
    enabled: toService({ prefix: '/' }, hostBy('ENABLED')),
    disabled: toService({ prefix: '/' }, hostBy('DISABLED')),
    grpcDefault: grpc({}),
    grpcDisabled: grpc(hostBy('DISABLED')),
  };
  const router = await startRouter(
    t,
    Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, gateway({ route }, [backend])])),
    { clusters: { node: { address: await startEcho(t) } } },
  );
  const headers = { 'content-type': 'application/grpc' };
  const arrived = async (name: string) =>
    (await router.send({ host: 'www.test:81', path: '/s/m', headers }, name)).body.replace('/s/m', '');
  const names = Object.keys(routes);
  const got = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await arrived(name)])));
  assert.deepEqual(got, {
    default: host,
    enabled: host,
    disabled: 'www.test:81',
    grpcDefault: host,
    grpcDisabled: 'www.test:81',
  });
});

function grpcRoute() {
  return { match: {}, action: { weightedTargets: [{ virtualNode: 'node', weight: 1 }] } };
}
