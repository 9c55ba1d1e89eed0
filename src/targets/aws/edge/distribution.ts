import {
  CachePolicy,
  CfnDistribution,
  CfnFunction,
  CfnOriginAccessControl,
  OriginRequestPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { limits } from '../../../edge/limits.ts';
import type { Plan } from '../../../model/plan.ts';
import type { Api } from '../api.ts';
import type { Layer } from '../layer.ts';
import type { OriginHeader } from '../web-acl.ts';
import { bundleEdgeFunction } from './bundle.ts';
import type { EdgePolicies } from './policies.ts';

/** What the distribution is made of. */
export interface DistributionInputs {
  /** The project's folder, absolute. */
  readonly root: string;
  readonly content: Bucket;
  readonly api: Api;
  readonly originHeader: OriginHeader;
  readonly policies: EdgePolicies;
  readonly webAclArn: string;
  readonly accessLogs: Bucket;
}

type Behavior = Plan['access']['behaviors'][number];

/** The CDN: the blueprint's behaviours in its order, the first that matches a path deciding. */
export function createDistribution(layer: Layer, plan: Plan, inputs: DistributionInputs): CfnDistribution {
  const { content, api, originHeader, webAclArn, accessLogs } = inputs;
  const { domain, behaviors, clientTimeout } = plan.access;
  const behaviorOf = behaviorMaker(layer, plan, inputs);
  // The vendor's default behaviour has what no other has: the first that takes every path, or nothing.
  const last = behaviors.findIndex(({ path }) => path === '*' || path === '/*');
  const origin = last < 0 ? 'nothing' : (behaviors[last] as Behavior).origin;
  return new CfnDistribution(layer, 'distribution', {
    distributionConfig: {
      comment: `${plan.name}: what viewers reach`,
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
      origins: [
        {
          id: 'static',
          domainName: content.bucketRegionalDomainName,
          originAccessControlId: createOriginAccess(layer, plan),
          s3OriginConfig: { originAccessIdentity: '' },
          connectionTimeout: seconds(limits.originConnectTimeout),
        },
        {
          id: 'gateway',
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
      ],
      defaultCacheBehavior: behaviorOf(origin),
      cacheBehaviors: behaviors
        .slice(0, last < 0 ? behaviors.length : last)
        .map(({ path, origin: target }) => ({ pathPattern: path, ...behaviorOf(target) })),
    },
  });
}

/** Makes the function of each kind of behaviour once, when the first one asks for it. */
function behaviorMaker(layer: Layer, plan: Plan, { root, policies }: DistributionInputs) {
  const functions = new Map<string, CfnFunction>();

  function normalizeFor(origin: Behavior['origin'] | 'nothing'): string {
    const made = functions.get(origin) ?? createNormalize(layer, plan, { root, origin });
    functions.set(origin, made);
    return made.attrFunctionMetadataFunctionArn;
  }

  return (origin: Behavior['origin'] | 'nothing') => {
    const common = {
      targetOriginId: origin === 'nothing' ? 'static' : origin,
      functionAssociations: [{ eventType: 'viewer-request', functionArn: normalizeFor(origin) }],
      responseHeadersPolicyId: policies.headers[origin === 'gateway' ? 'gateway' : 'static'],
    };
    if (origin === 'gateway') {
      return {
        ...common,
        // A token is never to be sent in the clear, not even to be redirected.
        viewerProtocolPolicy: 'https-only',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        cachedMethods: ['GET', 'HEAD'],
        compress: false,
        cachePolicyId: CachePolicy.CACHING_DISABLED.cachePolicyId,
        originRequestPolicyId: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER.originRequestPolicyId,
      };
    }
    return {
      ...common,
      viewerProtocolPolicy: 'redirect-to-https',
      allowedMethods: ['GET', 'HEAD'],
      cachedMethods: ['GET', 'HEAD'],
      compress: true,
      cachePolicyId: policies.staticCache,
    };
  };
}

/** The function that brings requests into one form, built with what the behaviour's origin wants. */
function createNormalize(
  layer: Layer,
  { name, access }: Plan,
  { root, origin }: { root: string; origin: Behavior['origin'] | 'nothing' },
): CfnFunction {
  return new CfnFunction(layer, `normalize-${origin}`, {
    name: `${name}-normalize-${origin}`,
    autoPublish: true,
    functionConfig: { comment: `Requests for ${origin} in one form`, runtime: 'cloudfront-js-2.0' },
    functionCode: bundleEdgeFunction(root, 'normalize', {
      pages: origin === 'static',
      nothing: origin === 'nothing',
      ...(access.domain ? { host: access.domain.name } : {}),
    }),
  });
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
