import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { plan } from '../../../src/model/plan.ts';

type Access = BlueprintDocument['access'];
type Behavior = Access['behaviors'][number];

/** A behaviour for the API that keeps answers. */
const caching: Behavior = { path: '/api/v1/data*', origin: 'api', cachePolicy: 'data' };

/** The mistakes of the blueprint with a change to its section, as 'path: allowed'. */
function mistakes(change: (access: Access) => void): string[] {
  const copy = structuredClone(blueprint);
  change(copy.access);
  return plan(copy).mistakes.map(({ path, allowed }) => `${path}: ${allowed}`);
}

/** A change that puts one behaviour before all others. */
const before = (behavior: Partial<Behavior>) => (access: Access) => {
  access.behaviors = [{ ...caching, ...behavior } as Behavior, ...access.behaviors];
};

/** A change of whole parts of the section. */
const set = (part: Partial<Access>) => (access: Access) => {
  Object.assign(access, part);
};

/** A change of one cache policy. */
const policy = (change: object) => (access: Access) => {
  access.cachePolicies = { ...access.cachePolicies, data: { ...access.cachePolicies?.data, ...change } };
};

describe('the section of client access', () => {
  const { access } = plan(blueprint).plan ?? assert.fail();

  test("has CloudFront's defaults where it says nothing", () => {
    const [assets] = access.behaviors;
    assert.deepEqual(assets?.methods, ['GET', 'HEAD']);
    assert.deepEqual(assets?.cachedMethods, ['GET', 'HEAD']);
    const { 'hashed-assets': hashed } = access.cachePolicies;
    assert.deepEqual(hashed?.query, { behavior: 'none', items: [] });
    assert.deepEqual([hashed?.headers, hashed?.cookies.behavior], [[], 'none']);
    const bare = plan({
      ...blueprint,
      access: { ...blueprint.access, cachePolicies: { ...blueprint.access.cachePolicies, documents: {} } },
    });
    const { documents } = bare.plan?.access.cachePolicies ?? {};
    assert.deepEqual(
      [documents?.minTtl, documents?.defaultTtl, documents?.maxTtl, documents?.compression],
      [0, 86_400_000, 31_536_000_000, []],
    );
  });

  test("has each policy that a behaviour names, CloudFront's own with their ids", () => {
    for (const { cachePolicy, originRequestPolicy } of access.behaviors) {
      assert.ok(access.cachePolicies[cachePolicy], cachePolicy);
      if (originRequestPolicy) assert.ok(access.originRequestPolicies[originRequestPolicy]);
    }
    const disabled = access.cachePolicies['Managed-CachingDisabled'];
    assert.deepEqual([disabled?.maxTtl, disabled?.managedId], [0, '4135ea2d-6df8-44a3-9df3-4b5a84be39ad']);
    assert.equal(access.cachePolicies['Managed-CachingOptimized'], undefined);
  });

  test('takes no token in the clear, and sends who opens a page to TLS', () => {
    const protocols = new Set(
      access.behaviors.map(({ origin, viewerProtocol }) => `${origin} ${viewerProtocol}`),
    );
    assert.deepEqual(protocols, new Set(['pages redirect-to-https', 'api https-only']));
  });

  test("keeps what is for one caller nowhere, a year's assets a year, and the data as the service says", () => {
    const policyOf = (path: string) =>
      access.cachePolicies[access.behaviors.find((one) => one.path === path)?.cachePolicy ?? ''];
    for (const path of ['/api/v1/secure*', '/session*', '/reports'])
      assert.equal(policyOf(path)?.maxTtl, 0, path);
    assert.equal(policyOf('/assets/*')?.maxTtl, 365 * 86_400_000);
    assert.deepEqual(policyOf('/api/v1/data*')?.query.items, ['limit', 'cursor', 'name']);
    assert.equal(policyOf('/api/v1/data*')?.defaultTtl, 0);
  });
});

