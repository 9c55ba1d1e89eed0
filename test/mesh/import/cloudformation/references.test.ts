import assert from 'node:assert/strict';
import { test } from 'node:test';
import { told } from '../placeholders/documents.ts';
import { hostnameOf, named, nodeFoundAs, read, readAll } from './template.ts';

test('attributes of App Mesh resources are their names, Ref means the name, too, and that is said', () => {
  const reading = read(`
Resources:
  Mesh:
    Type: AWS::AppMesh::Mesh
    Properties: { MeshName: shop }
  Router:
    Type: AWS::AppMesh::VirtualRouter
    Properties: { MeshName: !GetAtt [Mesh, MeshName], VirtualRouterName: colors, Spec: {} }
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties: { MeshName: !Ref Mesh, VirtualNodeName: !Sub 'red-\${Router.VirtualRouterName}', Spec: {} }
  Route:
    Type: AWS::AppMesh::Route
    Properties:
      MeshName: !Ref Mesh
      VirtualRouterName: !Ref Router
      RouteName: all
      Spec: { HttpRoute: { Match: { Prefix: / }, Action: { WeightedTargets: [{ VirtualNode: !Ref Node, Weight: 1 }] } } }
`);
  const route = named(reading, 'all');
  assert.equal(route?.mesh, 'shop');
  assert.equal(route?.parent, 'colors');
  assert.deepEqual(route?.spec, {
    httpRoute: {
      match: { prefix: '/' },
      action: { weightedTargets: [{ virtualNode: 'red-colors', weight: 1 }] },
    },
  });
  assert.deepEqual(told(reading, 'error'), []);
  assert.deepEqual(told(reading, 'note'), [
    'reference-as-name template.yaml:11 Ref of Mesh, Router, Node gives an id, not a name; the name is taken, because it is meant',
  ]);
});

test('whoever takes the reference of a mesh apart takes apart its ARN', () => {
  const reading = read(`
Resources:
  Mesh:
    Type: AWS::AppMesh::Mesh
    Properties: { MeshName: shop }
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: !Select [1, !Split [/, !Select [5, !Split [':', !Ref Mesh]]]]
      MeshOwner: !Select [4, !Split [':', !Ref Mesh]]
      Spec: {}
`);
  assert.deepEqual(told(reading, 'error'), []);
  assert.equal(named(reading, 'Node')?.mesh, 'shop');
  assert.equal(named(reading, 'Node')?.meshOwner, undefined);
});

test('services and namespaces of the same template are found by their names', () => {
  const reading = read(`
Resources:
  Namespace: { Type: AWS::ServiceDiscovery::PrivateDnsNamespace, Properties: { Name: shop.local, Vpc: vpc-1 } }
  Registry: { Type: AWS::ServiceDiscovery::Service, Properties: { Name: front, NamespaceId: !Ref Namespace } }
  Record: { Type: AWS::Route53::RecordSet, Properties: { Name: back.shop.local., Type: A } }
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: shop
      Spec:
        ServiceDiscovery: { AWSCloudMap: { NamespaceName: !Ref Namespace, ServiceName: !GetAtt Registry.Name } }
        Backends: [{ VirtualService: { VirtualServiceName: !Ref Record } }]
`);
  assert.deepEqual(told(reading, 'error'), []);
  assert.deepEqual(reading.resources[0]?.spec, {
    serviceDiscovery: { awsCloudMap: { namespaceName: 'shop.local', serviceName: 'front' } },
    backends: [{ virtualService: { virtualServiceName: 'back.shop.local' } }],
  });
});

test('what a deployment alone knows is asked for by its own name', () => {
  const balancer = '  Balancer: { Type: AWS::ElasticLoadBalancingV2::LoadBalancer }';
  const template = nodeFoundAs('!GetAtt Balancer.DNSName', balancer);
  const [finding] = read(template).findings;
  assert.equal(finding?.code, 'value-of-deployment');
  assert.equal(finding?.remedy, 'Give --parameter Balancer.DNSName=VALUE.');
  assert.equal(hostnameOf(read(template, { 'Balancer.DNSName': 'lb.local' })), 'lb.local');
});

