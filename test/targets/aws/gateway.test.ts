import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import blueprint from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { createApiStack } from '../../../src/targets/aws/api.ts';
import { createGatewayStack } from '../../../src/targets/aws/gateway.ts';
import { templateAlone } from './alone.ts';
import { planOf } from './plan.ts';
import { onlyOf, type Properties, propertiesOf } from './resources.ts';
import { templateOf } from './templates.ts';

const plan = planOf(blueprint);

/** The gateway's template for a changed blueprint. */
function changed(change: (copy: BlueprintDocument) => void): Template {
  return templateAlone('gateway', change, ({ deployment, plan, keys, logs }) => {
    createGatewayStack(deployment, plan, {
      api: createApiStack(deployment, plan),
      keys,
      logs,
      entrance: { subnetIds: ['subnet-0123456789abcdef0'], securityGroupId: 'sg-0123456789abcdef0' },
      issuer: { issuer: 'https://pool.example', jwksUri: 'https://pool.example/keys', clientIds: ['web'] },
      balancer: { arn: 'balancer', url: 'https://inside.example:443' },
      sessions: {
        secretArn: 'secret',
        grantUse: () => undefined,
        origin: 'https://site.example',
        pool: { issuer: 'https://pool.example', endpoint: 'https://sign-in.example', clientId: 'web' },
      },
      cdn: { name: 'x-origin-verify', value: 'secret' },
    });
  });
}

describe("the blueprint document's REST API", () => {
  test('is the one of its name, regional', () => {
    templateOf('api').hasResourceProperties('AWS::ApiGateway::RestApi', {
      Name: 'cloud-native-api',
      Description: Match.stringLikeRegexp('^API Gateway for '),
      EndpointConfiguration: { Types: ['REGIONAL'] },
    });
  });

  test('takes nothing older than TLS 1.2', () => {
    templateOf('api').hasResourceProperties('AWS::ApiGateway::RestApi', {
      SecurityPolicy: Match.stringLikeRegexp('^SecurityPolicy_TLS13_1_2_'),
      EndpointAccessMode: 'STRICT',
    });
  });

  test('has the authorizer of its name: TOKEN, by the Authorization header, for 300 s', () => {
    const gateway = templateOf('gateway');
    gateway.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Name: 'jwt-authorizer',
      Type: 'TOKEN',
      IdentitySource: 'method.request.header.Authorization',
      AuthorizerResultTtlInSeconds: 300,
    });
    gateway.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      TracingConfig: { Mode: 'Active' },
    });
  });

  test('has its web ACL in front of the stage', () => {
    const gateway = templateOf('gateway');
    const [stage] = Object.keys(gateway.findResources('AWS::ApiGateway::Stage'));
    gateway.hasResource('AWS::WAFv2::WebACLAssociation', {
      DependsOn: [stage],
      Properties: {
        ResourceArn: {
          'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(`/stages/${plan.gateway.stage}$`)])],
        },
        WebACLArn: { 'Fn::GetAtt': [Object.keys(gateway.findResources('AWS::WAFv2::WebACL'))[0], 'Arn'] },
      },
    });
  });
});

describe('the stage', () => {
  const settings = () => {
    return onlyOf(templateOf('gateway'), 'AWS::ApiGateway::Stage').MethodSettings as Properties[];
  };

  test('throttles and caches each method as its route says', () => {
    for (const route of plan.gateway.routes) {
      for (const method of route.methods) {
        const own = settings().filter(
          ({ ResourcePath, HttpMethod }) =>
            HttpMethod === method && String(ResourcePath).startsWith(`/${route.path.replaceAll('/', '~1')}`),
        );
        assert.ok(own.length >= 2, `${method} ${route.path} and below`);
        for (const setting of own) {
          const cached = method === 'GET' && route.cache.ttl > 0;
          assert.deepEqual(
            [setting.ThrottlingRateLimit, setting.ThrottlingBurstLimit, setting.CachingEnabled],
            [route.throttle.rate, route.throttle.burst, cached],
          );
          assert.equal(setting.CacheTtlInSeconds, cached ? route.cache.ttl / 1000 : 0);
          assert.equal(setting.CacheDataEncrypted, true);
        }
      }
    }
  });

  test('has the account rate where no route says another, logs errors, and traces', () => {
    assert.deepEqual(
      settings().find(({ ResourcePath }) => ResourcePath === '/*'),
      {
        ResourcePath: '/*',
        HttpMethod: '*',
        LoggingLevel: 'ERROR',
        DataTraceEnabled: false,
        MetricsEnabled: true,
        CachingEnabled: false,
        ThrottlingRateLimit: 10_000,
        ThrottlingBurstLimit: 5000,
      },
    );
    templateOf('gateway').hasResourceProperties('AWS::ApiGateway::Stage', {
      TracingEnabled: true,
      CacheClusterEnabled: true,
      CacheClusterSize: '0.5',
    });
  });

  test('writes an access log of one JSON object a line, without a query', () => {
    const stage = onlyOf(templateOf('gateway'), 'AWS::ApiGateway::Stage');
    const { Format } = stage.AccessLogSetting as { readonly Format: string };
    const fields = JSON.parse(Format) as Record<string, string>;
    assert.ok(
      ['time', 'requestId', 'method', 'path', 'route', 'status', 'duration'].every((name) => name in fields),
    );
    assert.ok(!/querystring|sourceIp|userAgent|principal/i.test(Format));
  });

  test('has no cache cluster where no route keeps answers', () => {
    const template = changed((copy) => {
      for (const route of copy.gateway.routes) route.cache.ttl = '0s';
    });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      CacheClusterEnabled: false,
      CacheClusterSize: Match.absent(),
    });
  });

  test('gets another deployment when what it serves changes, and none for another throttle', () => {
    const deployments = (template: Template) =>
      Object.keys(template.findResources('AWS::ApiGateway::Deployment'));
    const before = deployments(changed(() => {}));
    const slower = changed((copy) => {
      for (const route of copy.gateway.routes) route.throttle.rate = '7/s';
    });
    assert.deepEqual(deployments(slower), before);
    const shorter = changed((copy) => {
      copy.gateway.integrationTimeout = '4400ms';
    });
    assert.notDeepEqual(deployments(shorter), before);
  });
});

