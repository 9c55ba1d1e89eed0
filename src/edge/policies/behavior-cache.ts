import { createHash } from 'node:crypto';
import type { Plan } from '../../model/plan.ts';
import type { CachePolicyPlan } from '../../model/sections/access/managed-policies.ts';
import { cloudFrontPolicy } from '../cache/cloudfront-policy.ts';
import type { CachePolicy } from '../cache/policy.ts';
import { codingFor } from '../compression/negotiation.ts';

/** What a behaviour's cache is made of. */
export interface BehaviorCacheSettings {
  /** Name of the origin. */
  readonly origin: string;
  readonly policy: CachePolicyPlan;
  readonly cachedMethods: readonly string[];
  readonly compress: boolean;
  readonly errorPages: Plan['access']['errorPages'];
}

/** The rules by which a behaviour's answers are kept: CloudFront's, with the times and the key of its policies. */
export function behaviorCachePolicy(settings: BehaviorCacheSettings): CachePolicy {
  const { origin, policy, cachedMethods, compress, errorPages } = settings;
  const rules = cloudFrontPolicy({
    minTtl: policy.minTtl / 1000,
    defaultTtl: policy.defaultTtl / 1000,
    maxTtl: policy.maxTtl / 1000,
    key: { queryStrings: policy.query, headers: policy.headers, cookies: policy.cookies },
    cachesOptions: cachedMethods.includes('OPTIONS'),
    errorCachingMinTtl: Object.fromEntries(errorPages.map(({ status, ttl }) => [status, ttl / 1000])),
  });
  const { query, headers, cookies, compression } = policy;
  // What is stored outlives a change of the blueprint, and must not answer what it was not stored for.
  const space = digest([origin, query, headers, cookies, compression, compress]);
  const coding = codingFor(compression);
  return {
    ...rules,
    key: (parts) => `${space} ${coding(parts.headers) ?? ''} ${rules.key(parts)}`,
  };
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 12);
}
