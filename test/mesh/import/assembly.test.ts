import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { imported, yaml } from './imported.ts';
import { told } from './placeholders/documents.ts';

/** A template of some resources, each a line of YAML under its logical id. */
function template(resources: Readonly<Record<string, string>>): string {
  return `Resources:\n${Object.entries(resources)
    .map(([id, resource]) => `  ${id}: ${resource}\n`)
    .join('')}`;
}

function resource(type: string, names: string, spec = '{}'): string {
  return `{ Type: AWS::AppMesh::${type}, Properties: { MeshName: shop, ${names}, Spec: ${spec} } }`;
}

const mesh = '{ Type: AWS::AppMesh::Mesh, Properties: { MeshName: shop } }';
const listeners = 'Listeners: [{ PortMapping: { Port: 8080, Protocol: http } }]';
const node = (name: string, more = '') =>
  resource(
    'VirtualNode',
    `VirtualNodeName: ${name}`,
    `{ ${listeners}, ServiceDiscovery: { DNS: { Hostname: ${name}.local } }${more} }`,
  );
const calling = (service: string) => `, Backends: [{ VirtualService: { VirtualServiceName: ${service} } }]`;
const router = (name: string) => resource('VirtualRouter', `VirtualRouterName: ${name}`, `{ ${listeners} }`);
const route = (name: string, parent: string, targets: string) =>
  resource(
    'Route',
    `VirtualRouterName: ${parent}, RouteName: ${name}`,
    `{ HttpRoute: { Match: { Prefix: / }, Action: { WeightedTargets: [${targets}] } } }`,
  );
const service = (name: string, provider: string) =>
  resource('VirtualService', `VirtualServiceName: ${name}`, `{ Provider: { ${provider} } }`);

test("the blueprint's own fragment gets the virtual service it lacks, and the report says so", () => {
  const { meshes, findings } = imported({
    'fragment.yaml': yaml`
      AWSTemplateFormatVersion: '2010-09-09'
      Resources:
        Mesh:
          Type: AWS::AppMesh::Mesh
          Properties: { MeshName: cloud-native-mesh, Spec: { EgressFilter: { Type: ALLOW_ALL } } }
        A:
          Type: AWS::AppMesh::VirtualNode
          Properties:
            MeshName: !Ref Mesh
            VirtualNodeName: microservice-a
            Spec:
              ServiceDiscovery: { DNS: { Hostname: microservice-a.default.svc.cluster.local } }
              Listeners: [{ PortMapping: { Port: 8080, Protocol: http } }]
              Backends: [{ VirtualService: { VirtualServiceName: microservice-b.default.svc.cluster.local } }]
        B:
          Type: AWS::AppMesh::VirtualNode
          Properties:
            MeshName: !Ref Mesh
            VirtualNodeName: microservice-b
            Spec:
              ServiceDiscovery: { DNS: { Hostname: microservice-b.default.svc.cluster.local } }
              Listeners: [{ PortMapping: { Port: 8080, Protocol: http } }]
        Router:
          Type: AWS::AppMesh::VirtualRouter
          Properties:
            MeshName: !Ref Mesh
            VirtualRouterName: microservice-b-router
            Spec: { Listeners: [{ PortMapping: { Port: 8080, Protocol: http } }] }
        Route:
          Type: AWS::AppMesh::Route
          Properties:
            MeshName: !Ref Mesh
            VirtualRouterName: !Ref Router
            RouteName: microservice-b-route
            Spec:
              HttpRoute:
                Match: { Prefix: / }
                Action: { WeightedTargets: [{ VirtualNode: !Ref B, Weight: 100 }] }
                RetryPolicy: { MaxRetries: 3, PerRetryTimeout: { Unit: ms, Value: 2000 }, HttpRetryEvents: [server-error] }
    `,
  });
  assert.deepEqual(told({ findings }, 'error'), []);
  assert.deepEqual(told({ findings }, 'warning'), [
    'virtual-service-supplied fragment.yaml:14 nothing defines the virtual service microservice-b.default.svc.cluster.local; it is supplied, with the virtual router microservice-b-router, which no other virtual service has',
  ]);
  assert.deepEqual(meshes[0]?.resources.virtualServices, {
    'microservice-b.default.svc.cluster.local': {
      provider: { virtualRouter: { virtualRouterName: 'microservice-b-router' } },
    },
  });
  assert.deepEqual(meshes[0]?.supplied, [
    { kind: 'virtualService', name: 'microservice-b.default.svc.cluster.local' },
  ]);
});

