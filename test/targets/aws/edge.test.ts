import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import blueprint from '../../../blueprint.ts';
import { cacheControls } from '../../../src/edge/cache-control.ts';
import { withPageScripts } from '../../../src/edge/page-scripts.ts';
import { pagesFolder } from '../../../src/edge/pages-folder.ts';
import { securityHeaders } from '../../../src/edge/security-headers.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { createApiStack } from '../../../src/targets/aws/api.ts';
import { createAuditStack } from '../../../src/targets/aws/audit.ts';
import { createEdgeStack } from '../../../src/targets/aws/edge.ts';
import { templateAlone } from './alone.ts';
import { planOf, root } from './plan.ts';
import { onlyOf, type Properties, propertiesOf } from './resources.ts';
import { templateOf } from './templates.ts';

interface Behavior extends Properties {
  readonly TargetOriginId: string;
  readonly LambdaFunctionAssociations?: readonly Properties[];
}

interface Distribution extends Properties {
  readonly DefaultCacheBehavior: Behavior;
  readonly CacheBehaviors: readonly (Behavior & { readonly PathPattern: string })[];
  readonly Origins: readonly (Properties & { readonly Id: string })[];
}

const distributionOf = (template = templateOf('edge')) =>
  onlyOf(template, 'AWS::CloudFront::Distribution').DistributionConfig as Distribution;

/** The CDN's template for a changed blueprint. */
function changed(change: (copy: BlueprintDocument) => void): Template {
  return templateAlone('edge', change, ({ deployment, plan, keys, logs }) => {
    createEdgeStack(deployment, plan, {
      api: createApiStack(deployment, plan),
      audit: createAuditStack(deployment, plan, { keys, logs }),
      functions: { normalize: 'normalize:1' },
      keys,
      logs,
      webAclArn: 'web-acl',
    });
  });
}

describe('the CDN', () => {
  test('has the behaviours of the blueprint in its order, the one for every path as the default', () => {
    const { CacheBehaviors, DefaultCacheBehavior } = distributionOf();
    assert.deepEqual(
      [
        ...CacheBehaviors.map(({ PathPattern, TargetOriginId }) => [PathPattern, TargetOriginId]),
        ['/*', DefaultCacheBehavior.TargetOriginId],
      ],
      planOf(blueprint).access.behaviors.map(({ path, origin }) => [path, origin]),
    );
  });

  test('shows bodies to the functions that are to see them, at requests', () => {
    const { CacheBehaviors } = distributionOf(
      changed((copy) => {
        copy.access.functions = { normalize: { source: './functions/normalize', includeBody: true } };
        const [first] = copy.access.behaviors;
        if (first) first.functions = { 'viewer-request': 'normalize', 'viewer-response': 'normalize' };
      }),
    );
    assert.deepEqual(
      CacheBehaviors[0]?.LambdaFunctionAssociations?.map(({ IncludeBody }) => IncludeBody),
      [true, false],
    );
  });

  test('runs the functions of each behaviour at their events, without the body', () => {
    const { CacheBehaviors, DefaultCacheBehavior } = distributionOf(
      changed((copy) => {
        for (const behavior of copy.access.behaviors) behavior.functions = {};
        const [first] = copy.access.behaviors;
        if (first) first.functions = { 'viewer-request': 'normalize', 'origin-response': 'normalize' };
      }),
    );
    const [first, ...others] = [...CacheBehaviors, DefaultCacheBehavior];
    const association = (EventType: string) => ({
      EventType,
      LambdaFunctionARN: 'normalize:1',
      IncludeBody: false,
    });
    assert.deepEqual(first?.LambdaFunctionAssociations, [
      association('viewer-request'),
      association('origin-response'),
    ]);
    for (const other of others) assert.equal(other.LambdaFunctionAssociations, undefined);
  });

  test('speaks HTTP/2 and 3, stands behind the web ACL, and logs', () => {
    const distribution = distributionOf();
    assert.deepEqual([distribution.HttpVersion, distribution.IPV6Enabled], ['http2and3', true]);
    assert.match(JSON.stringify(distribution.WebACLId), /cloud-native-edge-firewall/);
    assert.deepEqual((distribution.Logging as Properties).IncludeCookies, false);
  });

  test('has the domain of the blueprint with TLS 1.2 or newer, and its own name without', () => {
    assert.deepEqual(distributionOf().ViewerCertificate, { CloudFrontDefaultCertificate: true });
    const certificateArn = 'arn:aws:acm:us-east-1:111111111111:certificate/1';
    const template = changed((copy) => {
      copy.access.domain = { name: 'app.example.com', certificateArn };
    });
    const { Aliases, ViewerCertificate } = distributionOf(template);
    assert.deepEqual(Aliases, ['app.example.com']);
    assert.deepEqual(ViewerCertificate, {
      AcmCertificateArn: certificateArn,
      MinimumProtocolVersion: 'TLSv1.2_2021',
      SslSupportMethod: 'sni-only',
    });
  });
});

