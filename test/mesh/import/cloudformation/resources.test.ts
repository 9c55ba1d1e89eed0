import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { apiName } from '../../../../src/mesh/import/cloudformation/spelling.ts';
import { parseSpecification, type ResourceKind } from '../../../../src/model/mesh/specification.ts';
import { told } from '../placeholders/documents.ts';
import { named, read } from './template.ts';

test("CloudFormation's names are the API's, whatever is written in capitals", () => {
  const names = {
    VirtualNodeName: 'virtualNodeName',
    DNS: 'dns',
    AWSCloudMap: 'awsCloudMap',
    TLS: 'tls',
    ACM: 'acm',
    SDS: 'sds',
    HTTP: 'http',
    HTTP2: 'http2',
    GRPC: 'grpc',
    TCP: 'tcp',
    Http2Route: 'http2Route',
    IpPreference: 'ipPreference',
  };
  for (const [name, api] of Object.entries(names)) assert.equal(apiName(name), api);
});

/** Every member App Mesh has, in CloudFormation's words. */
const whole = `
Resources:
  Mesh:
    Type: AWS::AppMesh::Mesh
    Properties:
      MeshName: shop
      Spec: { EgressFilter: { Type: DROP_ALL }, ServiceDiscovery: { IpPreference: IPv4_ONLY } }
      Tags: [{ Key: a, Value: b }]
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties:
      MeshName: shop
      VirtualNodeName: node
      Spec:
        ServiceDiscovery:
          AWSCloudMap: { NamespaceName: local, ServiceName: node, Attributes: [{ Key: version, Value: 1 }], IpPreference: IPv4_ONLY }
        Listeners:
          - PortMapping: { Port: '8080', Protocol: http2 }
            HealthCheck: { HealthyThreshold: '2', IntervalMillis: 5000, Path: /ping, Port: 8080, Protocol: http2, TimeoutMillis: 2000, UnhealthyThreshold: 2 }
            Timeout: { HTTP2: { Idle: { Unit: s, Value: 60 }, PerRequest: { Unit: ms, Value: '500' } } }
            ConnectionPool: { HTTP2: { MaxRequests: '100' } }
            OutlierDetection: { MaxServerErrors: 5, MaxEjectionPercent: 50, BaseEjectionDuration: { Unit: s, Value: 10 }, Interval: { Unit: s, Value: 10 } }
            TLS:
              Mode: STRICT
              Certificate: { File: { CertificateChain: /c.pem, PrivateKey: /k.pem } }
              Validation: { Trust: { SDS: { SecretName: ca } }, SubjectAlternativeNames: { Match: { Exact: [a] } } }
        Backends:
          - VirtualService:
              VirtualServiceName: back.local
              ClientPolicy: { TLS: { Enforce: 'true', Ports: ['8080', 9090], Certificate: { SDS: { SecretName: own } }, Validation: { Trust: { File: { CertificateChain: /ca.pem } } } } }
        BackendDefaults: { ClientPolicy: { TLS: { Validation: { Trust: { ACM: { CertificateAuthorityArns: ['arn:aws:acm-pca:eu-west-1:1:certificate-authority/x'] } } } } } }
        Logging: { AccessLog: { File: { Path: /dev/stdout, Format: { Json: [{ Key: start, Value: '%START_TIME%' }] } } } }
  Service:
    Type: AWS::AppMesh::VirtualService
    Properties: { MeshName: shop, VirtualServiceName: back.local, Spec: { Provider: { VirtualRouter: { VirtualRouterName: router } } } }
  Router:
    Type: AWS::AppMesh::VirtualRouter
    Properties: { MeshName: shop, VirtualRouterName: router, Spec: { Listeners: [{ PortMapping: { Port: 8080, Protocol: grpc } }] } }
  Route:
    Type: AWS::AppMesh::Route
    Properties:
      MeshName: shop
      VirtualRouterName: router
      RouteName: route
      Spec:
        Priority: '1'
        GrpcRoute:
          Match: { ServiceName: s, MethodName: m, Port: 8080, Metadata: [{ Name: n, Invert: 'true', Match: { Range: { Start: '1', End: 2 } } }, { Name: e, Match: { Exact: 1 } }] }
          Action: { WeightedTargets: [{ VirtualNode: node, Weight: '100', Port: 8080 }] }
          RetryPolicy: { MaxRetries: 3, PerRetryTimeout: { Unit: s, Value: 1 }, GrpcRetryEvents: [cancelled], HttpRetryEvents: [gateway-error], TcpRetryEvents: [connection-error] }
          Timeout: { Idle: { Unit: s, Value: 1 }, PerRequest: { Unit: s, Value: 5 } }
  Http:
    Type: AWS::AppMesh::Route
    Properties:
      MeshName: shop
      VirtualRouterName: router
      RouteName: http
      Spec:
        HttpRoute:
          Match: { Path: { Regex: /a.* }, Method: GET, Scheme: https, Headers: [{ Name: h, Match: { Suffix: x } }], QueryParameters: [{ Name: q, Match: { Exact: 1 } }] }
          Action: { WeightedTargets: [{ VirtualNode: node, Weight: 1 }] }
  Gateway:
    Type: AWS::AppMesh::VirtualGateway
    Properties:
      MeshName: shop
      VirtualGatewayName: gateway
      Spec:
        Listeners: [{ PortMapping: { Port: 80, Protocol: http }, ConnectionPool: { HTTP: { MaxConnections: 10, MaxPendingRequests: 5 } } }]
        Logging: { AccessLog: { File: { Path: /dev/stdout, Format: { Text: '%START_TIME%' } } } }
  GatewayRoute:
    Type: AWS::AppMesh::GatewayRoute
    Properties:
      MeshName: shop
      VirtualGatewayName: gateway
      GatewayRouteName: gateway-route
      Spec:
        Priority: 2
        HttpRoute:
          Match: { Prefix: /, Hostname: { Suffix: .example }, Headers: [{ Name: h, Match: { Range: { Start: 1, End: 9 } } }], QueryParameters: [{ Name: q }], Method: GET, Port: 80 }
          Action: { Target: { VirtualService: { VirtualServiceName: back.local }, Port: 8080 }, Rewrite: { Hostname: { DefaultTargetHostname: ENABLED }, Prefix: { Value: /b/ } } }
`;

