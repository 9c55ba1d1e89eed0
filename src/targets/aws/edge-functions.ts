import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aws, Fn, RemovalPolicy, Token, Validations } from 'aws-cdk-lib';
import {
  CompositePrincipal,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Architecture, CfnFunction, CfnVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { type FunctionConfiguration, functionConfiguration } from '../../edge/functions/configuration.ts';
import { eventLimits } from '../../edge/functions/limits.ts';
import type { Plan } from '../../model/plan.ts';
import { bundleEdgeFunction } from './edge/bundle.ts';
import { edgeRegion } from './edge/region.ts';
import { type Deployment, Layer } from './layer.ts';

/** ARNs of the functions, each with the version that is deployed, by the blueprint's names. */
export type EdgeFunctionVersions = Readonly<Record<string, string>>;

/**
 * Makes the functions that run in the CDN: Lambda@Edge.
 * https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-at-edge-function-restrictions.html
 */
export function createEdgeFunctionsStack(deployment: Deployment, plan: Plan): EdgeFunctionVersions {
  const names = Object.keys(plan.access.functions).filter((name) => eventsOf(plan, name).length > 0);
  if (names.length === 0) return {};
  const layer = new Layer(deployment, plan, {
    name: 'edge-functions',
    description: 'the functions that run in the CDN',
    region: edgeRegion,
  });
  const configuration = functionConfiguration(plan, {
    schemes: ['https'],
    ...(plan.access.domain ? { host: plan.access.domain.name } : {}),
  });
  return Object.fromEntries(
    names.map((name) => [name, createEdgeFunction(layer, deployment, plan, { name, configuration })]),
  );
}

/** The events at which behaviours name a function. */
function eventsOf({ access }: Plan, name: string) {
  const events = access.behaviors.flatMap(({ functions }) =>
    (Object.keys(functions) as (keyof typeof functions)[]).filter((event) => functions[event] === name),
  );
  return [...new Set(events)];
}

/**
 * Its log is made by the vendor in each region, so it has no group of ours.
 * @returns the ARN of the version that is deployed
 */
function createEdgeFunction(
  layer: Layer,
  { app, root }: Deployment,
  plan: Plan,
  { name, configuration }: { readonly name: string; readonly configuration: FunctionConfiguration },
): string {
  const { source, memory, timeout } = plan.access.functions[name] as Plan['access']['functions'][string];
  const limit = Math.min(...eventsOf(plan, name).map((event) => eventLimits[event].code));
  const text = bundleEdgeFunction({ root, source, configuration, limit });
  const folder = join(app.outdir, 'functions', layer.stackName, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), text);
  const code = new Asset(layer, `${name}-code`, { path: folder });
  const prefix = `${plan.name}-${name}-`;
  const lambda = new CfnFunction(layer, name, {
    functionName: `${prefix}${partOfStackId()}`,
    description: `Runs in the CDN: ${source}`,
    runtime: Runtime.NODEJS_24_X.name,
    // The CDN takes no other.
    architectures: [Architecture.X86_64.name],
    handler: 'index.handler',
    code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
    timeout: Math.ceil(timeout / 1000),
    memorySize: memory,
    role: createRole(layer, name, prefix).roleArn,
  });
  // A version is never changed: other settings are another one.
  const hash = createHash('sha256')
    .update(JSON.stringify([text, memory, timeout]))
    .digest('hex');
  const version = new CfnVersion(layer, `${name}-version-${hash.slice(0, 12)}`, {
    functionName: lambda.ref,
  });
  // The CDN has copies for hours after it was told to use another one, and what has copies cannot be removed.
  for (const resource of [lambda, version]) resource.applyRemovalPolicy(RemovalPolicy.RETAIN);
  return version.attrFunctionArn;
}

/** What tells one stack of this name from the next, so that a function that stayed is in nobody's way. */
function partOfStackId(): string {
  return Fn.select(0, Fn.split('-', Fn.select(2, Fn.split('/', Aws.STACK_ID))));
}

/** It may write its log, in whatever region it runs, and nothing else. */
function createRole(layer: Layer, name: string, prefix: string): Role {
  const log = `arn:${layer.partition}:logs:*:${layer.account}:log-group:/aws/lambda/${edgeRegion}.${prefix}*:*`;
  const role = new Role(layer, `${name}-role`, {
    description: `The function ${name} in the CDN`,
    assumedBy: new CompositePrincipal(
      new ServicePrincipal('lambda.amazonaws.com'),
      new ServicePrincipal('edgelambda.amazonaws.com'),
    ),
    inlinePolicies: {
      log: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [log],
          }),
        ],
      }),
    },
  });
  const account = Token.isUnresolved(layer.account) ? '<AWS::AccountId>' : layer.account;
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${log.replace(layer.account, account)}]`,
    reason: 'It logs in the region next to each viewer, to this one group there.',
  });
  return role;
}