describe('the API behind the CDN', () => {
  test('has the error pages and times of the blueprint, and none without', () => {
    assert.equal(distributionOf().CustomErrorResponses, undefined);
    const template = changed(({ access }) => {
      access.errorPages = [
        { status: 503, page: '/trouble.html', answer: 500 },
        { status: 404, ttl: '1m' },
      ];
    });
    assert.deepEqual(distributionOf(template).CustomErrorResponses, [
      { ErrorCode: 503, ErrorCachingMinTTL: 10, ResponsePagePath: '/trouble.html', ResponseCode: 500 },
      { ErrorCode: 404, ErrorCachingMinTTL: 60 },
    ]);
  });

  test('is never cached where it answers one caller, takes every method, and no token in the clear', () => {
    const api = distributionOf().CacheBehaviors.find(({ PathPattern }) => PathPattern === '/api/v1/secure*');
    assert.ok(api);
    assert.equal(api.ViewerProtocolPolicy, 'https-only');
    assert.deepEqual((api.AllowedMethods as string[]).toSorted(), [
      'DELETE',
      'GET',
      'HEAD',
      'OPTIONS',
      'PATCH',
      'POST',
      'PUT',
    ]);
    // The vendor's own policies: CachingDisabled and AllViewerExceptHostHeader.
    assert.deepEqual(
      [api.CachePolicyId, api.OriginRequestPolicyId],
      ['4135ea2d-6df8-44a3-9df3-4b5a84be39ad', 'b689b0a8-53d0-40ab-baf2-68738e2966ac'],
    );
  });

  test('is asked over TLS at its stage, within the client timeout, and can tell the CDN from others', () => {
    const origin = distributionOf().Origins.find(({ Id }) => Id === 'api');
    assert.equal(origin?.OriginPath, `/${planOf(blueprint).gateway.stage}`);
    assert.deepEqual(origin?.CustomOriginConfig, {
      OriginProtocolPolicy: 'https-only',
      OriginSSLProtocols: ['TLSv1.2'],
      OriginReadTimeout: planOf(blueprint).access.clientTimeout / 1000,
    });
    assert.match(JSON.stringify(origin?.OriginCustomHeaders), /x-origin-verify.*resolve:secretsmanager/);
  });
});