test('a virtual service nobody defines is the node that is found under its name', () => {
  const text = template({ Mesh: mesh, A: node('a', calling('b.local')), B: node('b') });
  const { meshes, findings } = imported({ 'mesh.yaml': text });
  assert.deepEqual(told({ findings }, 'error'), []);
  assert.deepEqual(meshes[0]?.resources.virtualServices, {
    'b.local': { provider: { virtualNode: { virtualNodeName: 'b' } } },
  });
});

test('a router is supplied as the provider of one virtual service, not of two', () => {
  const targets = '{ VirtualNode: b, Weight: 1 }, { VirtualNode: c, Weight: 1 }';
  const text = template({
    Mesh: mesh,
    A: node(
      'a',
      ', Backends: [{ VirtualService: { VirtualServiceName: b.local } }, { VirtualService: { VirtualServiceName: c.local } }]',
    ),
    B: node('b'),
    C: node('c'),
    R: router('r'),
    T: route('t', 'r', targets),
  });
  const { meshes, findings } = imported({ 'mesh.yaml': text });
  assert.deepEqual(told({ findings }, 'error'), []);
  assert.deepEqual(meshes[0]?.resources.virtualServices, {
    'b.local': { provider: { virtualRouter: { virtualRouterName: 'r' } } },
    'c.local': { provider: { virtualNode: { virtualNodeName: 'c' } } },
  });
});

describe('in a whole mesh a reference that leads nowhere is an error with its line', () => {
  const whole = { Mesh: mesh, A: node('a') };
  const cases: Readonly<
    Record<string, readonly [resources: Readonly<Record<string, string>>, says: RegExp]>
  > = {
    'a backend': [
      { B: node('b', calling('ghost')) },
      /mesh\.yaml:4 this names the virtual service ghost, and the mesh has none/,
    ],
    'a target': [
      { R: router('r'), T: route('t', 'r', '{ VirtualNode: ghost, Weight: 1 }') },
      /mesh\.yaml:5 this names the virtual node ghost, and the mesh has a$/,
    ],
    "a route's router": [
      { T: route('t', 'ghost', '{ VirtualNode: a, Weight: 1 }') },
      /mesh\.yaml:4 this names the virtual router ghost/,
    ],
    'a provider': [
      { S: service('s', 'VirtualRouter: { VirtualRouterName: ghost }') },
      /mesh\.yaml:4 this names the virtual router ghost/,
    ],
    "a gateway route's gateway": [
      {
        G: resource(
          'GatewayRoute',
          'VirtualGatewayName: ghost, GatewayRouteName: g',
          '{ HttpRoute: { Match: { Prefix: / }, Action: { Target: { VirtualService: { VirtualServiceName: s } } } } }',
        ),
        S: service('s', 'VirtualNode: { VirtualNodeName: a }'),
      },
      /mesh\.yaml:4 this names the virtual gateway ghost/,
    ],
  };
  for (const [name, [resources, says]] of Object.entries(cases)) {
    test(name, () => {
      const { findings } = imported({ 'mesh.yaml': template({ ...whole, ...resources }) });
      const [error, ...others] = told({ findings }, 'error');
      assert.match(error ?? '', says);
      assert.match(error ?? '', /^reference-dangling /);
      assert.deepEqual(others, []);
    });
  }
});

