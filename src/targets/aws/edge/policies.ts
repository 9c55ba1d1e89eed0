import { CfnCachePolicy, CfnResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { securityHeaders } from '../../../edge/security-headers.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Layer } from '../layer.ts';

/** Ids of the policies a behaviour names. */
export interface EdgePolicies {
  /** Static files: kept as long as the origin says, by path alone. */
  readonly staticCache: string;
  /** Response headers of pages, and of the API's answers. */
  readonly headers: { readonly static: string; readonly gateway: string };
}

/** Seconds; a year is the longest a copy is kept. */
const times = { minTtl: 0, defaultTtl: 86_400, maxTtl: 31_536_000 };

/** Makes the policies. */
export function createPolicies(layer: Layer, plan: Plan): EdgePolicies {
  const cache = new CfnCachePolicy(layer, 'static-cache', {
    cachePolicyConfig: {
      name: `${plan.name}-static`,
      comment: 'Static files by path',
      ...times,
      parametersInCacheKeyAndForwardedToOrigin: {
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
        cookiesConfig: { cookieBehavior: 'none' },
        headersConfig: { headerBehavior: 'none' },
        queryStringsConfig: { queryStringBehavior: 'none' },
      },
    },
  });
  return {
    staticCache: cache.ref,
    headers: {
      static: createHeaders(layer, plan, 'static'),
      gateway: createHeaders(layer, plan, 'gateway'),
    },
  };
}

/** The header fields that the laptop's edge sets too, over whatever the origin sent. */
function createHeaders(layer: Layer, { name, access }: Plan, origin: 'static' | 'gateway'): string {
  const {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': referrerPolicy,
    'strict-transport-security': transportSecurity,
    'x-content-type-options': _nosniff,
    'x-frame-options': frameOption,
    ...custom
  } = securityHeaders({ page: origin === 'static', encrypted: true });
  const { maxAge, includeSubdomains } = strictTransport(String(transportSecurity));
  const override = true;
  const policy = new CfnResponseHeadersPolicy(layer, `${origin}-headers`, {
    responseHeadersPolicyConfig: {
      name: `${name}-${origin}`,
      comment: origin === 'static' ? 'What a page may do' : 'What an answer of the API may do',
      securityHeadersConfig: {
        contentSecurityPolicy: { contentSecurityPolicy: String(contentSecurityPolicy), override },
        contentTypeOptions: { override },
        frameOptions: { frameOption: String(frameOption), override },
        referrerPolicy: { referrerPolicy: String(referrerPolicy), override },
        strictTransportSecurity: { accessControlMaxAgeSec: maxAge, includeSubdomains, override },
      },
      customHeadersConfig: {
        items: Object.entries(custom).map(([header, value]) => ({ header, value: String(value), override })),
      },
      serverTimingHeadersConfig: {
        enabled: access.explain,
        ...(access.explain ? { samplingRate: 100 } : {}),
      },
    },
  });
  return policy.ref;
}

/** The parts of a Strict-Transport-Security field (RFC 6797, section 6.1). */
function strictTransport(field: string): { maxAge: number; includeSubdomains: boolean } {
  const [, seconds = '0'] = /max-age=(\d+)/.exec(field) ?? [];
  return { maxAge: Number(seconds), includeSubdomains: field.includes('includeSubDomains') };
}
