import { Aws, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PermissionsBoundary, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../model/plan.ts';
import { edgeRegion } from './edge/region.ts';
import { type Deployment, Layer } from './layer.ts';

/**
 * Everything any role of the platform may ever do, by what for. A role whose own policy says more still may no more:
 * nothing here makes roles, changes policies or reaches into other accounts.
 */
const actions = {
  logs: [
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:FilterLogEvents',
    'logs:GetLogEvents',
    'logs:PutLogEvents',
    'logs:PutRetentionPolicy',
  ],
  traces: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
  images: [
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetAuthorizationToken',
    'ecr:GetDownloadUrlForLayer',
  ],
  tasks: ['ecs:DescribeTasks', 'ecs:RunTask', 'iam:PassRole'],
  secrets: [
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecretVersionStage',
  ],
  keys: [
    'kms:Decrypt',
    'kms:DescribeKey',
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GetPublicKey',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
    'kms:Sign',
  ],
  stores: [
    'dynamodb:BatchGetItem',
    'dynamodb:DeleteItem',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'elasticache:Connect',
    'rds-db:connect',
  ],
  objects: [
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:GetBucketTagging',
    's3:GetObject',
    's3:ListBucket',
    's3:ListBucketVersions',
    's3:PutObject',
  ],
  gateway: ['apigateway:PATCH'],
  edge: ['cloudfront:CreateInvalidation'],
} as const;

/**
 * Sets a limit to every role of the platform, which none of them can go beyond whatever its policies say.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
 */
export function createBoundaryStack(deployment: Deployment, plan: Plan): Layer {
  const layer = new Layer(deployment, plan, {
    name: 'boundary',
    description: 'the limit of every role',
    holdsData: true,
  });
  const managedPolicyName = `${plan.name}-boundary`;
  const policy = new ManagedPolicy(layer, 'boundary', {
    managedPolicyName,
    description: `${plan.name}: what no role of the platform goes beyond`,
    statements: Object.entries(actions).map(
      ([sid, allowed]) =>
        new PolicyStatement({
          sid,
          actions: [...allowed],
          resources: ['*'],
          conditions: {
            StringEqualsIfExists: {
              'aws:ResourceAccount': Aws.ACCOUNT_ID,
              // A function in the CDN logs in the region next to each viewer.
              ...(sid === 'logs' ? {} : { 'aws:RequestedRegion': [...new Set([plan.region, edgeRegion])] }),
            },
          },
        }),
    ),
  });
  Validations.of(policy).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'A boundary grants nothing. It names actions; the resources are named where a role is granted them.',
  });
  // By its name, so that a stack that has a role refers to nothing of this one, in whatever region.
  const arn = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:policy/${managedPolicyName}`;
  PermissionsBoundary.of(deployment.app).apply(ManagedPolicy.fromManagedPolicyArn(layer, 'by-name', arn));
  return layer;
}

/** Has every other stack stand on the boundary's: a role cannot be made before its limit is there. */
export function standOn(boundary: Layer, { app }: Deployment): void {
  for (const stack of app.node.children) {
    if (Stack.isStack(stack) && stack !== boundary) stack.addStackDependency(boundary);
  }
}