test("a certificate's ARN is no error: its files are given to the proxy whatever it is", () => {
  const reading = read(`
Resources:
  Certificate: { Type: AWS::CertificateManager::Certificate }
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: shop
      Spec: { Listeners: [{ TLS: { Mode: STRICT, Certificate: { ACM: { CertificateArn: !Ref Certificate } } } }] }
`);
  assert.deepEqual(told(reading, 'error'), []);
  assert.match(told(reading, 'note')[0] ?? '', /^value-unneeded template\.yaml:8 .*Certificate/);
  assert.match(JSON.stringify(reading.resources[0]?.spec), /"certificateArn":"arn:aws:acm:/);
});

test('an export of another template is imported', () => {
  const infrastructure = `
Parameters: { Environment: { Type: String, Default: test } }
Resources:
  Mesh: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: !Sub '\${Environment}-mesh' } }
Outputs:
  Mesh: { Value: !GetAtt Mesh.MeshName, Export: { Name: !Sub '\${Environment}:Mesh' } }
`;
  const node = nodeFoundAs(
    `{ 'Fn::ImportValue': !Sub '\${Environment}:Mesh' }`,
    'Parameters: { Environment: { Type: String, Default: test } }',
  );
  const together = readAll({ 'node.yaml': node, 'infrastructure.yaml': infrastructure });
  assert.deepEqual(together.findings, []);
  assert.equal(hostnameOf(together), 'test-mesh');
  const [alone] = read(node).findings;
  assert.equal(alone?.code, 'import-unresolved');
  assert.equal(alone?.remedy, 'Give --parameter test:Mesh=VALUE.');
  assert.equal(hostnameOf(read(node, { 'test:Mesh': 'given' })), 'given');
});

test('a nested stack gets its parameters from its parent, and gives its outputs back', () => {
  const parent = `
Parameters: { Project: { Type: String } }
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !Sub https://bucket.example/\${Project}/inner.yaml
      Parameters: { Name: !Sub '\${Project}-mesh' }
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties: { MeshName: !GetAtt Inner.Outputs.Mesh, Spec: {} }
`;
  const inner = `
Parameters: { Name: { Type: String } }
Resources:
  Mesh: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: !Ref Name } }
Outputs:
  Mesh: { Value: !GetAtt Mesh.MeshName }
`;
  const reading = readAll({ 'parent.yaml': parent, 'stacks/inner.yaml': inner }, { Project: 'shop' });
  assert.deepEqual(reading.findings, []);
  assert.equal(named(reading, 'Node')?.mesh, 'shop-mesh');
  assert.equal(named(reading, 'shop-mesh')?.kind, 'mesh');
});

test('references that lead back to themselves end, with the way they went', () => {
  const names = read(`
Resources:
  A: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: !GetAtt B.MeshName } }
  B: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: !Sub 'x-\${A.MeshName}' } }
`);
  assert.match(
    told(names, 'error')[0] ?? '',
    /^reference-cycle template\.yaml:\d this refers to itself: B\.MeshName → A\.MeshName → B\.MeshName/,
  );
  const conditions = read(
    nodeFoundAs('!If [A, a, b]', 'Conditions: { A: !Not [!Condition B], B: !Not [!Condition A] }'),
  );
  assert.match(
    told(conditions, 'error')[0] ?? '',
    /^reference-cycle .*Condition A → Condition B → Condition A/,
  );
  const imports = readAll({
    'a.yaml': `${nodeFoundAs('!ImportValue B')}\nOutputs: { A: { Value: !ImportValue B, Export: { Name: A } } }`,
    'b.yaml': 'Resources: {}\nOutputs: { B: { Value: !ImportValue A, Export: { Name: B } } }',
  });
  assert.match(told(imports, 'error')[0] ?? '', /^reference-cycle/);
});

test('references that double a text again and again end before it fills the memory', () => {
  const names = Array.from(
    { length: 60 },
    (_, index) =>
      `  M${index}: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: !Sub '\${M${index + 1}.MeshName}\${M${index + 1}.MeshName}' } }`,
  );
  const last = '  M60: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: abcdefgh } }';
  const started = performance.now();
  const reading = read(`Resources:\n${names.join('\n')}\n${last}\n`);
  assert.ok(performance.now() - started < 5_000);
  assert.ok(told(reading, 'error').some((error) => error.startsWith('text-too-long')));
  assert.ok(reading.resources.every(({ name }) => name.length <= 32_768));
});

test('a long way of references ends with an error, not with the stack', () => {
  const chain = Array.from(
    { length: 3_000 },
    (_, index) =>
      `  M${index}: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: !GetAtt M${index + 1}.MeshName } }`,
  );
  const reading = read(`Resources:\n${chain.join('\n')}\n`);
  assert.ok(told(reading, 'error').some((error) => error.startsWith('nested-too-deep')));
});
