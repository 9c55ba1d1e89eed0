import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { ProxyResult } from '../../../functions/session/result.ts';
import { startDynamo } from '../../engines.ts';
import { functionOf, onlyOf, type Properties, propertiesOf } from './resources.ts';
import { assembly, templateOf } from './templates.ts';

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

const name = 'cloud-native-session';
const lambda = functionOf(templateOf('gateway'), name);

/** What the function's role may do. */
function statements(): Statement[] {
  const { Role } = lambda as { readonly Role: { readonly 'Fn::GetAtt': readonly [string] } };
  const policies = Object.values(propertiesOf(templateOf('gateway'), 'AWS::IAM::Policy'));
  return policies
    .filter(({ Roles }) => JSON.stringify(Roles).includes(Role['Fn::GetAtt'][0]))
    .flatMap(
      ({ PolicyDocument }) => (PolicyDocument as { readonly Statement: readonly Statement[] }).Statement,
    );
}

describe('the table of sessions', () => {
  test('is encrypted with its own key, restorable, and forgets what has ended', () => {
    templateOf('sessions').hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        TableName: 'Sessions',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        BillingMode: 'PAY_PER_REQUEST',
      },
    });
    const { SSESpecification } = onlyOf(templateOf('sessions'), 'AWS::DynamoDB::Table');
    assert.match(JSON.stringify(SSESpecification), /sessions.*"SSEType":"KMS"/);
  });

  test('is sealed with a secret that no template has', () => {
    const secret = onlyOf(templateOf('sessions'), 'AWS::SecretsManager::Secret');
    assert.deepEqual(secret.GenerateSecretString, { ExcludePunctuation: true, PasswordLength: 64 });
    assert.equal(secret.SecretString, undefined);
    const { Variables } = lambda.Environment as { readonly Variables: Properties };
    assert.deepEqual(Object.keys(Variables).toSorted(), ['SESSION_SECRET_ID', 'SESSION_SETTINGS']);
  });
});

describe("the sessions' function", () => {
  test('may do what it does with its table, its key and its secret, and nothing else', () => {
    const may = statements().map(({ Action, Resource }) => [
      [Action].flat().toSorted(),
      JSON.stringify(Resource),
    ]);
    const actions = may.flatMap(([each]) => each as string[]).toSorted();
    assert.deepEqual(actions, [
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey',
      'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
    for (const [each, resource] of may) {
      if (String(each).startsWith('xray')) assert.equal(resource, '"*"');
      else assert.ok(!String(resource).includes('"*"'), String(each));
    }
  });

  test('is called by this API alone, for every method of its route, without an authorizer', () => {
    const template = templateOf('gateway');
    const permissions = Object.values(propertiesOf(template, 'AWS::Lambda::Permission'));
    const own = permissions.filter(({ FunctionName }) =>
      /functionsession/.test(JSON.stringify(FunctionName)),
    );
    assert.deepEqual(
      own.map(({ Principal }) => Principal),
      ['apigateway.amazonaws.com'],
    );
    assert.match(JSON.stringify(own[0]?.SourceArn), /execute-api.*\/prod\/\*/);
    const methods = Object.values(propertiesOf(template, 'AWS::ApiGateway::Method')).filter(
      ({ Integration }) => (Integration as Properties).Type === 'AWS_PROXY',
    );
    const sessions = methods.filter(({ Integration }) => /functionsession/.test(JSON.stringify(Integration)));
    assert.deepEqual(sessions.map(({ HttpMethod }) => HttpMethod).toSorted(), [
      'DELETE',
      'DELETE',
      'GET',
      'GET',
      'POST',
      'POST',
    ]);
    for (const { AuthorizationType, AuthorizerId, Integration } of methods) {
      assert.deepEqual([AuthorizationType, AuthorizerId], ['NONE', undefined]);
      const { IntegrationHttpMethod, TimeoutInMillis } = Integration as Properties;
      assert.deepEqual([IntegrationHttpMethod, TimeoutInMillis], ['POST', 4500]);
    }
  });

  test('has the size, the time and the runtime it is given, and takes part in traces', () => {
    const { MemorySize, Timeout, Runtime, TracingConfig } = lambda;
    assert.deepEqual([MemorySize, Timeout, Runtime], [256, 4, 'nodejs24.x']);
    assert.deepEqual(TracingConfig, { Mode: 'Active' });
  });

  test('answers as it is deployed: one bundled file', async () => {
    const dynamo = await startDynamo({ after });
    const { Code, Handler } = lambda as {
      readonly Code: { readonly S3Key: string };
      readonly Handler: string;
    };
    assert.equal(Handler, 'index.handler');
    Object.assign(process.env, {
      AWS_REGION: 'us-west-2',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      SESSION_SECRET: 'a secret of the tests, long enough for it',
      SESSION_SETTINGS: JSON.stringify({
        table: { name: 'Sessions', partitionKey: 'pk', sortKey: 'sk', timeToLive: 'expiresAt' },
        ...{ idle: 1000, absolute: 2000, leeway: 100, origins: ['https://site.example'] },
        pool: { issuer: 'https://pool.example', endpoint: 'https://sign-in.example', clientId: 'web' },
      }),
    });
    const [hash] = Code.S3Key.split('.');
    const { handler } = createRequire(import.meta.url)(
      join(assembly().directory, `asset.${hash}`, 'index.js'),
    ) as { handler: (event: object) => Promise<ProxyResult> };
    const call = (path: string) =>
      handler({
        path,
        httpMethod: 'GET',
        multiValueHeaders: {},
        multiValueQueryStringParameters: null,
        body: null,
        isBase64Encoded: false,
      });
    const begun = await call('/session/sign-in');
    assert.match(begun.headers.location ?? '', /^https:\/\/sign-in\.example\/oauth2\/authorize\?/);
    assert.equal((await call('/session')).statusCode, 401);
  });
});
