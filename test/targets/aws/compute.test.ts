import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import blueprint from '../../../blueprint.ts';
import { environment as catalogEnvironment } from '../../../services/catalog/environment.ts';
import { environment as certificateEnvironment } from '../../../services/certificates/environment.ts';
import { environment as entitiesEnvironment } from '../../../services/entities/environment.ts';
import { environment as migrationEnvironment } from '../../../services/migration/environment.ts';
import { containerOf, taskDefinitions, taskOf, variablesOf } from './containers.ts';
import { type Properties, propertiesOf } from './resources.ts';
import { assembly, templateOf } from './templates.ts';

const template = templateOf('compute');
const tasks = taskDefinitions();
const services = Object.values(propertiesOf(template, 'AWS::ECS::Service'));

describe('the task definition', () => {
  // The blueprint's ECS task definition, its image and roles aside: those are made.
  const fragment = {
    Family: 'microservice-a',
    NetworkMode: 'awsvpc',
    RequiresCompatibilities: ['FARGATE'],
    Cpu: '512',
    Memory: '1024',
  };
  const log = (prefix: string) => ({
    LogDriver: 'awslogs',
    Options: {
      'awslogs-group': '/ecs/microservice-a',
      'awslogs-region': 'us-west-2',
      'awslogs-stream-prefix': prefix,
    },
  });

  test("is the blueprint's", () => {
    const task = taskOf('microservice-a');
    for (const [name, value] of Object.entries(fragment)) assert.deepEqual(task[name], value, name);
    const app = containerOf('microservice-a', 'app');
    assert.deepEqual(app.PortMappings, [{ ContainerPort: 8080, Protocol: 'tcp' }]);
    assert.equal(app.Essential, true);
    assert.deepEqual(app.LogConfiguration, log('app'));
    const envoy = containerOf('microservice-a', 'envoy');
    assert.equal(envoy.Essential, true);
    assert.equal(envoy.User, '1337');
    assert.deepEqual(variablesOf(envoy), { APPMESH_RESOURCE_NAME: 'microservice-a' });
    assert.deepEqual(envoy.LogConfiguration, log('envoy'));
    assert.ok(task.TaskRoleArn && task.ExecutionRoleArn);
  });

  test('runs on ARM', () => {
    for (const task of tasks) {
      assert.deepEqual(task.RuntimePlatform, { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' });
    }
  });

  test('has containers without root, capabilities, or anything they may write to but their volume', () => {
    for (const { Family, ContainerDefinitions } of tasks) {
      for (const container of ContainerDefinitions) {
        const name = `${Family} ${container.Name}`;
        assert.match(String(container.User), /^[1-9]\d*$/, name);
        assert.equal(container.ReadonlyRootFilesystem, true, name);
        assert.deepEqual(container.LinuxParameters, { Capabilities: { Drop: ['ALL'] } }, name);
        assert.equal(container.Privileged, undefined, name);
        for (const { ReadOnly } of (container.MountPoints ?? []) as { ReadOnly: boolean }[]) {
          assert.equal(ReadOnly, container.Name !== 'certificates', name);
        }
      }
    }
  });

  test('gives the certificate to the proxy and its keeper, who are one user, and not to the application', () => {
    const users = ['envoy', 'certificates'].map((name) => containerOf('microservice-a', name).User);
    assert.deepEqual(users, ['1337', '1337']);
    assert.equal(containerOf('microservice-a', 'app').MountPoints, undefined);
    assert.notEqual(containerOf('microservice-a', 'app').User, '1337');
  });

  test('starts the proxy when it has a certificate, the application after it, and so ends them the other way', () => {
    const { DependsOn: proxy } = containerOf('microservice-a', 'envoy');
    assert.deepEqual(proxy, [{ ContainerName: 'certificates', Condition: 'HEALTHY' }]);
    const { DependsOn: app } = containerOf('microservice-a', 'app');
    assert.ok((app as { ContainerName: string }[]).some(({ ContainerName }) => ContainerName === 'envoy'));
  });

  test('lets application and proxy be found ill, each by its own answer', () => {
    const { Command, Interval, Timeout } = containerOf('microservice-a', 'app').HealthCheck as Properties;
    assert.match(String(Command), /127\.0\.0\.1:18080\/health && .*127\.0\.0\.1:9901\/ready/);
    assert.ok(Number(Interval) >= 5 && Number(Timeout) >= 2, 'what ECS takes');
  });

  test("holds each variable its service reads, and none that is a secret's", () => {
    const schemas = [
      ['microservice-a', 'app', entitiesEnvironment],
      ['microservice-b', 'app', catalogEnvironment],
      ['microservice-a', 'certificates', certificateEnvironment],
      ['ingress', 'certificates', certificateEnvironment],
    ] as const;
    for (const [family, name, schema] of schemas) {
      const result = schema.safeParse(variablesOf(containerOf(family, name)));
      assert.equal(result.error, undefined, `${family} ${name}`);
    }
    const migration = containerOf('cloud-native-migration', 'migration');
    const secrets = (migration.Secrets as { Name: string }[]).map(({ Name }) => [Name, 'given by ECS']);
    const variables = { ...variablesOf(migration), ...Object.fromEntries(secrets) };
    assert.equal(migrationEnvironment.safeParse(variables).error, undefined);
    for (const stack of assembly().stacks) {
      assert.doesNotMatch(
        JSON.stringify(stack.template),
        /postgres:\/\/[^@"]*:[^@"]*@|rediss?:\/\/[^@"]*:[^@"]*@/,
      );
    }
  });
});

describe('a service', () => {
  test('replaces its tasks without a gap, takes back what fails, and lets nobody in by a shell', () => {
    assert.deepEqual(services.map(({ ServiceName }) => ServiceName).sort(), [
      'ingress',
      'microservice-a',
      'microservice-b',
    ]);
    for (const service of services) {
      assert.deepEqual(service.DeploymentConfiguration, {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MaximumPercent: 200,
        MinimumHealthyPercent: 100,
      });
      assert.equal(service.EnableExecuteCommand, false);
      const { AwsvpcConfiguration: place } = service.NetworkConfiguration as {
        AwsvpcConfiguration: Properties;
      };
      assert.equal(place.AssignPublicIp, 'DISABLED');
      assert.match(JSON.stringify(place.Subnets), /private/);
    }
  });

  test('has as many tasks as the blueprint says, and more under load', () => {
    const targets = Object.values(propertiesOf(template, 'AWS::ApplicationAutoScaling::ScalableTarget'));
    const sizes = targets.map(({ MinCapacity, MaxCapacity }) => [MinCapacity, MaxCapacity]);
    const expected = Object.values(blueprint.compute.services).map(({ tasks: count }) => [count, count * 4]);
    const ingress = [2, 8];
    assert.deepEqual(sizes.sort(), [...expected, ingress].sort());
    for (const policy of Object.values(
      propertiesOf(template, 'AWS::ApplicationAutoScaling::ScalingPolicy'),
    )) {
      const { TargetValue } = policy.TargetTrackingScalingPolicyConfiguration as Properties;
      assert.equal(TargetValue, 60);
    }
    for (const service of services) assert.equal(service.DesiredCount, undefined, 'scaling says it');
  });

  test('that uses the database rolls only after its migration', () => {
    const resources = template.findResources('AWS::ECS::Service');
    const waiting = Object.values(resources).filter(({ DependsOn }) => DependsOn?.includes('migration'));
    assert.deepEqual(
      waiting.map(({ Properties: { ServiceName } }) => ServiceName),
      ['microservice-a'],
    );
    const [migration] = Object.values(template.findResources('Custom::Migration'));
    const [task] = Object.entries(propertiesOf(template, 'AWS::ECS::TaskDefinition')).filter(
      ([, { Family }]) => Family === 'cloud-native-migration',
    );
    assert.deepEqual(
      migration?.Properties.TaskDefinition,
      { Ref: task?.[0] },
      'another image, another migration',
    );
  });
});

describe('the load balancer', () => {
  test('is internal, and asks the ingress itself whether it is ready', () => {
    const [balancer] = Object.values(propertiesOf(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer'));
    assert.equal(balancer?.Scheme, 'internal');
    const [targets] = Object.values(propertiesOf(template, 'AWS::ElasticLoadBalancingV2::TargetGroup'));
    assert.deepEqual([targets?.Port, targets?.HealthCheckPort, targets?.TargetType], [8080, '9902', 'ip']);
    const readiness = variablesOf(containerOf('ingress', 'certificates')).READINESS_PORT;
    assert.equal(readiness, targets?.HealthCheckPort);
  });
});

describe('roles', () => {
  interface Statement {
    readonly Action: string | readonly string[];
    readonly Resource: unknown;
    readonly Effect: string;
  }
  const policies = assembly().stacks.flatMap(({ stackName, template: { Resources } }) =>
    Object.entries(Resources as Record<string, { Type: string; Properties: Properties }>)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Policy')
      .map(([id, { Properties }]) => ({
        id: `${stackName}/${id}`,
        statements: (Properties.PolicyDocument as { Statement: Statement[] }).Statement,
      })),
  );

  test('allow no action by a wildcard, and no resource by one where it has a name', () => {
    const unnamed = new Set<string>();
    for (const { id, statements } of policies) {
      for (const { Action, Resource } of statements) {
        for (const action of [Action].flat()) {
          assert.doesNotMatch(action, /\*/, id);
          if (Resource === '*') unnamed.add(action);
        }
      }
    }
    // Actions that have no resource, by the vendor's service authorization reference.
    assert.deepEqual([...unnamed].sort(), [
      'ecr:GetAuthorizationToken',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  test("let a task sign in as its own service's user, and read its own certificate", () => {
    const own = policies
      .filter(({ id }) => /microservicebtaskTaskRole/.test(id))
      .flatMap(({ statements }) => statements);
    const actions = own.flatMap(({ Action }) => Action).sort();
    assert.ok(actions.includes('dynamodb:PutItem'));
    assert.ok(!actions.some((action) => /^(rds-db|elasticache):/.test(action)), 'it uses neither');
    const secrets = own.filter(({ Action }) => [Action].flat().includes('secretsmanager:GetSecretValue'));
    assert.equal(secrets.length, 1);
    assert.match(JSON.stringify(secrets[0]?.Resource), /microserviceb/);
  });
});
