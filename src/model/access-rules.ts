import { formatDuration } from '../kernel/units.ts';
import type { ParsedDocument } from './document.ts';
import { limits } from './limits.ts';
import { type Mistake, mistake } from './mistake.ts';
import { oneOf, type Rule } from './rule.ts';
import type { EventType } from './sections/access/edge-function.ts';
import { includes, type NameSet } from './sections/access/name-set.ts';
import { isDefaultPattern, patternMatcher } from './sections/access/path-pattern.ts';
import { policiesOf } from './sections/access/resolve.ts';

type Access = ParsedDocument['access'];
type Behavior = Access['behaviors'][number];

const keyPage =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-the-cache-key.html';
const policyPage =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cache-key-understand-cache-policy.html';
const authorizationPage =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html';
const originRequestPage =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-request-understand-origin-request-policy.html';
const errorPage =
  'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/GeneratingCustomErrorResponses.html';

/** What of client access depends on other parts of the document. */
export const accessRules: readonly Rule[] = [
  knownNames,
  behaviorOrder,
  methodSets,
  times,
  cacheKeys,
  privateRequests,
  neverStored,
  functionLimits,
  errorPages,
  policyCounts,
];

function* eachBehavior({ behaviors }: Access): Iterable<[Behavior, PropertyKey[]]> {
  for (const [index, behavior] of behaviors.entries()) yield [behavior, ['access', 'behaviors', index]];
}

function* knownNames({ access }: ParsedDocument): Iterable<Mistake> {
  const policies = policiesOf(access);
  const check = function* (at: PropertyKey[], named: string | undefined, known: object): Iterable<Mistake> {
    if (named !== undefined && !Object.hasOwn(known, named))
      yield mistake(at, named, oneOf(Object.keys(known)));
  };
  for (const [behavior, at] of eachBehavior(access)) {
    yield* check([...at, 'origin'], behavior.origin, access.origins);
    yield* check([...at, 'cachePolicy'], behavior.cachePolicy, policies.cache);
    yield* check([...at, 'originRequestPolicy'], behavior.originRequestPolicy, policies.originRequest);
    yield* check(
      [...at, 'responseHeadersPolicy'],
      behavior.responseHeadersPolicy,
      access.responseHeadersPolicies,
    );
    for (const [event, named] of Object.entries(behavior.functions))
      yield* check([...at, 'functions', event], named, access.functions);
  }
}

function* behaviorOrder({ access }: ParsedDocument): Iterable<Mistake> {
  const seen = new Set<string>();
  for (const [index, { path }] of access.behaviors.entries()) {
    const at = ['access', 'behaviors', index, 'path'];
    const last = index === access.behaviors.length - 1;
    const page = limits.pathPattern.reference;
    if (isDefaultPattern(path) !== last) {
      yield mistake(at, path, last ? "'/*': the last behaviour is the default" : "'/*' as the last", page);
    } else if (seen.has(path)) {
      yield mistake(at, path, 'a pattern that no other behaviour has', page);
    }
    seen.add(path);
  }
}

/** What is cached is also passed on. */
function* methodSets({ access }: ParsedDocument): Iterable<Mistake> {
  for (const [{ methods, cachedMethods }, at] of eachBehavior(access)) {
    if (cachedMethods.some((method) => !methods.includes(method))) {
      const page = limits.pathPattern.reference;
      yield mistake(
        [...at, 'cachedMethods'],
        cachedMethods,
        `methods of the behaviour: ${methods.join(' ')}`,
        page,
      );
    }
  }
}

function* times({ access }: ParsedDocument): Iterable<Mistake> {
  for (const [name, { minTtl, defaultTtl, maxTtl }] of Object.entries(access.cachePolicies)) {
    const at = ['access', 'cachePolicies', name];
    if (defaultTtl < minTtl) {
      const allowed = `at least minTtl, ${formatDuration(minTtl)}`;
      yield mistake([...at, 'defaultTtl'], formatDuration(defaultTtl), allowed, policyPage);
    }
    if (maxTtl < defaultTtl) {
      const allowed = `at least defaultTtl, ${formatDuration(defaultTtl)}`;
      yield mistake([...at, 'maxTtl'], formatDuration(maxTtl), allowed, policyPage);
    }
  }
}

/** Headers that are CloudFront's own affair, or that would make each request its own. */
const unkeyable =
  /^(?:accept-encoding|connection|content-length|cookie|expect|if-.*|range|te|trailer|transfer-encoding|upgrade|via|x-amz-cf-.*|x-edge-.*)$/i;

function* cacheKeys({ access }: ParsedDocument): Iterable<Mistake> {
  for (const [name, policy] of Object.entries(access.cachePolicies)) {
    const at = ['access', 'cachePolicies', name];
    for (const [index, header] of policy.headers.entries()) {
      if (unkeyable.test(header))
        yield mistake([...at, 'headers', index], header, 'a header that may be in a key', keyPage);
    }
    const keyed =
      policy.headers.length > 0 || policy.query.behavior !== 'none' || policy.cookies.behavior !== 'none';
    if (policy.maxTtl === 0 && (keyed || policy.compression.length > 0))
      yield mistake([...at, 'maxTtl'], '0s', "above '0s' where the policy has a key", policyPage);
  }
  for (const [name, { headers }] of Object.entries(access.originRequestPolicies)) {
    if (headers.behavior !== 'whitelist') continue;
    const index = headers.items.findIndex((header) => header.toLowerCase() === 'authorization');
    if (index < 0) continue;
    const at = ['access', 'originRequestPolicies', name, 'headers', index];
    yield mistake(at, 'Authorization', 'a cache policy with it, or all headers', originRequestPage);
  }
}