describe('a single resource of a mesh that is elsewhere is completed with stand-ins, which are said', () => {
  const cases: Readonly<Record<string, readonly [resource: string, supplied: readonly string[]]>> = {
    'a node that calls': [node('a', calling('b.local')), ['virtualService b.local']],
    'a node that nobody calls': [node('a'), []],
    'a route': [
      route('t', 'r', '{ VirtualNode: a, Weight: 1 }, { VirtualNode: b, Weight: 0, Port: 9090 }'),
      ['virtualRouter r', 'virtualNode a', 'virtualNode b'],
    ],
    'a router': [router('r'), []],
    'a service of a router': [service('s', 'VirtualRouter: { VirtualRouterName: r }'), ['virtualRouter r']],
    'a service of a node': [service('s', 'VirtualNode: { VirtualNodeName: n }'), ['virtualNode n']],
    'a gateway route': [
      resource(
        'GatewayRoute',
        'VirtualGatewayName: g, GatewayRouteName: gr',
        '{ GrpcRoute: { Match: { ServiceName: s }, Action: { Target: { VirtualService: { VirtualServiceName: s.local } } } } }',
      ),
      ['virtualGateway g', 'virtualService s.local'],
    ],
  };
  for (const [name, [one, supplied]] of Object.entries(cases)) {
    test(name, () => {
      const { meshes, findings } = imported({ 'one.yaml': template({ One: one }) });
      assert.deepEqual(told({ findings }, 'error'), []);
      assert.deepEqual(
        meshes[0]?.supplied.map((each) => `${each.kind} ${each.name}`),
        supplied,
      );
      assert.equal(
        told({ findings }, 'warning').filter((text) => text.startsWith('stand-in')).length,
        supplied.length,
      );
    });
  }
});

test('an update replaces what creates the resource, whichever comes first, and the last update counts', () => {
  const spec = (port: number) => ({
    listeners: [{ portMapping: { port, protocol: 'http' } }],
    serviceDiscovery: { dns: { hostname: 'a.local' } },
  });
  const request = (port: number) =>
    JSON.stringify({ meshName: 'shop', virtualNodeName: 'a', spec: spec(port) });
  const { meshes, findings } = imported({
    'a-vn-update.json': request(2),
    'a-vn.json': request(1),
    'z-vn-update.json': request(3),
  });
  assert.deepEqual(told({ findings }, 'error'), []);
  assert.deepEqual(meshes[0]?.resources.virtualNodes.a, spec(3));
});

test('a resource that is created twice in different ways is an error that names both places', () => {
  const files = {
    'one.yaml': template({ Mesh: mesh, A: node('a') }),
    'two.yaml': template({ A: node('a', calling('b.local')), B: node('b') }),
  };
  assert.deepEqual(told(imported(files), 'error'), [
    'resource-duplicate two.yaml:2 virtual node a stands at one.yaml:3 already, with another specification',
  ]);
  const same = { 'one.yaml': files['one.yaml'], 'two.yaml': template({ A: node('a') }) };
  assert.deepEqual(told(imported(same), 'error'), []);
  assert.deepEqual(told(imported(same), 'note'), [
    'resource-repeated two.yaml:2 virtual node a stands at one.yaml:3 already',
  ]);
});

