import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createConnectivityStack } from '../../../src/targets/aws/connectivity.ts';
import { createNetworkStack } from '../../../src/targets/aws/network.ts';
import { templateAlone } from './alone.ts';
import { onlyOf, type Properties, propertiesOf } from './resources.ts';
import { templateOf } from './templates.ts';

const network = templateOf('network');
const connectivity = templateOf('connectivity');
const groups = propertiesOf(network, 'AWS::EC2::SecurityGroup');
const nameOf = (reference: unknown): string => {
  const text = JSON.stringify(reference);
  const known = Object.entries(groups).find(([id]) => text.includes(`"${id}"`));
  return String(known?.[1].GroupName ?? text).replace('cloud-native-', '');
};

/** `from → to: port` of every rule that names two groups. */
function rules(type: 'Ingress' | 'Egress'): string[] {
  const other = type === 'Ingress' ? 'SourceSecurityGroupId' : 'DestinationSecurityGroupId';
  return Object.values(propertiesOf(network, `AWS::EC2::SecurityGroup${type}`))
    .map((rule) => {
      const [own, peer] = [nameOf(rule.GroupId), nameOf(rule[other])];
      const [from, to] = type === 'Ingress' ? [peer, own] : [own, peer];
      assert.equal(rule.IpProtocol, 'tcp');
      assert.equal(rule.FromPort, rule.ToPort);
      return `${from} → ${to}: ${rule.FromPort}`;
    })
    .sort();
}

describe('the network', () => {
  test('spans three zones without an account', () => {
    const subnets = Object.values(propertiesOf(network, 'AWS::EC2::Subnet'));
    assert.equal(subnets.length, 9);
    const zones = new Set(subnets.map(({ AvailabilityZone }) => JSON.stringify(AvailabilityZone)));
    assert.equal(zones.size, 3);
    for (const subnet of subnets) assert.equal(subnet.MapPublicIpOnLaunch, false);
  });

  test('has no way out but NAT in each zone, and none at all for stores', () => {
    const routes = Object.values(propertiesOf(network, 'AWS::EC2::Route'));
    assert.equal(routes.length, 3);
    for (const route of routes)
      assert.ok('GatewayId' in route, 'the network itself routes public subnets only');
    const out = Object.values(propertiesOf(connectivity, 'AWS::EC2::Route'));
    assert.equal(out.length, 3);
    for (const route of out) {
      assert.ok('NatGatewayId' in route);
      assert.match(JSON.stringify(route.RouteTableId), /vpcprivateSubnet/);
    }
    assert.equal(Object.keys(propertiesOf(connectivity, 'AWS::EC2::NatGateway')).length, 3);
  });

  test('has no way out at all when the mesh lets nothing out', () => {
    const closed = templateAlone(
      'connectivity',
      (copy) => {
        copy.mesh.egressFilter = 'DROP_ALL';
      },
      ({ deployment, plan, logs }) => {
        const made = createNetworkStack(deployment, plan, { logs });
        createConnectivityStack(deployment, plan, { network: made });
      },
    );
    closed.resourceCountIs('AWS::EC2::VPCEndpoint', 7);
    closed.resourceCountIs('AWS::EC2::NatGateway', 0);
    closed.resourceCountIs('AWS::EC2::Route', 0);
  });

  test('records its flows', () => {
    assert.equal(onlyOf(network, 'AWS::EC2::FlowLog').TrafficType, 'ALL');
  });
});

describe('security groups', () => {
  const expected = [
    'balancer → ingress: 8080',
    'balancer → ingress: 9902',
    'ingress → endpoints: 443',
    'ingress → microservice-a: 8080',
    'link → balancer: 80',
    'microservice-a → cache: 6379',
    'microservice-a → endpoints: 443',
    'microservice-a → microservice-b: 8080',
    'microservice-a → relational: 5432',
    'microservice-b → endpoints: 443',
    'migration → endpoints: 443',
    'migration → relational: 5432',
  ];

  test('let in exactly who calls, by the other group', () => {
    assert.deepEqual(rules('Ingress'), expected);
  });

  test('let out to exactly whom is called', () => {
    assert.deepEqual(rules('Egress'), expected);
  });

  test('name no address, but for the web that tasks may call', () => {
    for (const [id, group] of Object.entries(groups)) {
      assert.equal(group.SecurityGroupIngress, undefined, id);
      const name = String(group.GroupName).replace('cloud-native-', '');
      const out = (group.SecurityGroupEgress ?? []) as Properties[];
      const open = out.filter(({ CidrIp }) => CidrIp === '0.0.0.0/0').map(({ FromPort }) => FromPort);
      const service = name.startsWith('microservice');
      const expectedPorts = service ? [443, 80] : ['ingress', 'migration'].includes(name) ? [443] : [];
      assert.deepEqual(open, expectedPorts, name);
    }
  });
});

