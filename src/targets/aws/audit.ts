import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Plan } from '../../model/plan.ts';
import type { Keys } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Logs } from './logs.ts';

/** What the audit layer gives to others. */
export interface Audit {
  /** Where the CDN and the buckets write who read what: a prefix for each. */
  readonly accessLogs: Bucket;
}

/**
 * Makes the trail of everything done in the account, in every region, to a bucket where nobody can change it before
 * its time, with digests that prove it whole; and the bucket of access logs.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html
 */
export function createAuditStack(
  deployment: Deployment,
  plan: Plan,
  { keys, logs }: { keys: Keys; logs: Logs },
): Audit {
  const layer = new Layer(deployment, plan, {
    name: 'audit',
    description: 'the audit trail and the bucket of access logs',
    holdsData: true,
  });
  const accessLogs = createAccessLogs(layer, plan);
  const name = `${plan.name}-trail`;
  const arn = layer.formatArn({ service: 'cloudtrail', resource: 'trail', resourceName: name });
  const bucket = createTrailBucket(layer, plan, { key: keys.audit, accessLogs, arn });
  allowTrail(keys.audit, arn);
  const logGroup = logs.group(`/cloudtrail/${plan.name}`);
  const role = new Role(layer, 'trail-role', {
    description: 'Lets CloudTrail write the log group of the trail',
    assumedBy: new ServicePrincipal('cloudtrail.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceArn': arn } },
    }),
    inlinePolicies: {
      log: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            resources: [logGroup.logGroupArn],
          }),
        ],
      }),
    },
  });
  const trail = new CfnTrail(layer, 'trail', {
    trailName: name,
    isLogging: true,
    isMultiRegionTrail: true,
    includeGlobalServiceEvents: true,
    enableLogFileValidation: true,
    s3BucketName: bucket.bucketName,
    kmsKeyId: keys.audit.keyArn,
    cloudWatchLogsLogGroupArn: logGroup.logGroupArn,
    cloudWatchLogsRoleArn: role.roleArn,
    eventSelectors: [{ readWriteType: 'All', includeManagementEvents: true }],
  });
  if (bucket.policy) trail.node.addDependency(bucket.policy);
  return { accessLogs };
}

/** The trail's bucket: locked, so its objects outlive even `--delete-data` until their time is over. */
function createTrailBucket(
  layer: Layer,
  { observability }: Plan,
  { key, accessLogs, arn }: { key: Key; accessLogs: Bucket; arn: string },
): Bucket {
  const retention = Duration.days(Math.ceil(observability.audit.retention / 86_400_000));
  const bucket = new Bucket(layer, 'trail-bucket', {
    encryption: BucketEncryption.KMS,
    encryptionKey: key,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    versioned: true,
    objectLockEnabled: true,
    objectLockDefaultRetention:
      observability.audit.lock === 'COMPLIANCE'
        ? ObjectLockRetention.compliance(retention)
        : ObjectLockRetention.governance(retention),
    lifecycleRules: [
      { expiration: retention.plus(Duration.days(1)), noncurrentVersionExpiration: Duration.days(1) },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  logAccess(bucket, accessLogs, 's3/trail/');
  const trail = new ServicePrincipal('cloudtrail.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceArn': arn } },
  });
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [trail],
      actions: ['s3:GetBucketAcl'],
      resources: [bucket.bucketArn],
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [trail],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`AWSLogs/${layer.account}/*`)],
      conditions: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
    }),
  );
  return bucket;
}

/** CloudTrail encrypts each file with a data key, for this trail alone. */
function allowTrail(key: Key, arn: string): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('cloudtrail.amazonaws.com')],
      actions: ['kms:GenerateDataKey*', 'kms:Decrypt', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: { StringEquals: { 'aws:SourceArn': arn } },
    }),
  );
}

/** The bucket that others log to: the CDN still does it with an access control list, and neither knows a key of ours. */
function createAccessLogs(layer: Layer, { observability }: Plan): Bucket {
  const bucket = new Bucket(layer, 'access-logs', {
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
    lifecycleRules: [{ expiration: Duration.days(Math.ceil(observability.logRetention / 86_400_000)) }],
    removalPolicy: layer.dataRemoval,
    autoDeleteObjects: !layer.protectsData,
  });
  bucket.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects('s3/*')],
      conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'Access logs of the bucket of access logs would log themselves.',
  });
  return bucket;
}

/** Has a bucket's access logged; the receiving bucket allows it to every bucket of the account. */
export function logAccess(bucket: Bucket, accessLogs: Bucket, prefix: string): void {
  const resource = bucket.node.defaultChild as CfnBucket;
  resource.loggingConfiguration = { destinationBucketName: accessLogs.bucketName, logFilePrefix: prefix };
}