describe('what App Mesh would refuse is an error at its line', () => {
  const whole = {
    Mesh: mesh,
    A: node('a'),
    R: router('r'),
    S: service('s', 'VirtualRouter: { VirtualRouterName: r }'),
  };
  const cases: Readonly<
    Record<string, readonly [resources: Readonly<Record<string, string>>, says: RegExp]>
  > = {
    'weights that are all zero': [
      { T: route('t', 'r', '{ VirtualNode: a, Weight: 0 }') },
      /mesh\.yaml:6 route t of router r: .*weightedTargets is .*at least one weight above 0/,
    ],
    'a weight that is too large': [
      { T: route('t', 'r', '{ VirtualNode: a, Weight: 101 }') },
      /mesh\.yaml:6 route t of router r: .*weight is 101, allowed: at most 100/,
    ],
    'a port that is none': [
      {
        B: resource(
          'VirtualNode',
          'VirtualNodeName: b',
          '{ Listeners: [{ PortMapping: { Port: 0, Protocol: http } }] }',
        ),
      },
      /mesh\.yaml:6 virtual node b: listeners\[0\]\.portMapping\.port is 0, allowed: at least 1/,
    ],
    'a member that is none': [
      { B: resource('VirtualNode', 'VirtualNodeName: b', '{ Listenrs: [] }') },
      /mesh\.yaml:6 virtual node b: listenrs is \[\], allowed: no such field/,
    ],
    'a protocol that does not meet': [
      {
        B: resource(
          'VirtualNode',
          'VirtualNodeName: b',
          '{ Listeners: [{ PortMapping: { Port: 1, Protocol: tcp } }], ServiceDiscovery: { DNS: { Hostname: b } } }',
        ),
        T: route('t', 'r', '{ VirtualNode: b, Weight: 1 }'),
      },
      /mesh\.yaml:7 route t of router r: .*a listener that speaks http, not tcp/,
    ],
    'a regular expression Envoy cannot have': [
      {
        T: resource(
          'Route',
          'VirtualRouterName: r, RouteName: t',
          "{ HttpRoute: { Match: { Path: { Regex: '/(?=a)' } }, Action: { WeightedTargets: [{ VirtualNode: a, Weight: 1 }] } } }",
        ),
      },
      /mesh\.yaml:6 route t of router r: httpRoute\.match\.path\.regex is/,
    ],
  };
  for (const [name, [resources, says]] of Object.entries(cases)) {
    test(name, () => {
      const { findings, meshes } = imported({ 'mesh.yaml': template({ ...whole, ...resources }) });
      assert.ok(
        told({ findings }, 'error').some((error) => says.test(error)),
        told({ findings }, 'error').join('\n'),
      );
      // The rest is still a mesh.
      assert.ok(Object.hasOwn(meshes[0]?.resources.virtualNodes ?? {}, 'a'));
    });
  }
});

test('formats are mixed, and meshes kept apart', () => {
  const { meshes, documents, findings } = imported({
    'template.yaml': template({ Mesh: mesh, A: node('a', calling('b.local')) }),
    'b-vn.json': JSON.stringify({
      meshName: 'shop',
      virtualNodeName: 'b',
      spec: {
        listeners: [{ portMapping: { port: 80, protocol: 'http' } }],
        serviceDiscovery: { dns: { hostname: 'b' } },
      },
    }),
    'kubernetes.yaml': yaml`
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualService
      metadata: { name: b, namespace: default }
      spec: { awsName: b.local, meshRef: { name: shop, uid: x }, provider: { virtualNode: { virtualNodeRef: { name: b } } } }
      ---
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: Mesh
      metadata: { name: other }
    `,
    'package.json': '{ "name": "nothing" }',
  });
  assert.deepEqual(documents, { cloudformation: 1, cli: 1, kubernetes: 2, other: 1 });
  assert.deepEqual(meshes.map(({ name }) => name).sort(), ['other', 'shop']);
  assert.ok(
    Object.hasOwn(meshes.find(({ name }) => name === 'shop')?.resources.virtualServices ?? {}, 'b.local'),
  );
  assert.deepEqual(
    told({ findings }, 'error').filter((error) => !error.startsWith('reference-dangling')),
    [],
  );
});

test('a value that nothing asks for is told of', () => {
  const { findings } = imported({ 'mesh.yaml': template({ Mesh: mesh }) }, { Projekt: 'x' });
  assert.deepEqual(told({ findings }, 'warning'), [
    'value-unused command line:1 no document asks for a value of Projekt',
  ]);
});

