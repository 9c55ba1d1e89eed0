import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Script } from 'node:vm';
import blueprint from '../../../blueprint.ts';
import type { NormalizeConfiguration } from '../../../functions/normalize/configuration.ts';
import { functionConfiguration } from '../../../src/edge/functions/configuration.ts';
import { eventRecord } from '../../../src/edge/functions/record.ts';
import { outcomeOf } from '../../../src/edge/functions/result.ts';
import { bundleEdgeFunction } from '../../../src/targets/aws/edge/bundle.ts';
import { createEdgeFunctionsStack } from '../../../src/targets/aws/edge-functions.ts';
import { templateAlone } from './alone.ts';
import { planOf, root, temporaryFolder } from './plan.ts';
import { onlyOf, type Properties } from './resources.ts';
import { templateOf } from './templates.ts';

const megabyte = 1024 * 1024;

describe('a function in the CDN', () => {
  const template = templateOf('edge-functions');

  test('is one the CDN takes: its runtime, processor, size, and no environment', () => {
    const { Runtime, Architectures, Environment, MemorySize, Timeout, VpcConfig, TracingConfig } = onlyOf(
      template,
      'AWS::Lambda::Function',
    );
    assert.deepEqual(
      { Runtime, Architectures, Environment, MemorySize, Timeout, VpcConfig, TracingConfig },
      {
        Runtime: 'nodejs24.x',
        Architectures: ['x86_64'],
        Environment: undefined,
        MemorySize: 128,
        Timeout: 3,
        VpcConfig: undefined,
        TracingConfig: undefined,
      },
    );
  });

  test('is deployed by version, and stays where the CDN may have copies of it', () => {
    for (const type of ['AWS::Lambda::Function', 'AWS::Lambda::Version']) {
      const [resource] = Object.values(template.findResources(type));
      assert.deepEqual([resource?.DeletionPolicy, resource?.UpdateReplacePolicy], ['Retain', 'Retain']);
    }
    const { FunctionName } = onlyOf(template, 'AWS::Lambda::Function');
    assert.match(JSON.stringify(FunctionName), /cloud-native-normalize-.*AWS::StackId/);
    const edge = JSON.stringify(templateOf('edge').findResources('AWS::CloudFront::Distribution'));
    assert.match(edge, /"LambdaFunctionARN"/);
    assert.doesNotMatch(edge, /"FunctionAssociations"/);
  });

  test('may be run by the CDN, and write its log and nothing else', () => {
    const { AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = onlyOf(template, 'AWS::IAM::Role');
    const { Statement } = AssumeRolePolicyDocument as { Statement: { Principal: { Service: string[] } }[] };
    assert.deepEqual(
      Statement.flatMap(({ Principal }) => Principal.Service),
      ['edgelambda.amazonaws.com', 'lambda.amazonaws.com'],
    );
    const [policy] = Policies as { PolicyDocument: { Statement: Properties[] } }[];
    assert.deepEqual(
      policy?.PolicyDocument.Statement.flatMap(({ Action }) => Action),
      ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    );
    assert.match(JSON.stringify(policy), /:logs:\*:.*\/aws\/lambda\/us-east-1\.cloud-native-normalize/);
    assert.equal(ManagedPolicyArns, undefined);
  });

  test('is there when a behaviour names it', () => {
    const functions = templateAlone(
      'edge-functions',
      (copy) => {
        copy.access.functions = { ...copy.access.functions, unused: { source: './functions/normalize' } };
      },
      ({ deployment, plan }) => {
        createEdgeFunctionsStack(deployment, plan);
      },
    ).findResources('AWS::Lambda::Function');
    assert.equal(Object.keys(functions).length, 1);
  });
});

describe('the function that normalizes requests, as it is deployed', () => {
  const host = 'app.example.com';
  const configuration: NormalizeConfiguration = functionConfiguration(planOf(blueprint), {
    schemes: ['https'],
    host,
  });
  const text = bundleEdgeFunction({
    root,
    source: './functions/normalize',
    configuration: configuration as ReturnType<typeof functionConfiguration>,
    limit: megabyte,
  });

  /** Runs the text in a realm with nothing but the language. */
  function run(target: string, headers: readonly string[], name = host) {
    const record = eventRecord(
      { distributionDomainName: host, distributionId: 'E', eventType: 'viewer-request', requestId: 'r' },
      { clientIp: '192.0.2.1', method: 'GET', target, headers: ['Host', name, ...headers] },
    );
    const event = structuredClone({ Records: [record] });
    const script = new Script(`${text}\nmodule.exports.handler(event);`);
    const exports = {};
    return outcomeOf(record, JSON.stringify(script.runInNewContext({ event, exports, module: { exports } })));
  }

  test('has its configuration in it', () => {
    assert.equal(run('/', [], 'd1.cdn.example').kind, 'response');
    assert.deepEqual(configuration.session, { token: ['/api/v1/secure'], cookies: ['/session'] });
    const queries = Object.fromEntries(configuration.behaviors.map(({ path, query }) => [path, query]));
    assert.deepEqual(queries['/api/v1/data*'], ['cursor', 'limit', 'name']);
    assert.deepEqual([queries['/api/v1/secure*'], queries['/*']], ['all', []]);
  });

  test('gives results that the CDN takes', () => {
    const outcome = run('/api/v1/%73ecure/1?b=2&a=1', ['Cookie', '__Host-session=abc']);
    assert.equal(outcome.kind === 'response' && outcome.response.status, 308);
    const passed = run('/api/v1/secure/1?b=2&a=1', ['Cookie', '__Host-session=abc', 'Accept-Encoding', 'br']);
    assert.ok(passed.kind === 'request', JSON.stringify(passed));
    assert.equal(passed.request.target, '/api/v1/secure/1?a=1&b=2');
    assert.equal(passed.request.headers.authorization?.[0]?.value, 'Bearer abc');
  });

  test('stays far below the size the CDN takes', () => {
    assert.ok(Buffer.byteLength(text) < 32 * 1024, String(Buffer.byteLength(text)));
  });
});

test('a function that is too large is not built', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'large'));
  const content = Array.from({ length: 20_000 }, () => Math.random().toString(36)).join('');
  writeFileSync(join(folder, 'large', 'handler.ts'), `export const handler = () => '${content}';\n`);
  const configuration = functionConfiguration(planOf(blueprint), { schemes: ['https'] });
  assert.throws(
    () => bundleEdgeFunction({ root: folder, source: './large', configuration, limit: 100_000 }),
    /at most 100000/,
  );
});