describe('the static files', () => {
  test('are in a private bucket that this distribution alone may read', () => {
    const template = templateOf('edge');
    assert.ok(distributionOf().Origins.find(({ Id }) => Id === 'pages')?.OriginAccessControlId);
    template.hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: { SigningBehavior: 'always', SigningProtocol: 'sigv4' },
    });
    const [distribution] = Object.keys(template.findResources('AWS::CloudFront::Distribution'));
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 's3:GetObject',
            Principal: { Service: 'cloudfront.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceArn': { 'Fn::Join': ['', Match.arrayWith([{ Ref: distribution }])] },
              },
            },
          }),
        ]),
      },
    });
  });

  test('are kept by path alone, as long as their Cache-Control says, a year at most', () => {
    const policies = Object.values(propertiesOf(templateOf('edge'), 'AWS::CloudFront::CachePolicy'));
    const config = policies
      .map(({ CachePolicyConfig }) => CachePolicyConfig as Properties)
      .find(({ Name }) => Name === 'cloud-native-hashed-assets');
    assert.ok(config);
    const { MinTTL, MaxTTL, ParametersInCacheKeyAndForwardedToOrigin } = config;
    assert.deepEqual([MinTTL, MaxTTL], [0, 31_536_000]);
    assert.deepEqual(ParametersInCacheKeyAndForwardedToOrigin, {
      EnableAcceptEncodingBrotli: true,
      EnableAcceptEncodingGzip: true,
      CookiesConfig: { CookieBehavior: 'none' },
      HeadersConfig: { HeaderBehavior: 'none' },
      QueryStringsConfig: { QueryStringBehavior: 'none' },
    });
  });

  test("are copied with the laptop's Cache-Control: hashed names for good, others for a while", () => {
    const copies = Object.values(propertiesOf(templateOf('edge'), 'Custom::CDKBucketDeployment'));
    const found = copies.map(({ SystemMetadata, Include, Exclude }) => [SystemMetadata, Include, Exclude]);
    assert.deepEqual(found, [
      [{ 'cache-control': cacheControls.hashed }, ['assets/*'], ['*']],
      [{ 'cache-control': cacheControls.named }, undefined, ['assets/*']],
    ]);
    for (const copy of copies) assert.equal(copy.RetainOnDelete, false);
  });

  test('of the last deployment are there for pages that are open, and pages come after what they load', () => {
    const copies = Object.entries(templateOf('edge').findResources('Custom::CDKBucketDeployment'));
    const [hashed, named] = copies;
    assert.ok(hashed && named);
    assert.deepEqual([hashed[1].Properties.Prune, named[1].Properties.Prune], [false, true]);
    assert.ok(named[1].DependsOn.includes(hashed[0]));
  });

  test('are forgotten at the edge once the pages of a deployment are there', () => {
    const template = templateOf('edge');
    const [distribution] = Object.keys(template.findResources('AWS::CloudFront::Distribution'));
    assert.ok(distribution);
    const copies = Object.values(propertiesOf(template, 'Custom::CDKBucketDeployment'));
    assert.deepEqual(
      copies.map(({ DistributionId, DistributionPaths }) => [DistributionId, DistributionPaths]),
      [
        [undefined, undefined],
        [{ Ref: distribution }, ['/*']],
      ],
    );
  });
});

describe('the response headers', () => {
  for (const name of ['pages', 'data']) {
    test(`of ${name} are those of the laptop's edge`, () => {
      const policies = Object.values(
        propertiesOf(templateOf('edge'), 'AWS::CloudFront::ResponseHeadersPolicy'),
      );
      const config = policies
        .map(({ ResponseHeadersPolicyConfig }) => ResponseHeadersPolicyConfig as Properties)
        .find(({ Name }) => Name === `cloud-native-${name}`);
      assert.ok(config);
      const { responseHeadersPolicies } = planOf(blueprint).access;
      const policy = withPageScripts(responseHeadersPolicies, [pagesFolder(root, 'clients/web')])[name];
      assert.ok(policy);
      const security = config.SecurityHeadersConfig as Record<string, Properties>;
      const { Items } = config.CustomHeadersConfig as { Items: { Header: string; Value: string }[] };
      const sent = {
        ...Object.fromEntries(Items.map(({ Header, Value }) => [Header, Value])),
        'content-security-policy': security.ContentSecurityPolicy?.ContentSecurityPolicy,
        'referrer-policy': security.ReferrerPolicy?.ReferrerPolicy,
        'x-frame-options': security.FrameOptions?.FrameOption,
        'x-content-type-options': security.ContentTypeOptions ? 'nosniff' : undefined,
        'strict-transport-security': `max-age=${security.StrictTransportSecurity?.AccessControlMaxAgeSec}${
          security.StrictTransportSecurity?.IncludeSubdomains ? '; includeSubDomains' : ''
        }`,
      };
      assert.deepEqual(sent, securityHeaders(policy, { bound: true }));
      for (const part of [...Object.values(security), ...Items])
        assert.equal((part as Properties).Override, true);
    });
  }
});
