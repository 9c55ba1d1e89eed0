import { Duration, Validations } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  AuroraPostgresEngineVersion,
  ClusterInstance,
  Credentials,
  DatabaseCluster,
  DatabaseClusterEngine,
  ParameterGroup,
} from 'aws-cdk-lib/aws-rds';
import { type ISecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Plan } from '../../model/plan.ts';
import { identifier } from './identifier.ts';
import type { Keys } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import type { Logs } from './logs.ts';
import { ports } from './network/ports.ts';
import type { Network } from './network.ts';

/** What the database stands on. */
export interface RelationalInputs {
  readonly keys: Keys;
  readonly logs: Logs;
  readonly network: Network;
}

/** What the database gives to those who use it. */
export interface Relational {
  /** Its address without a user: always the primary's, and trusting the vendor's authority alone. */
  readonly url: string;
  /** The same for a user that signs in by IAM. */
  readonly urlOf: (user: string) => string;
  /** Lets a role sign in as one user, and as no other. */
  readonly grantSignIn: (grantee: IGrantable, user: string) => void;
  /** The owner's name and password, for migrations alone; the vendor changes the password every seven days. */
  readonly owner: ISecret;
  /** Lets a role read them. */
  readonly grantOwner: (grantee: IGrantable) => void;
}

/** Where the image keeps the certificates of the vendor's database authorities. */
export const databaseAuthorities = '/app/authorities/rds.pem';

/** The same major version as the engine of the local platform. */
const engine = DatabaseClusterEngine.auroraPostgres({ version: AuroraPostgresEngineVersion.VER_18_4 });
const database = 'strata';
const ownerName = 'strata_owner';

/**
 * Makes the system of record: Aurora PostgreSQL with a primary and a standby in another zone, encrypted on disk and
 * on the wire, signed in to by IAM.
 */
export function createRelationalStack(
  deployment: Deployment,
  plan: Plan,
  { keys, logs, network }: RelationalInputs,
): Relational {
  const layer = new Layer(deployment, plan, {
    name: 'relational',
    description: 'the system of record',
    holdsData: true,
  });
  const { capacity, backups } = plan.data.relational;
  const clusterIdentifier = identifier([plan.name], 63);
  const logGroup = logs.group(`/aws/rds/cluster/${clusterIdentifier}/postgresql`);
  const instance = { enablePerformanceInsights: true, performanceInsightEncryptionKey: keys.relational };
  const cluster = new DatabaseCluster(layer, 'cluster', {
    clusterIdentifier,
    engine,
    defaultDatabaseName: database,
    parameterGroup: new ParameterGroup(layer, 'parameters', {
      engine,
      description: `${plan.name}: encrypted connections only`,
      parameters: { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' },
    }),
    credentials: Credentials.fromUsername(ownerName, { encryptionKey: keys.relational }),
    manageMasterUserPassword: true,
    iamAuthentication: true,
    vpc: network.vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
    securityGroups: [network.groups.relational],
    port: ports.relational,
    writer: ClusterInstance.serverlessV2('primary', instance),
    readers: [ClusterInstance.serverlessV2('standby', { ...instance, scaleWithWriter: true })],
    serverlessV2MinCapacity: capacity.minimum,
    serverlessV2MaxCapacity: capacity.maximum,
    storageEncrypted: true,
    storageEncryptionKey: keys.relational,
    backup: { retention: Duration.days(Math.ceil(Duration.millis(backups).toDays({ integral: false }))) },
    copyTagsToSnapshot: true,
    cloudwatchLogsExports: ['postgresql'],
    monitoringInterval: Duration.seconds(60),
    monitoringRole: createMonitoringRole(layer),
    deletionProtection: layer.protectsData,
    removalPolicy: layer.dataRemoval,
  });
  // The engine would make the group by itself, without retention and key.
  cluster.node.addDependency(logGroup);
  Validations.of(cluster).acknowledge({
    id: 'AwsSolutions-RDS11',
    reason: 'Security groups let in the tasks that use it and nobody else; another port would hide nothing.',
  });
  const { ownerArn, address } = endpointOf(cluster);
  return {
    // Named by its ARN alone: granting on the cluster's own object would have the key name every role that reads it.
    owner: Secret.fromSecretCompleteArn(layer, 'owner', ownerArn),
    grantOwner: (grantee) => {
      const actions = ['secretsmanager:GetSecretValue'];
      Grant.addToPrincipal({ grantee, actions, resourceArns: [ownerArn] });
      keys.relational.grantDecrypt(grantee);
    },
    url: address(''),
    urlOf: (user) => address(`${user}@`),
    grantSignIn: (grantee, user) => {
      Grant.addToPrincipal({
        grantee,
        actions: ['rds-db:connect'],
        resourceArns: [
          layer.formatArn({
            service: 'rds-db',
            resource: `dbuser:${cluster.clusterResourceIdentifier}`,
            resourceName: user,
          }),
        ],
      });
    },
  };
}

/** Lets the engine write its machine's figures every minute, with the rights the vendor names for that. */
function createMonitoringRole(layer: Layer): Role {
  const role = new Role(layer, 'monitoring-role', {
    assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com'),
    managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonRDSEnhancedMonitoringRole')],
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole]',
    reason: 'The service asks for this very policy, and follows it when what it writes changes.',
  });
  return role;
}

function endpointOf({ clusterEndpoint, secret }: DatabaseCluster) {
  if (secret === undefined) throw new Error('the cluster has no secret of its owner');
  const query = `sslmode=verify-full&sslrootcert=${databaseAuthorities}`;
  const address = (user: string) =>
    `postgres://${user}${clusterEndpoint.hostname}:${ports.relational}/${database}?${query}`;
  return { ownerArn: secret.secretArn, address };
}