describe('network ACLs', () => {
  /** `direction cidr ports` of each list's entries. */
  function entriesOf(list: string): string[] {
    return Object.values(propertiesOf(network, 'AWS::EC2::NetworkAclEntry'))
      .filter(({ NetworkAclId }) => JSON.stringify(NetworkAclId).includes(`"${list}acl`))
      .map(({ Egress, CidrBlock, PortRange, RuleAction, Protocol }) => {
        assert.deepEqual([RuleAction, Protocol], ['allow', 6]);
        const { From, To } = PortRange as { From: number; To: number };
        const whom =
          typeof CidrBlock === 'string'
            ? CidrBlock
            : /(\w+?)[0-9A-F]{8}/.exec(JSON.stringify(CidrBlock))?.[1];
        return `${Egress ? 'out' : 'in'} ${whom} ${From}-${To}`;
      });
  }

  test('let stores be reached by tasks only, on their ports only', () => {
    const tasks = Object.values(propertiesOf(network, 'AWS::EC2::Subnet'))
      .filter(({ Tags }) => JSON.stringify(Tags).includes('"private"'))
      .map(({ CidrBlock }) => String(CidrBlock));
    assert.equal(tasks.length, 3);
    assert.deepEqual(
      entriesOf('isolated').sort(),
      tasks
        .flatMap((cidr) => [`in ${cidr} 5432-5432`, `in ${cidr} 6379-6379`, `out ${cidr} 32768-60999`])
        .sort(),
    );
  });

  test('cover every subnet', () => {
    const associations = propertiesOf(network, 'AWS::EC2::SubnetNetworkAclAssociation');
    assert.equal(Object.keys(associations).length, 9);
  });
});

describe('private endpoints', () => {
  const endpoints = Object.values(propertiesOf(connectivity, 'AWS::EC2::VPCEndpoint'));
  const statementsOf = ({ PolicyDocument }: Properties) =>
    (PolicyDocument as { readonly Statement: readonly Properties[] }).Statement;
  const statements = endpoints.flatMap(statementsOf);

  test('reach every service that tasks call, and no other', () => {
    const names = endpoints.map(({ ServiceName }) => {
      const text = JSON.stringify(ServiceName);
      return /\.(dynamodb|s3)"/.exec(text)?.[1] ?? /\.([a-z0-9.-]+)"\]?\]?\}?$/.exec(text)?.[1] ?? text;
    });
    assert.deepEqual(names.map((name) => name.replace(/^.*us-west-2\./, '')).sort(), [
      'dynamodb',
      'ecr.api',
      'ecr.dkr',
      'logs',
      's3',
      'secretsmanager',
      'xray',
    ]);
  });

  test('serve this account alone, or a bucket of the vendor with images in it', () => {
    for (const statement of statements) {
      const own = JSON.stringify(statement.Condition ?? '').includes('aws:PrincipalAccount');
      const images = JSON.stringify(statement.Resource).includes('starport-layer-bucket');
      assert.ok(own || images, JSON.stringify(statement));
    }
  });

  test("let through what tasks' roles are granted at these services, and nothing else", () => {
    const services = ['ecr', 'logs', 'xray', 'secretsmanager', 'dynamodb'];
    const actionsOf = (all: readonly Properties[]) => {
      const actions = all.flatMap(({ Action }) => [Action].flat() as string[]);
      return [...new Set(actions)].filter((action) => services.includes(action.split(':')[0] ?? '')).sort();
    };
    const compute = propertiesOf(templateOf('compute'), 'AWS::IAM::Policy');
    const granted = Object.entries(compute)
      .filter(([id]) => /task(Execution|Task)Role/.test(id))
      .flatMap(([, policy]) => statementsOf(policy));
    assert.deepEqual(actionsOf(statements), actionsOf(granted));
  });

  test('name what may be called wherever it has a name', () => {
    const named = statements.map(({ Action, Resource }) => [
      [Action].flat().join(),
      [Resource].flat().map((resource) => {
        const [, parts = []] = (resource as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'] ?? [];
        return parts.length === 0 ? resource : parts.filter((part) => typeof part === 'string').join('');
      }),
    ]);
    const images = [
      ['ecr:GetAuthorizationToken', ['*']],
      [
        'ecr:BatchCheckLayerAvailability,ecr:BatchGetImage,ecr:GetDownloadUrlForLayer',
        ['arn:aws:ecr:us-west-2::repository/cdk-hnb659fds-container-assets--us-west-2'],
      ],
    ];
    const logs = ['cloud-native-migration', 'ingress', 'microservice-a', 'microservice-b'];
    assert.deepEqual(named, [
      ...images,
      ...images,
      [
        'logs:CreateLogStream,logs:PutLogEvents',
        logs.map((name) => `arn:aws:logs:us-west-2::log-group:/ecs/${name}:*`),
      ],
      ['xray:PutTelemetryRecords,xray:PutTraceSegments', ['*']],
      [
        'secretsmanager:DescribeSecret,secretsmanager:GetSecretValue',
        ['cloud-native/mesh/*', 'rds!cluster-*'].map(
          (name) => `arn:aws:secretsmanager:us-west-2::secret:${name}`,
        ),
      ],
      ['dynamodb:BatchGetItem,dynamodb:PutItem', ['arn:aws:dynamodb:us-west-2::table/Entities']],
      ['dynamodb:Query', ['arn:aws:dynamodb:us-west-2::table/Entities/index/NameIndex']],
      ['s3:GetObject', ['arn::s3:::prod-us-west-2-starport-layer-bucket/*']],
    ]);
  });
});