test('names that every object has are names like others', () => {
  const { meshes, findings } = imported({
    'mesh.yaml': template({
      Mesh: mesh,
      A: node('constructor', calling('toString')),
      B: node('hasOwnProperty'),
      S: service('toString', 'VirtualRouter: { VirtualRouterName: valueOf }'),
      R: router('valueOf'),
      T: route('__proto__', 'valueOf', '{ VirtualNode: hasOwnProperty, Weight: 1 }'),
    }),
  });
  assert.deepEqual(told({ findings }, 'error'), []);
  assert.deepEqual(Object.keys(meshes[0]?.resources.virtualNodes ?? {}), ['constructor', 'hasOwnProperty']);
  const [own] = Object.values(meshes[0]?.resources.virtualRouters ?? {});
  assert.deepEqual(Object.keys(own?.routes ?? {}), ['__proto__']);
});

test('a mesh of thousands of resources is put together in seconds', () => {
  const many = 1_500;
  const resources = Object.fromEntries(
    Array.from({ length: many }, (_, index) => [
      `N${index}`,
      node(`n${index}`, calling(`n${(index + 1) % many}.local`)),
    ]),
  );
  const started = performance.now();
  const { meshes, findings } = imported({ 'mesh.yaml': template({ Mesh: mesh, ...resources }) });
  assert.deepEqual(told({ findings }, 'error'), []);
  assert.equal(Object.keys(meshes[0]?.resources.virtualServices ?? {}).length, many);
  assert.ok(performance.now() - started < 30_000);
});

describe('a resource that names no mesh', () => {
  const nameless = JSON.stringify({
    virtualNodeName: 'a',
    spec: {
      listeners: [{ portMapping: { port: 80, protocol: 'http' } }],
      serviceDiscovery: { dns: { hostname: 'a' } },
    },
  });
  const named = (name: string) => template({ Mesh: mesh.replace('shop', name) });

  test('is in the only one near: of its folder, or of the folders around it', () => {
    const files = {
      'one/mesh.yaml': named('one'),
      'one/nodes/a-vn.json': nameless,
      'two/mesh.yaml': named('two'),
    };
    const { meshes, findings } = imported(files);
    assert.deepEqual(told({ findings }, 'error'), []);
    assert.deepEqual(Object.keys(meshes.find(({ name }) => name === 'one')?.resources.virtualNodes ?? {}), [
      'a',
    ]);
  });

  test('is told of, with all others, where there is none', () => {
    const files = { 'a/a-vn.json': nameless, 'b/b-vn.json': nameless.replace('"a"', '"b"') };
    assert.deepEqual(
      told(imported(files), 'warning').filter((text) => text.startsWith('mesh-')),
      ['mesh-unnamed a/a-vn.json:1 virtual node a and 1 more name no mesh; mesh stands in for its name'],
    );
    assert.deepEqual(
      imported(files, { meshName: 'shop' }).meshes.map(({ name }) => name),
      ['shop'],
    );
  });

  test('is in the one that is given, whatever its format', () => {
    const text = yaml`
      apiVersion: appmesh.k8s.aws/v1beta2
      kind: VirtualNode
      metadata: { name: a, namespace: default }
      spec: { listeners: [] }
    `;
    const { meshes, findings } = imported({ 'a.yaml': text }, { meshName: 'shop' });
    assert.deepEqual(told({ findings }, 'warning'), []);
    assert.deepEqual(
      meshes.map(({ name }) => name),
      ['shop'],
    );
  });

  test('is an error where several are as near', () => {
    const files = { 'one.yaml': named('one'), 'two.yaml': named('two'), 'a-vn.json': nameless };
    assert.deepEqual(told(imported(files), 'error'), [
      'mesh-ambiguous a-vn.json:1 virtual node a names no mesh, and there are several: one, two',
    ]);
  });
});
