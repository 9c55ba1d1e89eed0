import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { meshBlueprint } from '../../../src/mesh/import/blueprint/document.ts';
import { blueprintText } from '../../../src/mesh/import/blueprint/source-text.ts';
import { importDocuments, type MeshImport } from '../../../src/mesh/import/import.ts';
import { importReport } from '../../../src/mesh/import/report.ts';
import { sidecarFolder } from '../../../src/mesh/import/sidecar/folder.ts';
import { sidecarProxies } from '../../../src/mesh/import/sidecar/proxies.ts';
import { locatedResourceMistakes } from '../../../src/model/mesh/resources.ts';
import { specificationMistakes } from '../../../src/model/mesh/specification.ts';
import { mutated } from './placeholders/mutation.ts';

const port = { Port: 8080, Protocol: 'http' };
const provider = { VirtualRouter: { VirtualRouterName: { 'Fn::GetAtt': ['Router', 'VirtualRouterName'] } } };
const action = { WeightedTargets: [{ VirtualNode: { Ref: 'Node' }, Weight: { Ref: 'Weight' } }] };

/** Something of everything the importer knows. */
const template = {
  Parameters: { Domain: { Type: 'String', Default: 'local' }, Weight: { Type: 'Number', Default: 1 } },
  Mappings: { Names: { a: { b: 'front' } } },
  Conditions: {
    Yes: { 'Fn::Equals': [{ Ref: 'Domain' }, 'local'] },
    No: { 'Fn::Not': [{ Condition: 'Yes' }] },
  },
  Resources: {
    Mesh: { Type: 'AWS::AppMesh::Mesh', Properties: { MeshName: { 'Fn::Sub': `\${Domain}-mesh` } } },
    Node: {
      Type: 'AWS::AppMesh::VirtualNode',
      Condition: 'Yes',
      Properties: {
        MeshName: { Ref: 'Mesh' },
        VirtualNodeName: { 'Fn::FindInMap': ['Names', 'a', 'b'] },
        Spec: {
          ServiceDiscovery: { DNS: { Hostname: { 'Fn::Join': ['.', ['node', { Ref: 'Domain' }]] } } },
          Listeners: [
            { PortMapping: port, TLS: { 'Fn::If': ['No', { Mode: 'STRICT' }, { Ref: 'AWS::NoValue' }] } },
          ],
          Backends: [{ VirtualService: { VirtualServiceName: 'back.local' } }],
        },
      },
    },
    Router: {
      Type: 'AWS::AppMesh::VirtualRouter',
      Properties: {
        MeshName: { Ref: 'Mesh' },
        VirtualRouterName: 'router',
        Spec: { Listeners: [{ PortMapping: port }] },
      },
    },
    Service: {
      Type: 'AWS::AppMesh::VirtualService',
      Properties: {
        MeshName: { Ref: 'Mesh' },
        VirtualServiceName: 'back.local',
        Spec: { Provider: provider },
      },
    },
    Route: {
      Type: 'AWS::AppMesh::Route',
      Properties: {
        MeshName: { Ref: 'Mesh' },
        VirtualRouterName: { 'Fn::Select': [0, { 'Fn::Split': ['/', 'router/x'] }] },
        RouteName: 'route',
        Spec: { HttpRoute: { Match: { Prefix: '/' }, Action: action } },
      },
    },
    Gateway: {
      Type: 'AWS::AppMesh::VirtualGateway',
      Properties: {
        MeshName: { Ref: 'Mesh' },
        VirtualGatewayName: 'gateway',
        Spec: { Listeners: [{ PortMapping: port }] },
      },
    },
  },
  Outputs: { Mesh: { Value: { Ref: 'Mesh' }, Export: { Name: 'mesh' } } },
};

const request = {
  meshName: 'local-mesh',
  virtualGatewayName: 'gateway',
  gatewayRouteName: 'all',
  spec: {
    httpRoute: {
      match: { prefix: '/' },
      action: { target: { virtualService: { virtualServiceName: 'back.local' } } },
    },
  },
};

const object = {
  apiVersion: 'appmesh.k8s.aws/v1beta2',
  kind: 'VirtualNode',
  metadata: { name: 'other', namespace: 'default' },
  spec: {
    meshRef: { name: 'local-mesh', uid: 'x' },
    listeners: [{ portMapping: { port: 80, protocol: 'grpc' } }],
    serviceDiscovery: {
      awsCloudMap: { namespaceName: 'a', serviceName: 'b', attributes: [{ key: 'c', value: 'd' }] },
    },
  },
};

function sourcesOf(documents: Readonly<Record<string, unknown>>) {
  return Object.entries(documents).map(([file, content]) => ({
    file,
    text: JSON.stringify(content, undefined, 1) ?? '',
  }));
}

test('the documents the next tests spoil are sound', () => {
  const { meshes, findings } = importDocuments(
    sourcesOf({ 'a.json': template, 'b.json': request, 'c.json': object }),
    new Map(),
  );
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  assert.equal(meshes.length, 1);
  assert.equal(meshes[0]?.found.length, 8);
});

test('whatever stands in the place of a part of the documents, an import ends, with a mesh that can be compiled', {
  timeout: 45_000,
}, () => {
  fc.assert(
    fc.property(mutated({ 'a.json': template, 'b.json': request, 'c.json': object }), (documents) => {
      expectUsable(importDocuments(sourcesOf(documents), new Map([['Weight', '2']])));
    }),
    { numRuns: 500 },
  );
});

test('whatever the texts are, an import ends', { timeout: 45_000 }, () => {
  const words = [
    'Resources:\n',
    '  A:\n',
    '    Type: AWS::AppMesh::Mesh\n',
    '    Properties:\n',
    '      MeshName: ',
    'a',
    '!Ref A\n',
    `!Sub "\${A}"\n`,
    '{',
    '}',
    '[',
    ']',
    ': ',
    '\n',
    '- ',
    '&x ',
    '*x ',
    '<<: ',
    'apiVersion: appmesh.k8s.aws/v1beta2\n',
    'kind: Mesh\n',
    'metadata: { name: a }\n',
    'spec: ',
    'meshName: a\n',
    '"',
    ',',
  ];
  const texts = fc.array(fc.constantFrom(...words), { maxLength: 40 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, fc.string({ unit: 'binary' }), (one, two) => {
      const sources = [
        { file: 'a.yaml', text: one },
        { file: 'b.yaml', text: two, incidental: true },
      ];
      expectUsable(importDocuments(sources, new Map()));
    }),
    { numRuns: 500 },
  );
});

/** Every finding has its place, and what is left of the meshes is right and can be written in every form. */
function expectUsable(imported: MeshImport): void {
  for (const { code, message, origin } of imported.findings) {
    assert.match(code, /^[a-z0-9-]+$/);
    assert.ok(message !== '' && origin.line >= 1);
  }
  const meshes = imported.meshes.map((mesh) => {
    assert.deepEqual(specificationMistakes(mesh.resources), []);
    assert.deepEqual(locatedResourceMistakes(mesh.resources), []);
    const compiled = sidecarProxies(mesh.resources, { envoyVersion: '1.0.0', live: false, workloads: [] });
    assert.deepEqual(compiled.refused, []);
    const files = sidecarFolder(compiled.compiled);
    for (const path of Object.keys(files)) assert.doesNotMatch(path, /(^|\/)\.\.?(\/|$)|^\/|\0/);
    assert.match(blueprintText(meshBlueprint(mesh.resources)), /^import/);
    return { mesh, ...compiled };
  });
  assert.ok(JSON.stringify(importReport(imported, meshes)).length > 0);
}