describe('every member of CloudFormation becomes one that the API has', () => {
  const reading = read(whole);
  test('without a finding', () => assert.deepEqual(reading.findings, []));
  for (const { kind, name, spec } of reading.resources) {
    test(`${kind} ${name}`, () =>
      assert.deepEqual(parseSpecification(kind as ResourceKind, spec).mistakes, []));
  }
  test('numbers written as texts are numbers, and texts written as numbers are texts', () => {
    const node = JSON.stringify(named(reading, 'node')?.spec);
    assert.match(node, /"portMapping":\{"port":8080,/);
    assert.match(node, /"enforce":true,"ports":\[8080,9090\]/);
    assert.match(node, /"attributes":\[\{"key":"version","value":"1"\}\]/);
    assert.match(JSON.stringify(named(reading, 'route')?.spec), /"exact":"1"/);
  });
});

test('JSON is read as YAML is', () => {
  const json = read(JSON.stringify(parse(whole), undefined, 1));
  const yaml = read(whole);
  assert.deepEqual(json.findings, []);
  assert.deepEqual(
    json.resources.map(({ kind, name, spec }) => ({ kind, name, spec })),
    yaml.resources.map(({ kind, name, spec }) => ({ kind, name, spec })),
  );
});

test('each value is found again at its line', () => {
  const node = named(read(whole), 'node');
  assert.equal(node?.origin.line, 9);
  assert.equal(node?.origin.path, 'Resources.Node');
  assert.equal(node?.locate(['listeners', 0, 'healthCheck', 'path']).line, 19);
  assert.equal(
    node?.locate(['listeners', 0, 'tls', 'certificate']).path,
    'Resources.Node.Properties.Spec.Listeners[0].TLS.Certificate',
  );
  assert.equal(node?.locate(['backends', 0, 'nothing']).line, 28);
});

test('without a name of its own a resource has its logical id', () => {
  const { resources, findings } = read(`
Resources:
  FrontNode: { Type: AWS::AppMesh::VirtualNode, Properties: { MeshName: shop, Spec: {} } }
`);
  assert.deepEqual(findings, []);
  assert.equal(resources[0]?.name, 'FrontNode');
});

test('a resource whose condition does not hold is left out, and that is said', () => {
  const reading = read(`
Conditions: { Never: !Equals [a, b] }
Resources:
  Mesh: { Type: AWS::AppMesh::Mesh, Condition: Never, Properties: { MeshName: shop } }
`);
  assert.deepEqual(reading.resources, []);
  assert.match(told(reading, 'note')[0] ?? '', /^condition-false template\.yaml:4 Mesh is left out/);
});

test('what App Mesh does not have is an error at its line', () => {
  const reading = read(`
Resources:
  Mesh:
    Type: AWS::AppMesh::Mesh
    Properties: { MeshNam: shop }
  Other: { Type: AWS::AppMesh::Nonsense }
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties: { VirtualNodeName: [a], Spec: {} }
`);
  assert.deepEqual(told(reading, 'error'), [
    'property-unknown template.yaml:5 AWS::AppMesh::Mesh has no property MeshNam',
    'type-unknown template.yaml:6 App Mesh has no AWS::AppMesh::Nonsense',
    'property-missing template.yaml:9 Node needs a text as its VirtualNodeName',
    'property-missing template.yaml:9 Node needs a text as its MeshName',
  ]);
});

test('two spellings of one member do not replace each other', () => {
  const { resources } = read(`
Resources:
  Node:
    Type: AWS::AppMesh::VirtualNode
    Properties: { MeshName: shop, Spec: { ServiceDiscovery: { DNS: { Hostname: a }, dns: { Hostname: b } } } }
`);
  const { mistakes } = parseSpecification('virtualNode', resources[0]?.spec);
  assert.ok(mistakes.length > 0 || JSON.stringify(resources[0]?.spec).includes('"hostname":"b"'));
});

describe('a template may come in other clothes', () => {
  const node = '{ Type: AWS::AppMesh::VirtualNode, Properties: { MeshName: shop, Spec: {} } }';
  const cases = {
    'resources alone': `Node: ${node}`,
    'one resource alone': `Type: AWS::AppMesh::VirtualNode\nProperties: { MeshName: shop, VirtualNodeName: Node, Spec: {} }`,
    "the Serverless Framework's": `service: x\nresources:\n  Resources:\n    Node: ${node}`,
    'with a transform': `Transform: AWS::Serverless-2016-10-31\nResources:\n  Node: ${node}`,
  };
  for (const [name, text] of Object.entries(cases)) {
    test(name, () => {
      const reading = read(text);
      assert.deepEqual(reading.findings, []);
      assert.deepEqual(
        reading.resources.map((resource) => resource.name),
        ['Node'],
      );
    });
  }
});

test('a macro and a loop are said: what they make is not seen', () => {
  const reading = read(`
Transform: [AWS::LanguageExtensions, MyMacro]
Resources:
  Fn::ForEach::Nodes:
    - Name
    - [a, b]
    - Node\${Name}: { Type: AWS::AppMesh::VirtualNode }
`);
  assert.deepEqual(told(reading, 'error'), [
    'function-unresolved template.yaml:4 Fn::ForEach::Nodes makes App Mesh resources, which only a deployment can do',
  ]);
  assert.match(told(reading, 'warning')[0] ?? '', /^macro-unresolved template\.yaml:2 the macro MyMacro/);
});
