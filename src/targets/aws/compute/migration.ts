import { CustomResource, Duration, Token, Validations } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { DockerImageAsset } from 'aws-cdk-lib/aws-ecr-assets';
import { type ICluster, Secret } from 'aws-cdk-lib/aws-ecs';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../../model/plan.ts';
import { createFunction } from '../function.ts';
import type { Deployment, Layer } from '../layer.ts';
import type { Logs } from '../logs.ts';
import type { Network } from '../network.ts';
import type { Relational } from '../relational.ts';
import { migrationLog, migrationName } from './log-names.ts';
import { companionProgram } from './service-image.ts';
import { addContainer, createTask } from './task.ts';

/** MiB. */
const memory = 512;

/** What a migration needs. */
export interface MigrationOptions {
  readonly cluster: ICluster;
  readonly image: DockerImageAsset;
  readonly relational: Relational;
  readonly network: Network;
  readonly logs: Logs;
  /** Services that use the database. */
  readonly users: readonly string[];
}

/**
 * Migrates the database as a task of the cluster, whenever there is another version of the services, before they roll:
 * they depend on what is returned. The database's owner signs in here and nowhere else.
 */
export function createMigration(
  layer: Layer,
  deployment: Deployment,
  plan: Plan,
  options: MigrationOptions,
): CustomResource {
  const { cluster, image, relational, network, logs, users } = options;
  const name = migrationName(plan);
  const logName = migrationLog(plan);
  const architecture = plan.compute.ingress.architecture;
  const task = createTask(layer, { family: name, cpu: 256, memory, architecture });
  addContainer(task, 'migration', {
    image,
    log: { group: logs.group(logName), name: logName, region: plan.region },
    user: '1000',
    memoryLimitMiB: memory,
    command: [companionProgram('migration')],
    environment: {
      SERVICE_NAME: name,
      DATABASE_URL: relational.url,
      DATABASE_USERS: users.join(),
    },
    secrets: {
      DATABASE_USER: Secret.fromSecretsManager(relational.owner, 'username'),
      DATABASE_PASSWORD: Secret.fromSecretsManager(relational.owner, 'password'),
    },
  });

  relational.grantOwner(task.obtainExecutionRole());
  const run = createFunction(layer, 'migration-run', deployment, {
    name,
    entry: 'functions/migration/handler.ts',
    description: `${plan.name}: migrates the database before the services roll`,
    // Above what the function itself waits for, and the longest there is.
    timeout: 900_000,
    memory: 128,
    logs,
  });
  const onCluster = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
  const rights = [
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources: [task.taskDefinitionArn],
      conditions: onCluster,
    }),
    new PolicyStatement({
      actions: ['ecs:DescribeTasks'],
      resources: [
        layer.formatArn({ service: 'ecs', resource: 'task', resourceName: `${plan.compute.cluster}/*` }),
      ],
      conditions: onCluster,
    }),
    new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [task.taskRole.roleArn, task.obtainExecutionRole().roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    }),
  ];
  const policy = new Policy(layer, 'migration-run-policy', { statements: rights });
  if (run.role) policy.attachToRole(run.role);
  const account = Token.isUnresolved(layer.account) ? '<AWS::AccountId>' : layer.account;
  Validations.of(policy).acknowledge({
    id: `AwsSolutions-IAM5[Resource::arn:aws:ecs:${plan.region}:${account}:task/${plan.compute.cluster}/*]`,
    reason: 'A task has a name only once it runs; the right is for one cluster, and to look.',
  });
  const migration = new CustomResource(layer, 'migration', {
    resourceType: 'Custom::Migration',
    serviceToken: run.functionArn,
    serviceTimeout: Duration.seconds(900),
    properties: {
      Cluster: cluster.clusterName,
      // Another version of the image is another revision: whatever it brings is migrated to.
      TaskDefinition: task.taskDefinitionArn,
      Subnets: network.vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS }).subnetIds,
      SecurityGroups: [network.groups.migration.securityGroupId],
    },
  });
  migration.node.addDependency(policy, task.obtainExecutionRole());
  return migration;
}
