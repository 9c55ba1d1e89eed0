import type { Settings } from '../settings.ts';
import { type Properties, resourceOf, resourcesOf, type Templates } from './templates.ts';

/** What the templates say of the CDN. */
export function edgeSettings(templates: Templates): Settings {
  const { DistributionConfig } = resourceOf(templates, 'edge', 'AWS::CloudFront::Distribution');
  const config = DistributionConfig as Properties;
  const origins = config.Origins as readonly Properties[];
  const gateway = origins.find(({ CustomOriginConfig }) => CustomOriginConfig)
    ?.CustomOriginConfig as Properties;
  const headers = Object.values(resourcesOf(templates, 'edge', 'AWS::CloudFront::ResponseHeadersPolicy')).map(
    ({ ResponseHeadersPolicyConfig }) => ResponseHeadersPolicyConfig as Properties,
  );
  const behaviors = [
    ...((config.CacheBehaviors ?? []) as readonly Properties[]),
    { ...(config.DefaultCacheBehavior as Properties), PathPattern: '/*' },
  ];
  return {
    ...Object.fromEntries(
      behaviors.flatMap(({ PathPattern, TargetOriginId }) => [
        [`access.behaviors.${PathPattern}.path`, String(PathPattern)],
        [`access.behaviors.${PathPattern}.origin`, String(TargetOriginId)],
      ]),
    ),
    'access.clientTimeout': Number(gateway.OriginReadTimeout) * 1000,
    'access.explain': headers.every(
      ({ ServerTimingHeadersConfig }) => (ServerTimingHeadersConfig as Properties).Enabled === true,
    ),
    ...Object.assign({}, ...headers.map(headerSettings)),
  };
}

function headerSettings(policy: Properties): Settings {
  const origin = /-(pages|data)$/.exec(String(policy.Name))?.[1];
  const security = policy.SecurityHeadersConfig as Record<string, Properties>;
  const { Items } = policy.CustomHeadersConfig as { readonly Items: readonly Properties[] };
  const { AccessControlMaxAgeSec, IncludeSubdomains } = security.StrictTransportSecurity ?? {};
  const values = {
    ...Object.fromEntries(Items.map(({ Header, Value }) => [Header, Value])),
    'content-security-policy': security.ContentSecurityPolicy?.ContentSecurityPolicy,
    'referrer-policy': security.ReferrerPolicy?.ReferrerPolicy,
    'x-frame-options': security.FrameOptions?.FrameOption,
    'x-content-type-options': security.ContentTypeOptions ? 'nosniff' : '',
    'strict-transport-security': `max-age=${AccessControlMaxAgeSec}${IncludeSubdomains ? '; includeSubDomains' : ''}`,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [`edge.headers.${origin}.${name}`, String(value)]),
  );
}
