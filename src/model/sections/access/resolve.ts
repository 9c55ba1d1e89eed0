import type { ParsedDocument } from '../../document.ts';
import {
  type CachePolicyPlan,
  managedCachePolicies,
  managedOriginRequestPolicies,
  type OriginRequestPolicyPlan,
} from './managed-policies.ts';

type Access = ParsedDocument['access'];

/** All policies a behaviour may name: the section's and CloudFront's own. */
export function policiesOf(access: Pick<Access, 'cachePolicies' | 'originRequestPolicies'>): {
  readonly cache: Readonly<Record<string, CachePolicyPlan>>;
  readonly originRequest: Readonly<Record<string, OriginRequestPolicyPlan>>;
} {
  return {
    cache: { ...managedCachePolicies, ...access.cachePolicies },
    originRequest: { ...managedOriginRequestPolicies, ...access.originRequestPolicies },
  };
}

/**
 * The section as readers take it: each policy that a behaviour names is there under its name, CloudFront's own with
 * their ids.
 */
export function resolveAccess(access: Access) {
  const policies = policiesOf(access);
  const named = (pick: (behavior: Access['behaviors'][number]) => string | undefined) =>
    new Set(access.behaviors.map(pick));
  const cache = named(({ cachePolicy }) => cachePolicy);
  const originRequest = named(({ originRequestPolicy }) => originRequestPolicy);
  return {
    ...access,
    cachePolicies: picked(policies.cache, cache),
    originRequestPolicies: picked(policies.originRequest, originRequest),
    behaviors: access.behaviors.map((behavior) => ({
      ...behavior,
      // A token is never to be sent in the clear, not even to be redirected.
      viewerProtocol:
        behavior.viewerProtocol ??
        ('gateway' in (access.origins[behavior.origin] ?? {}) ? 'https-only' : 'redirect-to-https'),
    })),
  };
}

function picked<Policy>(
  policies: Readonly<Record<string, Policy>>,
  names: ReadonlySet<string | undefined>,
): Record<string, Policy> {
  return Object.fromEntries(Object.entries(policies).filter(([name]) => names.has(name)));
}
