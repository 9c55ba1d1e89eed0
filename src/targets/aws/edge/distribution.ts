import { CfnDistribution, CfnOriginAccessControl } from 'aws-cdk-lib/aws-cloudfront';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { limits } from '../../../edge/limits.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Api } from '../api.ts';
import type { EdgeFunctionVersions } from '../edge-functions.ts';
import type { Layer } from '../layer.ts';
import type { OriginHeader } from '../web-acl.ts';
import { distributionComment } from './distribution-name.ts';
import type { EdgePolicies } from './policies.ts';

/** What the distribution is made of. */
export interface DistributionInputs {
  readonly content: Bucket;
  readonly api: Api;
  readonly originHeader: OriginHeader;
  readonly policies: EdgePolicies;
  readonly functions: EdgeFunctionVersions;
  readonly webAclArn: string;
  readonly accessLogs: Bucket;
}

type Behavior = Plan['access']['behaviors'][number];

/** The CDN: the blueprint's behaviours in its order, the first that matches a path deciding, the last the default. */
export function createDistribution(layer: Layer, plan: Plan, inputs: DistributionInputs): CfnDistribution {
  const { content, api, originHeader, webAclArn, accessLogs } = inputs;
  const { domain, behaviors, clientTimeout, errorPages, origins } = plan.access;
  const behaviorOf = behaviorMaker(plan, inputs);
  return new CfnDistribution(layer, 'distribution', {
    distributionConfig: {
      comment: distributionComment(plan),
      enabled: true,
      httpVersion: 'http2and3',
      ipv6Enabled: true,
      webAclId: webAclArn,
      logging: { bucket: accessLogs.bucketRegionalDomainName, prefix: 'cdn/', includeCookies: false },
      ...(domain === undefined
        ? { viewerCertificate: { cloudFrontDefaultCertificate: true } }
        : {
            aliases: [domain.name],
            viewerCertificate: {
              acmCertificateArn: domain.certificateArn,
              minimumProtocolVersion: 'TLSv1.2_2021',
              sslSupportMethod: 'sni-only',
            },
          }),
      origins: Object.entries(origins).map(([id, origin]) =>
        'folder' in origin
          ? {
              id,
              domainName: content.bucketRegionalDomainName,
              originAccessControlId: createOriginAccess(layer, plan),
              s3OriginConfig: { originAccessIdentity: '' },
              connectionTimeout: seconds(limits.originConnectTimeout),
            }
          : {
              id,
              domainName: api.host,
              originPath: `/${api.stage}`,
              connectionTimeout: seconds(limits.originConnectTimeout),
              // One more, as the laptop's edge does with a read.
              connectionAttempts: 2,
              customOriginConfig: {
                originProtocolPolicy: 'https-only',
                originSslProtocols: ['TLSv1.2'],
                originReadTimeout: seconds(clientTimeout),
              },
              originCustomHeaders: [{ headerName: originHeader.name, headerValue: originHeader.value }],
            },
      ),
      defaultCacheBehavior: behaviorOf(behaviors.at(-1) as Behavior),
      cacheBehaviors: behaviors
        .slice(0, -1)
        .map((behavior) => ({ pathPattern: behavior.path, ...behaviorOf(behavior) })),
      ...(errorPages.length === 0
        ? {}
        : {
            customErrorResponses: errorPages.map(({ status, page, answer, ttl }) => ({
              errorCode: status,
              errorCachingMinTtl: ttl / 1000,
              ...(page === undefined || answer === undefined
                ? {}
                : { responsePagePath: page, responseCode: answer }),
            })),
          }),
    },
  });
}

/** Makes what a behaviour of the blueprint is in the distribution. */
function behaviorMaker(
  { access }: Plan,
  { policies, functions }: Pick<DistributionInputs, 'policies' | 'functions'>,
) {
  return (behavior: Behavior) => {
    const { origin, originRequestPolicy, responseHeadersPolicy } = behavior;
    const named = Object.entries(behavior.functions);
    return {
      targetOriginId: origin,
      viewerProtocolPolicy: behavior.viewerProtocol,
      allowedMethods: [...behavior.methods],
      cachedMethods: [...behavior.cachedMethods],
      compress: behavior.compress,
      cachePolicyId: policies.cache[behavior.cachePolicy] ?? '',
      ...(originRequestPolicy === undefined
        ? {}
        : { originRequestPolicyId: policies.originRequest[originRequestPolicy] ?? '' }),
      ...(responseHeadersPolicy === undefined
        ? {}
        : { responseHeadersPolicyId: policies.headers[responseHeadersPolicy] ?? '' }),
      ...(named.length === 0
        ? {}
        : {
            lambdaFunctionAssociations: named.map(([eventType, name]) => ({
              eventType,
              lambdaFunctionArn: functions[name] ?? '',
              includeBody: access.functions[name]?.includeBody === true && eventType.endsWith('-request'),
            })),
          }),
    };
  };
}

/** Signs every request to the bucket, which answers no other. */
function createOriginAccess(layer: Layer, { name }: Plan): string {
  return new CfnOriginAccessControl(layer, 'origin-access', {
    originAccessControlConfig: {
      name: `${name}-static`,
      originAccessControlOriginType: 's3',
      signingBehavior: 'always',
      signingProtocol: 'sigv4',
    },
  }).attrId;
}

/** Whole seconds, at least one: the vendor knows no smaller unit. */
function seconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}