describe('the methods', () => {
  test('ask the authorizer their route wants, on every path', () => {
    const template = templateOf('gateway');
    const authorizers = propertiesOf(template, 'AWS::ApiGateway::Authorizer');
    const methods = Object.entries(propertiesOf(template, 'AWS::ApiGateway::Method')).filter(
      ([, { Integration }]) => (Integration as Properties).Type !== 'AWS_PROXY',
    );
    assert.equal(methods.length, 20);
    for (const [id, { AuthorizationType, AuthorizerId }] of methods) {
      assert.equal(AuthorizationType, 'CUSTOM');
      const { Type } = authorizers[(AuthorizerId as { readonly Ref: string }).Ref] ?? {};
      assert.equal(Type, id.includes('secure') ? 'TOKEN' : 'REQUEST', id);
    }
  });

  test('call the optional authorizer each time, whether there is a token or none', () => {
    templateOf('gateway').hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Type: 'REQUEST',
      AuthorizerResultTtlInSeconds: 0,
      IdentitySource: Match.absent(),
    });
  });

  test('have an authorizer for each time to live that routes give it', () => {
    const template = changed((copy) => {
      const [, secure] = copy.gateway.routes;
      assert.ok(secure);
      copy.gateway.routes.push({ ...secure, path: '/api/v1/admin', auth: { mode: 'required', ttl: '0s' } });
    });
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Name: 'jwt-authorizer',
      AuthorizerResultTtlInSeconds: 300,
    });
    template.hasResourceProperties('AWS::ApiGateway::Authorizer', {
      Name: 'jwt-authorizer-0s',
      Type: 'TOKEN',
      AuthorizerResultTtlInSeconds: 0,
    });
  });

  test('check what the document says of bodies before they call the service', () => {
    const template = templateOf('gateway');
    const validator = onlyOf(templateOf('api'), 'AWS::ApiGateway::RequestValidator');
    assert.deepEqual([validator.ValidateRequestBody, validator.ValidateRequestParameters], [true, true]);
    for (const [id, { HttpMethod, RequestModels, RequestValidatorId }] of Object.entries(
      propertiesOf(template, 'AWS::ApiGateway::Method'),
    )) {
      const documented =
        (HttpMethod === 'POST' && id.endsWith('secure')) ||
        (['PUT', 'PATCH'].includes(String(HttpMethod)) && id.endsWith('secureid'));
      assert.equal(RequestModels !== undefined, documented, id);
      if (documented) assert.ok(RequestValidatorId);
    }
    template.hasResourceProperties('AWS::ApiGateway::Model', {
      ContentType: 'application/merge-patch+json',
      Schema: Match.objectLike({ additionalProperties: false }),
    });
  });

  test('reach the load balancer through the VPC link, within the time the blueprint gives', () => {
    const template = templateOf('gateway');
    for (const { Integration } of Object.values(propertiesOf(template, 'AWS::ApiGateway::Method'))) {
      const { Type, ConnectionType, TimeoutInMillis, IntegrationTarget } = Integration as Properties;
      if (Type === 'AWS_PROXY') continue;
      assert.deepEqual([ConnectionType, TimeoutInMillis], ['VPC_LINK', plan.gateway.integrationTimeout]);
      assert.ok(IntegrationTarget);
    }
    template.resourceCountIs('AWS::ApiGatewayV2::VpcLink', 1);
  });
});

describe("the gateway's own answers", () => {
  test("have the vendor's shape and are kept nowhere", () => {
    for (const ResponseType of ['DEFAULT_4XX', 'DEFAULT_5XX']) {
      templateOf('gateway').hasResourceProperties('AWS::ApiGateway::GatewayResponse', {
        ResponseType,
        StatusCode: Match.absent(),
        ResponseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
        ResponseParameters: { 'gatewayresponse.header.Cache-Control': "'no-store'" },
      });
    }
  });
});

describe('a refresh of the cache that a client asks for', () => {
  test("is left to the vendor's default where that is what the blueprint says", () => {
    templateOf('gateway').resourceCountIs('Custom::AWS', 0);
  });

  test('is set by a call where the blueprint says otherwise', () => {
    const template = changed((copy) => {
      copy.gateway.cacheRefresh = { allow: 'anyone', unauthorized: 'FAIL_WITH_403' };
    });
    const text = JSON.stringify(onlyOf(template, 'Custom::AWS'));
    assert.match(text, /~1api~1v1~1data\/GET\/caching\/requireAuthorizationForCacheControl/);
    assert.match(text, /FAIL_WITH_403/);
    assert.doesNotMatch(text, /secure/);
  });
});