describe('client access is refused', () => {
  const cases: readonly [what: string, change: (access: Access) => void, found: string][] = [
    ['an unknown origin', before({ origin: 'other' }), 'access.behaviors[0].origin: pages, api'],
    [
      'an unknown policy',
      before({ cachePolicy: 'Managed-Other' }),
      'access.behaviors[0].cachePolicy: Managed-CachingDisabled, ',
    ],
    [
      'an unknown function',
      before({ functions: { 'origin-request': 'other' } }),
      'access.behaviors[0].functions["origin-request"]: normalize',
    ],
    [
      'a default behaviour before others',
      before({ path: '/*' }),
      "access.behaviors[0].path: '/*' as the last",
    ],
    [
      'a list without a default',
      set({ behaviors: blueprint.access.behaviors.slice(0, -1) }),
      "access.behaviors[5].path: '/*': the last",
    ],
    [
      'two behaviours of one pattern',
      before({}),
      'access.behaviors[5].path: a pattern that no other behaviour has',
    ],
    [
      'methods no distribution has',
      before({ methods: ['GET', 'POST'] }),
      'access.behaviors[0].methods: GET HEAD, or ',
    ],
    [
      'cached methods that are not passed on',
      before({ cachedMethods: ['GET', 'HEAD', 'OPTIONS'] }),
      'access.behaviors[0].cachedMethods: methods of the behaviour',
    ],
    [
      'a default below the minimum',
      policy({ minTtl: '1m' }),
      'access.cachePolicies.data.defaultTtl: at least minTtl, 1m',
    ],
    [
      'a maximum below the default',
      policy({ defaultTtl: '2h' }),
      'access.cachePolicies.data.maxTtl: at least defaultTtl, 2h',
    ],
    [
      'a part of a second',
      policy({ defaultTtl: '1500ms' }),
      'access.cachePolicies.data.defaultTtl: whole seconds',
    ],
    ['a key of what is not cached', policy({ maxTtl: '0s' }), "access.cachePolicies.data.maxTtl: above '0s'"],
    [
      'more headers in a key than the quota',
      policy({ headers: Array.from({ length: 11 }, (_, index) => `h-${index}`) }),
      'access.cachePolicies.data.headers: at most 10 entries',
    ],
    [
      "a header in a key that is the edge's own affair",
      policy({ headers: ['If-None-Match'] }),
      'access.cachePolicies.data.headers[0]: a header that may be in a key',
    ],
    ['a name twice', policy({ query: ['limit', 'limit'] }), 'access.cachePolicies.data.query'],
    [
      'Authorization that is forwarded past the key',
      (access) => {
        policy({ headers: [] })(access);
        before({ path: '/api/v1/d*', originRequestPolicy: 'all' })(access);
        access.originRequestPolicies = { all: { headers: { except: ['host'] } } };
      },
      'access.behaviors[0].originRequestPolicy: a policy without Authorization',
    ],
    [
      'Authorization by itself in an origin request policy',
      (access) => {
        access.originRequestPolicies = { own: { headers: ['Authorization'] } };
      },
      'access.originRequestPolicies.own.headers[0]: a cache policy with it, or all headers',
    ],
    [
      'cookies that are forwarded past the key',
      (access) => {
        before({ path: '/api/v1/d*', originRequestPolicy: 'own' })(access);
        access.originRequestPolicies = { own: { cookies: ['theme'] } };
      },
      'access.behaviors[0].originRequestPolicy: a policy whose cookies are those of the key',
    ],
    [
      'keeping what needs a token',
      before({ path: '/api/v1/sec*' }),
      "access.behaviors[0].cachePolicy: 'Managed-CachingDisabled': /api/v1/secure",
    ],
    [
      'keeping sign-in',
      before({ path: '/session/x' }),
      "access.behaviors[0].cachePolicy: 'Managed-CachingDisabled': /session",
    ],
    [
      'more memory than a function has before viewers',
      set({ functions: { normalize: { source: './functions/normalize', memory: 256 } } }),
      'access.functions.normalize.memory: at most 128',
    ],
    [
      'more time than a function has before viewers',
      set({ functions: { normalize: { source: './functions/normalize', timeout: '6s' } } }),
      'access.functions.normalize.timeout: at most 5s',
    ],
    [
      'two pages for one error',
      set({ errorPages: [{ status: 404 }, { status: 404 }] }),
      'access.errorPages[1].status: a status that has no entry yet',
    ],
    [
      'a page without a status',
      set({ errorPages: [{ status: 404, page: '/404.html' }] }),
      'access.errorPages[0]: page and answer together',
    ],
    [
      'more behaviours than the quota',
      (access) => {
        access.behaviors = Array.from({ length: 76 }, (_, index) => ({ ...caching, path: `/${index}` }));
      },
      'access.behaviors: at most 75 entries',
    ],
    [
      'a page policy longer than the quota',
      set({
        responseHeadersPolicies: {
          pages: { security: { contentSecurityPolicy: 'x'.repeat(1784) } },
          data: {},
        },
      }),
      'access.responseHeadersPolicies.pages.security.contentSecurityPolicy: at most 1783 characters',
    ],
    [
      'a header that has its own place',
      set({
        responseHeadersPolicies: {
          pages: { custom: { 'X-Frame-Options': 'DENY' } },
          data: {},
        },
      }),
      'access.responseHeadersPolicies.pages.custom["X-Frame-Options"]: a header that is not under `security`',
    ],
  ];
  for (const [what, change, found] of cases) {
    test(`for ${what}`, () => {
      const all = mistakes(change);
      assert.ok(
        all.some((mistake) => mistake.startsWith(found)),
        JSON.stringify(all),
      );
    });
  }

  test("with the vendor's page where a quota is the reason", () => {
    const copy = structuredClone(blueprint);
    copy.access.functions = { normalize: { source: './functions/normalize', memory: 256 } };
    const [mistake] = plan(copy).mistakes;
    assert.match(mistake?.reference ?? '', /cloudfront-limits/);
  });
});
