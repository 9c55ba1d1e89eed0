import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import {
  BucketDeployment,
  type BucketDeploymentProps,
  CacheControl,
  Source,
} from 'aws-cdk-lib/aws-s3-deployment';
import { cacheControls } from '../../../edge/cache-control.ts';
import { logAccess } from '../audit.ts';
import type { Keys } from '../keys.ts';
import type { Layer } from '../layer.ts';
import { distributionArn } from './distribution-name.ts';

/** What the bucket of static files needs. */
export interface ContentInputs {
  readonly keys: Keys;
  readonly accessLogs: Bucket;
}

/** What copying static files needs. */
export interface CopyInputs {
  /** The folder with the files, absolute. */
  readonly folder: string;
  /** Where they go. */
  readonly bucket: Bucket;
  /** What keeps them for viewers. */
  readonly distribution: CfnDistribution;
  readonly keys: Keys;
  /** Of the function that copies the files. */
  readonly logGroup: LogGroup;
}

/** The private bucket of static files. They are the project's own files, so the bucket is emptied and goes with its stack. */
export function createContent(layer: Layer, { keys, accessLogs }: ContentInputs): Bucket {
  const bucket = new Bucket(layer, 'static', {
    encryption: BucketEncryption.KMS,
    encryptionKey: keys.objects,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  logAccess(bucket, accessLogs, 's3/static/');
  return bucket;
}

/** Fills the bucket with each deployment, and has the CDN forget the pages of the last one. */
export function copyContent(layer: Layer, inputs: CopyInputs): void {
  const { folder, bucket, distribution, logGroup } = inputs;
  const files = new Asset(layer, 'static-files', { path: folder, exclude: ['.built-from'] });
  const role = createRole(layer, { ...inputs, files });
  const copy = (id: string, cacheControl: string, which: Partial<BucketDeploymentProps>) =>
    new BucketDeployment(layer, id, {
      sources: [Source.bucket(files.bucket, files.s3ObjectKey)],
      destinationBucket: bucket as IBucket,
      cacheControl: [CacheControl.fromString(cacheControl)],
      retainOnDelete: false,
      // The library's own grants are wider than what copying takes.
      role: role.withoutPolicyUpdates(),
      logGroup,
      ...which,
    });
  // A page that was opened before a deployment still loads what it names, so that stays; its name is no other file's.
  // What is copied first holds what both copy with, so that the one that waits is the other.
  const hashed = existsSync(join(folder, 'assets'))
    ? copy('hashed-files', cacheControls.hashed, { exclude: ['*'], include: ['assets/*'], prune: false })
    : undefined;
  const named = copy('named-files', cacheControls.named, {
    exclude: ['assets/*'],
    prune: true,
    // What was kept of the last deployment's pages may be of another age than the policy and the API they are used with.
    distribution,
    distributionPaths: ['/*'],
    // Whether it is done everywhere is nothing that a deployment could wait for or mend.
    waitForDistributionInvalidation: false,
  });
  // A page is there only after what it loads.
  if (hashed) named.node.addDependency(hashed);
  const copier = layer.node.children.find(({ node }) => node.id.startsWith('Custom::CDKBucketDeployment'));
  if (!(copier?.node.defaultChild instanceof CfnFunction))
    throw new Error('the library copies by a function');
  // It names its role, and so waits for it anyway.
  copier.node.defaultChild.addDeletionOverride('DependsOn');
  Validations.of(copier).acknowledge({
    id: 'AwsSolutions-L1',
    reason: "The function that copies is the library's own, and so is its runtime.",
  });
}

function createRole(
  layer: Layer,
  { bucket, distribution, keys, files, logGroup }: CopyInputs & { readonly files: Asset },
): Role {
  const allow = (actions: string[], ...resources: string[]) => new PolicyStatement({ actions, resources });
  const role = new Role(layer, 'copy-role', {
    description: 'Copies the static files to their bucket',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: {
      copy: new PolicyDocument({
        statements: [
          allow(['s3:GetObject'], files.bucket.arnForObjects(files.s3ObjectKey)),
          allow(['s3:ListBucket', 's3:GetBucketTagging'], bucket.bucketArn),
          allow(['s3:PutObject', 's3:DeleteObject'], bucket.arnForObjects('*')),
          allow(['kms:GenerateDataKey', 'kms:Decrypt'], keys.objects.keyArn),
          allow(['cloudfront:CreateInvalidation'], distributionArn(layer, distribution.attrId)),
          allow(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
        ],
      }),
    },
  });
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${layer.getLogicalId(bucket.node.defaultChild as never)}.Arn>/*]`,
    reason: 'It writes and removes every file of this one bucket.',
  });
  return role;
}
