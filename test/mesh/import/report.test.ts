import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ImportReport, importReport } from '../../../src/mesh/import/report.ts';
import { sidecarProxies } from '../../../src/mesh/import/sidecar/proxies.ts';
import { imported, yaml } from './imported.ts';

function report(files: Readonly<Record<string, string>>): ImportReport {
  const all = imported(files);
  const options = { envoyVersion: '1.2.3', live: false, workloads: [] };
  return importReport(
    all,
    all.meshes.map((mesh) => ({ mesh, ...sidecarProxies(mesh.resources, options) })),
  );
}

const resource = (type: string, name: string, spec: string, more = '') =>
  `{ Type: AWS::AppMesh::${type}, Properties: { MeshName: shop, ${type}Name: ${name}, ${more} Spec: ${spec} } }`;
const listeners = 'Listeners: [{ PortMapping: { Port: 8080, Protocol: http } }]';

test('it says what each resource becomes', () => {
  const { meshes } = report({
    'mesh.yaml': yaml`
      Resources:
        Mesh: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: shop, Spec: { EgressFilter: { Type: ALLOW_ALL } } } }
        A: ${resource('VirtualNode', 'a', `{ ${listeners}, ServiceDiscovery: { DNS: { Hostname: a.local } }, Backends: [{ VirtualService: { VirtualServiceName: b.local } }] }`)}
        B: ${resource('VirtualNode', 'b', `{ ${listeners}, ServiceDiscovery: { AWSCloudMap: { NamespaceName: local, ServiceName: b } } }`)}
        S: ${resource('VirtualService', 'b.local', '{ Provider: { VirtualRouter: { VirtualRouterName: r } } }')}
        Unused: ${resource('VirtualService', 'unused', '{}')}
        R: ${resource('VirtualRouter', 'r', `{ ${listeners} }`)}
        T: ${resource('Route', 't', '{ HttpRoute: { Match: { Prefix: /x, Headers: [{ Name: h }] }, Action: { WeightedTargets: [{ VirtualNode: a, Weight: 1 }, { VirtualNode: b, Weight: 3 }] } } }', 'VirtualRouterName: r,')}
        G: ${resource('VirtualGateway', 'g', `{ ${listeners} }`)}
        GR: ${resource('GatewayRoute', 'gr', '{ HttpRoute: { Match: { Prefix: / }, Action: { Target: { VirtualService: { VirtualServiceName: b.local } } } } }', 'VirtualGatewayName: g,')}
    `,
  });
  assert.deepEqual(
    meshes[0]?.becomes.map(({ kind, name, becomes, line }) => `${line} ${kind} ${name}: ${becomes}`),
    [
      '2 mesh shop: sidecars let calls to other hosts out',
      '3 virtualNode a: a sidecar on 8080 (http); calls b.local; is found as a.local',
      '4 virtualNode b: a sidecar on 8080 (http); is found as b.local',
      '5 virtualService b.local: a host in the proxies of a, g',
      '6 virtualService unused: nothing: no node or gateway calls it',
      '7 virtualRouter r: the route of b.local',
      '8 route t: http requests for /x by headers go to a 25%, b 75%',
      '9 virtualGateway g: an Envoy on 8080 (http); leads to b.local',
      '10 gatewayRoute gr: http requests for / go to b.local',
    ],
  );
  assert.deepEqual(meshes[0]?.proxies, ['a', 'b', 'g']);
});

test('it says what is different on plain Envoy, at the resource that is concerned', () => {
  const { differences } = report({
    'mesh.yaml': yaml`
      Resources:
        Mesh: { Type: AWS::AppMesh::Mesh, Properties: { MeshName: shop, Spec: { EgressFilter: { Type: DROP_ALL } } } }
        A: ${resource('VirtualNode', 'a', '{ Backends: [{ VirtualService: { VirtualServiceName: b } }, { VirtualService: { VirtualServiceName: c } }] }')}
        B: ${resource('VirtualNode', 'b', `{ ${listeners}, ServiceDiscovery: { AWSCloudMap: { NamespaceName: local, ServiceName: b, Attributes: [{ Key: v, Value: 2 }] } } }`)}
        C: ${resource('VirtualNode', 'c', "{ Listeners: [{ PortMapping: { Port: 5432, Protocol: tcp }, TLS: { Mode: STRICT, Certificate: { ACM: { CertificateArn: 'arn:aws:acm:eu-west-1:1:certificate/x' } } } }], ServiceDiscovery: { DNS: { Hostname: c.local } } }")}
        SB: ${resource('VirtualService', 'b', '{ Provider: { VirtualNode: { VirtualNodeName: b } } }')}
        SC: ${resource('VirtualService', 'c', '{ Provider: { VirtualNode: { VirtualNodeName: c } } }')}
    `,
  });
  assert.deepEqual(
    differences.filter(({ code }) => code !== 'field-different').map(({ code, line }) => `${line} ${code}`),
    [
      '2 no-interception',
      '3 addresses-by-hand',
      '3 tcp-address',
      '3 certificate-from-file',
      '5 certificate-from-file',
    ],
  );
  const fields = differences
    .filter(({ code }) => code === 'field-different')
    .map(({ message, line }) => `${line} ${message}`);
  assert.ok(
    fields.some((text) => /^2 mesh\.egressFilter\.type: /.test(text)),
    fields.join('\n'),
  );
  assert.ok(
    fields.some((text) =>
      /^3 virtualNode\.backends\[\]\.virtualService\.virtualServiceName, in 2 places: /.test(text),
    ),
  );
});

test('a field that becomes nothing is told of, and fields of one kind are told of together', () => {
  const check =
    'HealthCheck: { Protocol: http, Path: /, HealthyThreshold: 2, UnhealthyThreshold: 2, IntervalMillis: 5000, TimeoutMillis: 2000 }';
  const { differences } = report({
    'mesh.yaml': yaml`
      Resources:
        G: ${resource('VirtualGateway', 'g', `{ Listeners: [{ PortMapping: { Port: 80, Protocol: http }, ${check} }] }`)}
    `,
  });
  const [unused, ...others] = differences.filter(({ code }) => code === 'field-unused');
  assert.match(
    unused?.message ?? '',
    /^virtualGateway\.listeners\[\]\.healthCheck\.\w+, .* and 4 more: no proxy of the mesh calls a gateway/,
  );
  assert.deepEqual(others, []);
});
