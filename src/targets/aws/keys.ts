import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Plan } from '../../model/plan.ts';
import { type Deployment, Layer } from './layer.ts';

/** The classes of data, each with a key of its own, so that a right to one is no right to another. */
const classes = {
  relational: 'the system of record, its snapshots and its credentials',
  table: 'the lookup table',
  cache: 'the read-through cache',
  sessions: 'the sessions of people who signed in, and the secret of their keys',
  certificates: 'the certificates of the mesh',
  objects: 'static content',
  logs: 'log groups',
  notifications: 'alarm topics',
  audit: 'the audit trail',
} as const;

/** A key for each class of data. */
export type Keys = Readonly<Record<keyof typeof classes, Key>>;

/**
 * What whoever uses a table of one's own key needs of that key
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html).
 */
export const tableKeyUse = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:DescribeKey',
];

/** Makes the keys; each is rotated every year (https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html). */
export function createKeysStack(deployment: Deployment, plan: Plan): Keys {
  const layer = new Layer(deployment, plan, {
    name: 'keys',
    description: 'a key for each class of data',
    holdsData: true,
  });
  const keys = Object.fromEntries(
    Object.entries(classes).map(([name, use]) => [
      name,
      new Key(layer, name, {
        alias: `${plan.name}/${name}`,
        description: `${plan.name}: ${use}`,
        enableKeyRotation: true,
        rotationPeriod: Duration.days(365),
        pendingWindow: Duration.days(30),
        // The trail outlives everything, and cannot be read without its key.
        removalPolicy: name === 'audit' ? RemovalPolicy.RETAIN : layer.dataRemoval,
      }),
    ]),
  ) as Keys;
  for (const key of Object.values(keys)) refuseGrantsToOthers(key);
  allowLogs(keys.logs);
  return keys;
}

/** Whoever uses a key may pass that on to the vendor's services, which act for them, and to nobody else. */
export function refuseGrantsToOthers(key: Key): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['kms:CreateGrant'],
      resources: ['*'],
      conditions: {
        BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
  );
}

/** CloudWatch Logs encrypts by itself, and for log groups of this account alone. */
export function allowLogs(key: Key): void {
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.amazonaws.com`)],
      actions: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
      resources: ['*'],
      conditions: {
        ArnLike: {
          'kms:EncryptionContext:aws:logs:arn': `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`,
        },
      },
    }),
  );
}
