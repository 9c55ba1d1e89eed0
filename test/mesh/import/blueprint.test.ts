import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { meshBlueprint } from '../../../src/mesh/import/blueprint/document.ts';
import { blueprintText } from '../../../src/mesh/import/blueprint/source-text.ts';
import type { MeshResources } from '../../../src/model/mesh/resources.ts';
import { plan } from '../../../src/model/plan.ts';

const http = (port = 8080) => ({ portMapping: { port, protocol: 'http' as const } });
const dns = (hostname: string) => ({ dns: { hostname } });
const empty = { virtualNodes: {}, virtualServices: {}, virtualRouters: {}, virtualGateways: {} };

/** A mesh with something of everything a platform cannot have as it is. */
const mesh: MeshResources = {
  name: 'my_shop.mesh',
  spec: { egressFilter: { type: 'DROP_ALL' } },
  virtualNodes: {
    front_app: {
      listeners: [
        {
          ...http(),
          tls: {
            mode: 'STRICT',
            certificate: { file: { certificateChain: '/keys/c.pem', privateKey: '/keys/k.pem' } },
          },
        },
      ],
      serviceDiscovery: dns('front.local'),
      backends: [{ virtualService: { virtualServiceName: 'back.local' } }],
      logging: { accessLog: { file: { path: '/var/log/front.log' } } },
    },
    'front-app': { listeners: [http()], serviceDiscovery: dns('other.local') },
    worker: { backends: [{ virtualService: { virtualServiceName: 'back.local' } }] },
  },
  virtualServices: { 'back.local': { provider: { virtualRouter: { virtualRouterName: 'back' } } } },
  virtualRouters: {
    back: {
      spec: { listeners: [http()] },
      routes: {
        slow: {
          httpRoute: {
            match: { prefix: '/' },
            action: { weightedTargets: [{ virtualNode: 'front-app', weight: 1 }] },
            timeout: { perRequest: { unit: 's', value: 90 } },
            retryPolicy: {
              maxRetries: 30,
              perRetryTimeout: { unit: 's', value: 60 },
              httpRetryEvents: ['gateway-error'],
            },
          },
        },
      },
    },
  },
  virtualGateways: {},
};

describe('a mesh of documents is a blueprint that can be planned', () => {
  const { document, notes } = meshBlueprint(mesh);
  const result = plan(document);

  test('without a mistake', () => assert.deepEqual(result.mistakes, []));

  test('its nodes have names a platform can have, each one its own, everywhere', () => {
    assert.deepEqual(Object.keys(document.mesh.nodes), ['front-app', 'front-app-2', 'worker']);
    assert.deepEqual(Object.keys(document.compute.services), ['front-app', 'front-app-2', 'worker']);
    assert.equal(document.mesh.name, 'my-shop-mesh');
    const [route] = document.mesh.routers.back?.routes ?? [];
    assert.deepEqual(route?.targets, [{ node: 'front-app-2', weight: 1 }]);
  });

  test('the platform brings the certificates, and bounds what takes too long', () => {
    assert.equal(document.mesh.mutualTls, true);
    assert.doesNotMatch(JSON.stringify(document.mesh), /keys|\/var\/log/);
    const route = result.plan?.mesh.resources.virtualRouters.back?.routes.slow?.httpRoute;
    assert.deepEqual(route?.timeout?.perRequest, { unit: 's', value: 28 });
    assert.deepEqual(route?.retryPolicy?.perRetryTimeout, { unit: 's', value: 28 });
    assert.equal(route?.retryPolicy?.maxRetries, 10);
  });

  test('what is different is said', () => {
    for (const says of [
      /^front_app is called front-app here/,
      /certificates .* replaced/,
      /at most 28 s/,
      /access log of front-app/,
      /worker listens on no port/,
      /no virtual gateway/,
      /echo task/,
    ]) {
      assert.ok(
        notes.some((note) => says.test(note)),
        String(says),
      );
    }
  });

  test('its text is a module with this document', async () => {
    const text = blueprintText(meshBlueprint(mesh)).replace(
      /^import .*\n/,
      'const blueprint = (document) => document;\n',
    );
    const module = await import(`data:text/javascript,${encodeURIComponent(text)}`);
    assert.deepEqual(JSON.parse(JSON.stringify(module.default)), JSON.parse(JSON.stringify(document)));
  });
});

test('texts with quotes, backslashes and ends of comments stay what they are', async () => {
  const name = `it's "a\\b" */ \${x} \u2028`;
  const strange: MeshResources = {
    ...empty,
    name: 'shop',
    spec: {},
    virtualNodes: { a: { listeners: [http()], serviceDiscovery: dns('a.local') } },
    virtualServices: { [name]: { provider: { virtualNode: { virtualNodeName: 'a' } } }, ['__proto__']: {} },
  };
  const { document } = meshBlueprint(strange);
  const text = blueprintText({ document, notes: [name] }).replace(
    /^import .*\n/,
    'const blueprint = (document) => document;\n',
  );
  const module = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  assert.deepEqual(Object.keys(module.default.mesh.services), [name, '__proto__']);
});

test("a gateway's certificate is not asked for, either", () => {
  const certificate = { file: { certificateChain: '/keys/c.pem', privateKey: '/keys/k.pem' } };
  const listeners = [{ ...http(443), tls: { mode: 'STRICT' as const, certificate } }];
  const virtualGateways = { entrance: { spec: { listeners }, gatewayRoutes: {} } };
  const { document } = meshBlueprint({ ...empty, name: 'shop', spec: {}, virtualGateways });
  assert.doesNotMatch(JSON.stringify(document.mesh), /keys/);
  assert.deepEqual(plan(document).mistakes, []);
});

describe('a part of a mesh makes a platform, too', () => {
  const gateway = { spec: { listeners: [http(80)] }, gatewayRoutes: {} };
  const parts: Readonly<Record<string, Partial<MeshResources>>> = {
    'a node that speaks TCP': {
      virtualNodes: {
        database: {
          listeners: [{ portMapping: { port: 5432, protocol: 'tcp' } }],
          serviceDiscovery: dns('db'),
        },
      },
    },
    'a node with several ports': {
      virtualNodes: { front: { listeners: [http(80), http(81)], serviceDiscovery: dns('front') } },
    },
    'a gateway alone': { virtualGateways: { app: gateway } },
    'two gateways': { virtualGateways: { one: gateway, two: gateway } },
    'a gateway for gRPC alone': {
      virtualGateways: {
        one: { ...gateway, spec: { listeners: [{ portMapping: { port: 1, protocol: 'grpc' } }] } },
      },
    },
    'a gateway named as a node': {
      virtualNodes: { one: { listeners: [http()], serviceDiscovery: dns('one') } },
      virtualGateways: { one: gateway },
    },
    nothing: {},
  };
  for (const [name, part] of Object.entries(parts)) {
    test(name, () => {
      const { document } = meshBlueprint({ ...empty, name: 'shop', spec: {}, ...part });
      assert.deepEqual(plan(document).mistakes, []);
    });
  }
});
