import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Match } from 'aws-cdk-lib/assertions';
import blueprint from '../../../blueprint.ts';
import { packages } from '../../../src/targets/local/engines/packages.ts';
import { onlyOf, type Properties, propertiesOf } from './resources.ts';
import { assembly, templateOf } from './templates.ts';

describe('keys', () => {
  const keys = propertiesOf(templateOf('keys'), 'AWS::KMS::Key');

  test('are one a class of data, each replaced every year', () => {
    const aliases = Object.values(propertiesOf(templateOf('keys'), 'AWS::KMS::Alias'));
    assert.deepEqual(aliases.map(({ AliasName }) => AliasName).sort(), [
      'alias/cloud-native/audit',
      'alias/cloud-native/cache',
      'alias/cloud-native/certificates',
      'alias/cloud-native/logs',
      'alias/cloud-native/notifications',
      'alias/cloud-native/objects',
      'alias/cloud-native/relational',
      'alias/cloud-native/sessions',
      'alias/cloud-native/table',
    ]);
    for (const key of Object.values(keys)) {
      assert.deepEqual([key.EnableKeyRotation, key.RotationPeriodInDays], [true, 365]);
    }
  });

  test('outlive their stack, as data does', () => {
    for (const layer of ['keys', 'relational', 'table', 'sessions', 'logs']) {
      assert.equal(assembly().getStackByName(`cloud-native-${layer}`).terminationProtection, true, layer);
    }
    for (const resource of Object.values(templateOf('keys').findResources('AWS::KMS::Key'))) {
      assert.equal(resource.DeletionPolicy, 'Retain');
    }
  });
});

describe('the system of record', () => {
  const template = templateOf('relational');
  const cluster = onlyOf(template, 'AWS::RDS::DBCluster');

  test('is encrypted on disk and on the wire, and signed in to by IAM', () => {
    assert.equal(cluster.StorageEncrypted, true);
    assert.match(JSON.stringify(cluster.KmsKeyId), /relational/);
    assert.equal(cluster.EnableIAMDatabaseAuthentication, true);
    const { Parameters } = onlyOf(template, 'AWS::RDS::DBClusterParameterGroup');
    assert.deepEqual(Parameters, { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' });
  });

  test('has a standby in another zone that is as large as the primary, backups, and is not deleted by mistake', () => {
    const instances = Object.values(propertiesOf(template, 'AWS::RDS::DBInstance'));
    assert.deepEqual(instances.map(({ PromotionTier }) => PromotionTier).sort(), [0, 1]);
    for (const instance of instances) {
      assert.equal(instance.DBInstanceClass, 'db.serverless');
      assert.equal(instance.PubliclyAccessible, false);
    }
    assert.deepEqual([cluster.BackupRetentionPeriod, cluster.DeletionProtection], [14, true]);
    assert.deepEqual(cluster.ServerlessV2ScalingConfiguration, { MinCapacity: 0.5, MaxCapacity: 16 });
  });

  test('has an owner whose password the vendor keeps and changes: no template has one', () => {
    assert.equal(cluster.ManageMasterUserPassword, true);
    assert.equal(cluster.MasterUserPassword, undefined);
  });

  test('is the engine of the local platform', () => {
    const [major, minor] = packages.postgres.version.split('.');
    assert.equal(cluster.EngineVersion, `${major}.${minor}`);
  });
});

describe('the lookup table', () => {
  // The blueprint's DynamoDB schema.
  test("is the blueprint's schema", () => {
    templateOf('table').hasResourceProperties('AWS::DynamoDB::Table', {
      TableName: 'Entities',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'NameIndex',
          KeySchema: [{ AttributeName: 'name', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['attributes'] },
        },
      ],
    });
  });

  test('is paid by request, can be taken back to any second, is encrypted, and is not deleted by mistake', () => {
    templateOf('table').hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: Match.anyValue() },
        DeletionProtectionEnabled: true,
      },
    });
  });
});

describe('the cache', () => {
  const template = templateOf('cache');
  const users = Object.values(propertiesOf(template, 'AWS::ElastiCache::User'));

  test('is Valkey Serverless, encrypted with its own key, in the subnets of stores', () => {
    const cache = onlyOf(template, 'AWS::ElastiCache::ServerlessCache');
    assert.equal(cache.Engine, 'valkey');
    assert.equal(cache.MajorEngineVersion, packages.valkey.version.split('.')[0], 'as on a laptop');
    assert.match(JSON.stringify(cache.KmsKeyId), /cache/);
    for (const subnet of cache.SubnetIds as unknown[]) assert.match(JSON.stringify(subnet), /isolated/);
    assert.deepEqual(cache.CacheUsageLimits, { DataStorage: { Unit: 'GB', Maximum: 1 } });
  });

  test('has a user of each service that uses it, who signs in by IAM, and nobody else', () => {
    const services = Object.entries(blueprint.compute.services).filter(([, { stores }]) =>
      stores?.includes('cache'),
    );
    assert.deepEqual(
      users.map(({ UserId }) => UserId),
      services.map(([name]) => `cloud-native-${name}`),
    );
    for (const user of users) {
      assert.equal(user.UserName, user.UserId, 'IAM asks for both to be the same');
      assert.deepEqual(user.AuthenticationMode, { Type: 'iam' });
      assert.match(String(user.AccessString), /^on (~\S+ )+-@all( \+\w+)+$/);
    }
    const group = onlyOf(template, 'AWS::ElastiCache::UserGroup') as Properties;
    assert.deepEqual(
      group.UserIds,
      users.map(({ UserId }) => UserId),
    );
  });
});
