import type { z } from 'zod';
import type { cachePolicy } from './cache-policy.ts';
import type { NameSet } from './name-set.ts';
import type { originRequestPolicy } from './origin-request-policy.ts';

/** A cache policy with every default filled in; of one of CloudFront's own also its id. */
export type CachePolicyPlan = Readonly<z.output<typeof cachePolicy>> & { readonly managedId?: string };
/** An origin request policy with every default filled in; of one of CloudFront's own also its id. */
export type OriginRequestPolicyPlan = Readonly<z.output<typeof originRequestPolicy>> & {
  readonly managedId?: string;
};

const day = 86_400_000;
const none: NameSet = { behavior: 'none', items: [] };
const all: NameSet = { behavior: 'all', items: [] };
const listed = (...items: string[]): NameSet => ({ behavior: 'whitelist', items });

const originControlled: CachePolicyPlan = {
  minTtl: 0,
  defaultTtl: 0,
  maxTtl: 365 * day,
  query: none,
  headers: ['Host', 'Origin', 'X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'],
  cookies: all,
  compression: ['br', 'gzip'],
  managedId: '83da9c7e-98b4-4e11-a168-04f0df8e2c65',
};
const optimized: CachePolicyPlan = {
  minTtl: 1000,
  defaultTtl: day,
  maxTtl: 365 * day,
  query: none,
  headers: [],
  cookies: none,
  compression: ['br', 'gzip'],
  managedId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
};

/**
 * CloudFront's own cache policies.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
 */
export const managedCachePolicies: Readonly<Record<string, CachePolicyPlan>> = {
  'Managed-CachingDisabled': {
    ...optimized,
    minTtl: 0,
    defaultTtl: 0,
    maxTtl: 0,
    compression: [],
    managedId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  },
  'Managed-CachingOptimized': optimized,
  'Managed-CachingOptimizedForUncompressedObjects': {
    ...optimized,
    compression: [],
    managedId: 'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
  },
  'Managed-UseOriginCacheControlHeaders': originControlled,
  'Managed-UseOriginCacheControlHeaders-QueryStrings': {
    ...originControlled,
    query: all,
    managedId: '4cc15a8a-d715-48a4-82b8-cc0b614638fe',
  },
};

/**
 * CloudFront's own origin request policies, but for those that send the viewer's Host: the gateway would not know it.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
 */
export const managedOriginRequestPolicies: Readonly<Record<string, OriginRequestPolicyPlan>> = {
  'Managed-AllViewerExceptHostHeader': {
    query: all,
    headers: { behavior: 'allExcept', items: ['Host'] },
    cookies: all,
    managedId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
  },
  'Managed-CORS-CustomOrigin': {
    query: none,
    headers: listed('Origin'),
    cookies: none,
    managedId: '59781a5b-3903-41f3-afcb-af62929ccde1',
  },
  'Managed-CORS-S3Origin': {
    query: none,
    headers: listed('Access-Control-Request-Headers', 'Access-Control-Request-Method', 'Origin'),
    cookies: none,
    managedId: '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf',
  },
  'Managed-UserAgentRefererHeaders': {
    query: none,
    headers: listed('User-Agent', 'Referer'),
    cookies: none,
    managedId: 'acba4595-bd28-49b8-b9fe-13317c0390fa',
  },
};