/** What tells one viewer from another reaches the origin only where it also tells their answers apart. */
function* privateRequests({ access }: ParsedDocument): Iterable<Mistake> {
  const policies = policiesOf(access);
  for (const [behavior, at] of eachBehavior(access)) {
    const cache = policies.cache[behavior.cachePolicy];
    const forwarded = policies.originRequest[behavior.originRequestPolicy ?? ''];
    if (!cache || !forwarded || cache.maxTtl === 0) continue;
    const found = behavior.originRequestPolicy;
    const keyed = cache.headers.some((header) => header.toLowerCase() === 'authorization');
    if (!keyed && includesIgnoringCase(forwarded.headers, 'authorization')) {
      const allowed = 'a policy without Authorization, or Authorization in the key, or no caching';
      yield mistake([...at, 'originRequestPolicy'], found, allowed, authorizationPage);
    }
    const cookies = forwarded.cookies;
    if (cookies.behavior !== 'none' && JSON.stringify(cookies) !== JSON.stringify(cache.cookies)) {
      const allowed = 'a policy whose cookies are those of the key, or no caching';
      yield mistake([...at, 'originRequestPolicy'], found, allowed, keyPage);
    }
  }
}

function includesIgnoringCase({ behavior, items }: NameSet, name: string): boolean {
  return includes({ behavior, items: items.map((item) => item.toLowerCase()) }, name);
}

/** The path of sign-in: what it answers is for one viewer, whoever serves it. */
const signInPath = '/session';

/** Where the gateway asks for a token, and at sign-in, nothing may be kept. */
function* neverStored({ access, gateway }: ParsedDocument): Iterable<Mistake> {
  const { cache } = policiesOf(access);
  const paths = gateway.routes.filter(({ auth }) => auth.mode === 'required').map(({ path }) => path);
  const reported = new Set<string>();
  for (const path of new Set([...paths, signInPath])) {
    for (const asked of [path, `${path.replace(/\/$/, '')}/x`]) {
      const index = access.behaviors.findIndex((behavior) => patternMatcher(behavior.path)(asked));
      const behavior = access.behaviors[index];
      const policy = behavior && cache[behavior.cachePolicy];
      if (!behavior || !policy || policy.maxTtl === 0) continue;
      if (!('gateway' in (access.origins[behavior.origin] ?? {}))) continue;
      if (reported.has(behavior.path)) continue;
      reported.add(behavior.path);
      const allowed = `'Managed-CachingDisabled': ${path} is for one caller at a time`;
      yield mistake(['access', 'behaviors', index, 'cachePolicy'], behavior.cachePolicy, allowed, keyPage);
    }
  }
}

const viewerEvents: readonly EventType[] = ['viewer-request', 'viewer-response'];

function* functionLimits({ access }: ParsedDocument): Iterable<Mistake> {
  const used = (name: string) =>
    viewerEvents.some((event) => access.behaviors.some(({ functions }) => functions[event] === name));
  for (const [name, { memory, timeout }] of Object.entries(access.functions)) {
    if (!used(name)) continue;
    const at = ['access', 'functions', name];
    const { viewerFunctionMemory, viewerFunctionTimeout } = limits;
    if (memory > viewerFunctionMemory.value) {
      const allowed = `at most ${viewerFunctionMemory.value} on a viewer event`;
      yield mistake([...at, 'memory'], memory, allowed, viewerFunctionMemory.reference);
    }
    if (timeout > viewerFunctionTimeout.value) {
      const allowed = `at most ${formatDuration(viewerFunctionTimeout.value)} on a viewer event`;
      yield mistake([...at, 'timeout'], formatDuration(timeout), allowed, viewerFunctionTimeout.reference);
    }
  }
}

function* errorPages({ access }: ParsedDocument): Iterable<Mistake> {
  const seen = new Set<number>();
  for (const [index, { status }] of access.errorPages.entries()) {
    const at = ['access', 'errorPages', index, 'status'];
    if (seen.has(status)) yield mistake(at, status, 'a status that has no entry yet', errorPage);
    seen.add(status);
  }
}

function* policyCounts({ access }: ParsedDocument): Iterable<Mistake> {
  for (const kind of ['cachePolicies', 'originRequestPolicies', 'responseHeadersPolicies'] as const) {
    const count = Object.keys(access[kind]).length;
    const { value, reference } = limits.edgePolicies;
    if (count > value) yield mistake(['access', kind], `${count} policies`, `at most ${value}`, reference);
  }
  const origins = Object.keys(access.origins).length;
  const { value, reference } = limits.edgeOrigins;
  if (origins > value)
    yield mistake(['access', 'origins'], `${origins} origins`, `at most ${value}`, reference);
  const triggers = access.behaviors.reduce((sum, { functions }) => sum + Object.keys(functions).length, 0);
  if (triggers > limits.edgeFunctions.value) {
    const allowed = `at most ${limits.edgeFunctions.value} functions on all behaviours together`;
    yield mistake(['access', 'behaviors'], `${triggers} functions`, allowed, limits.edgeFunctions.reference);
  }
}
