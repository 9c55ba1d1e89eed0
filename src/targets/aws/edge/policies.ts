import { CfnCachePolicy, CfnOriginRequestPolicy, CfnResponseHeadersPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { withPageScripts } from '../../../edge/page-scripts.ts';
import type { Plan } from '../../../model/plan.ts';
import type { NameSet } from '../../../model/sections/access/name-set.ts';
import type { Layer } from '../layer.ts';

/** Ids of the policies that behaviours name, by their name in the blueprint. */
export interface EdgePolicies {
  readonly cache: Readonly<Record<string, string>>;
  readonly originRequest: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

type Access = Plan['access'];

/**
 * Makes the blueprint's policies; those of the vendor's are there already.
 * @param folder absolute path of the static files
 */
export function createPolicies(layer: Layer, { name, access }: Plan, folder: string): EdgePolicies {
  return {
    cache: each(
      access.cachePolicies,
      (policy, key) => policy.managedId ?? createCache(layer, name, key, policy),
    ),
    originRequest: each(
      access.originRequestPolicies,
      (policy, key) => policy.managedId ?? createOriginRequest(layer, name, key, policy),
    ),
    headers: each(withPageScripts(access.responseHeadersPolicies, [folder]), (policy, key) =>
      createHeaders(layer, { platform: name, key, policy, explain: access.explain }),
    ),
  };
}

function each<Policy>(
  policies: Readonly<Record<string, Policy>>,
  id: (policy: Policy, name: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(policies).map(([name, policy]) => [name, id(policy, name)]));
}

function createCache(
  layer: Layer,
  platform: string,
  key: string,
  policy: Access['cachePolicies'][string],
): string {
  const { query, headers, cookies, compression } = policy;
  // Without caching there is no key, and the vendor takes none.
  return new CfnCachePolicy(layer, `${key}-cache`, {
    cachePolicyConfig: {
      name: `${platform}-${key}`,
      minTtl: policy.minTtl / 1000,
      defaultTtl: policy.defaultTtl / 1000,
      maxTtl: policy.maxTtl / 1000,
      parametersInCacheKeyAndForwardedToOrigin: {
        enableAcceptEncodingBrotli: compression.includes('br'),
        enableAcceptEncodingGzip: compression.includes('gzip'),
        cookiesConfig: { cookieBehavior: cookies.behavior, ...listed('cookies', cookies) },
        headersConfig:
          headers.length === 0
            ? { headerBehavior: 'none' }
            : { headerBehavior: 'whitelist', headers: [...headers] },
        queryStringsConfig: { queryStringBehavior: query.behavior, ...listed('queryStrings', query) },
      },
    },
  }).ref;
}

function createOriginRequest(
  layer: Layer,
  platform: string,
  key: string,
  { query, headers, cookies }: Access['originRequestPolicies'][string],
): string {
  return new CfnOriginRequestPolicy(layer, `${key}-origin-request`, {
    originRequestPolicyConfig: {
      name: `${platform}-${key}`,
      cookiesConfig: { cookieBehavior: cookies.behavior, ...listed('cookies', cookies) },
      headersConfig: {
        headerBehavior: headers.behavior === 'all' ? 'allViewer' : headers.behavior,
        ...listed('headers', headers),
      },
      queryStringsConfig: { queryStringBehavior: query.behavior, ...listed('queryStrings', query) },
    },
  }).ref;
}

function listed<Kind extends string>(kind: Kind, { items }: NameSet): { [key in Kind]?: string[] } {
  return items.length === 0 ? {} : ({ [kind]: [...items] } as { [key in Kind]?: string[] });
}

/** What a response headers policy is made of. */
interface HeadersInputs {
  readonly platform: string;
  readonly key: string;
  readonly policy: Access['responseHeadersPolicies'][string];
  readonly explain: boolean;
}

/** The header fields that the laptop's edge sets too, over whatever the origin sent. */
function createHeaders(layer: Layer, { platform, key, policy, explain }: HeadersInputs): string {
  const { security, custom, remove, cors } = policy;
  const { contentSecurityPolicy, contentTypeOptions, frameOptions, referrerPolicy } = security;
  const { strictTransportSecurity: transport } = security;
  const override = true;
  return new CfnResponseHeadersPolicy(layer, `${key}-headers`, {
    responseHeadersPolicyConfig: {
      name: `${platform}-${key}`,
      securityHeadersConfig: {
        ...(contentSecurityPolicy === undefined
          ? {}
          : { contentSecurityPolicy: { contentSecurityPolicy, override } }),
        ...(contentTypeOptions ? { contentTypeOptions: { override } } : {}),
        ...(frameOptions === undefined ? {} : { frameOptions: { frameOption: frameOptions, override } }),
        ...(referrerPolicy === undefined ? {} : { referrerPolicy: { referrerPolicy, override } }),
        ...(transport === undefined
          ? {}
          : {
              strictTransportSecurity: {
                accessControlMaxAgeSec: transport.maxAge / 1000,
                includeSubdomains: transport.includeSubdomains,
                ...(transport.preload ? { preload: true } : {}),
                override,
              },
            }),
      },
      ...(Object.keys(custom).length === 0
        ? {}
        : {
            customHeadersConfig: {
              items: Object.entries(custom).map(([header, value]) => ({ header, value, override })),
            },
          }),
      ...(remove.length === 0
        ? {}
        : { removeHeadersConfig: { items: remove.map((header) => ({ header })) } }),
      ...(cors === undefined
        ? {}
        : {
            corsConfig: {
              accessControlAllowOrigins: { items: [...cors.origins] },
              accessControlAllowMethods: { items: [...cors.methods] },
              accessControlAllowHeaders: { items: [...cors.headers] },
              accessControlAllowCredentials: cors.credentials,
              ...(cors.expose.length === 0
                ? {}
                : { accessControlExposeHeaders: { items: [...cors.expose] } }),
              accessControlMaxAgeSec: cors.maxAge / 1000,
              originOverride: override,
            },
          }),
      serverTimingHeadersConfig: { enabled: explain, ...(explain ? { samplingRate: 100 } : {}) },
    },
  }).ref;
}
