import { ArnFormat, DefaultStackSynthesizer } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../../model/plan.ts';
import { certificateSecretName } from '../certificates.ts';
import { ingressLog, migrationLog } from '../compute/log-names.ts';
import type { Layer } from '../layer.ts';
import { tracing } from '../observability/collector.ts';
import { tableUse } from '../table.ts';

/** What tasks do with the vendor's services that they reach by a private endpoint, and with what. */
export interface TaskCalls {
  readonly images: readonly PolicyStatement[];
  readonly logs: readonly PolicyStatement[];
  readonly traces: readonly PolicyStatement[];
  readonly secrets: readonly PolicyStatement[];
  readonly table: readonly PolicyStatement[];
}

const allow = (actions: readonly string[], ...resources: string[]) =>
  new PolicyStatement({ actions: [...actions], resources });

/** Names what the roles of the cluster's tasks are granted elsewhere, so that an endpoint lets nothing else through. */
export function taskCalls(layer: Layer, plan: Plan): TaskCalls {
  const { table } = plan.data;
  const named = (service: string, resource: string, resourceName: string) =>
    layer.formatArn({ service, resource, resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  const tableArn = layer.formatArn({ service: 'dynamodb', resource: 'table', resourceName: table.name });
  const logNames = [
    ...Object.values(plan.compute.services).map(({ logGroup }) => logGroup),
    ingressLog(plan),
    migrationLog(plan),
  ];
  return {
    images: [
      // Signing in to a registry is signing in to all of the account's.
      allow(['ecr:GetAuthorizationToken'], '*'),
      allow(
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        layer.formatArn({ service: 'ecr', resource: 'repository', resourceName: imageRepository(layer) }),
      ),
    ],
    logs: [
      allow(
        ['logs:CreateLogStream', 'logs:PutLogEvents'],
        ...logNames.map((name) => named('logs', 'log-group', `${name}:*`)),
      ),
    ],
    traces: [allow(tracing, '*')],
    secrets: [
      allow(
        ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
        // Its end is the vendor's to choose, as is the whole name of the database owner's.
        named('secretsmanager', 'secret', 'rds!cluster-*'),
        ...(plan.mesh.mutualTls ? [named('secretsmanager', 'secret', certificateSecretName(plan, '*'))] : []),
      ),
    ],
    table: [
      allow(tableUse.table, tableArn),
      ...table.indexes.map(({ name }) => allow(tableUse.index, `${tableArn}/index/${name}`)),
    ],
  };
}

/** The bootstrap's repository, which has every image (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html). */
function imageRepository({ synthesizer, account, region }: Layer): string {
  const qualifier = synthesizer.bootstrapQualifier ?? DefaultStackSynthesizer.DEFAULT_QUALIFIER;
  return `cdk-${qualifier}-container-assets-${account}-${region}`;
}
