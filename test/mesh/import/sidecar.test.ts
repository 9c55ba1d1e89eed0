import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { sidecarFolder } from '../../../src/mesh/import/sidecar/folder.ts';
import { type SidecarProxy, sidecarProxies } from '../../../src/mesh/import/sidecar/proxies.ts';
import type { MeshResources } from '../../../src/model/mesh/resources.ts';

const http = (port: number) => ({ portMapping: { port, protocol: 'http' as const } });
const tcp = (port: number) => ({ portMapping: { port, protocol: 'tcp' as const } });
const dns = (hostname: string) => ({ dns: { hostname } });
const calling = (...names: string[]) =>
  names.map((virtualServiceName) => ({ virtualService: { virtualServiceName } }));
const arn = 'arn:aws:acm:eu-west-1:123456789012:certificate/1234-abcd';

const mesh: MeshResources = {
  name: 'shop',
  spec: { egressFilter: { type: 'ALLOW_ALL' } },
  virtualNodes: {
    front: {
      listeners: [http(8080), http(18_080)],
      serviceDiscovery: dns('front.shop.local'),
      backends: calling('orders.shop.local', 'database.shop.local', 'cache.shop.local'),
    },
    orders: {
      listeners: [{ ...http(8080), tls: { mode: 'STRICT', certificate: { acm: { certificateArn: arn } } } }],
      serviceDiscovery: {
        awsCloudMap: {
          namespaceName: 'shop.local',
          serviceName: 'orders',
          attributes: [{ key: 'version', value: '2' }],
        },
      },
      logging: { accessLog: { file: { path: '/dev/stdout' } } },
    },
    database: { listeners: [tcp(5432)], serviceDiscovery: dns('db.shop.local') },
    cache: { listeners: [tcp(5432)], serviceDiscovery: dns('cache.shop.local') },
  },
  virtualServices: {
    'orders.shop.local': { provider: { virtualNode: { virtualNodeName: 'orders' } } },
    'database.shop.local': { provider: { virtualNode: { virtualNodeName: 'database' } } },
    'cache.shop.local': { provider: { virtualNode: { virtualNodeName: 'cache' } } },
  },
  virtualRouters: {},
  virtualGateways: {
    '../entrance': {
      spec: {
        listeners: [
          {
            ...http(443),
            tls: {
              mode: 'STRICT',
              certificate: { file: { certificateChain: '/keys/c.pem', privateKey: '/keys/k.pem' } },
            },
          },
        ],
      },
      gatewayRoutes: {
        all: {
          httpRoute: {
            match: { prefix: '/' },
            action: { target: { virtualService: { virtualServiceName: 'orders.shop.local' } } },
          },
        },
      },
    },
  },
};

function compiled(live = false): ReadonlyMap<string, SidecarProxy> {
  const workloads = [
    {
      kind: 'virtualNode' as const,
      name: 'orders',
      namespace: 'shop',
      controllers: ['Deployment shop/orders'],
      ports: [8080],
      hostnames: ['orders.shop.svc.cluster.local'],
    },
  ];
  const { compiled: proxies, refused } = sidecarProxies(mesh, { envoyVersion: '1.2.3', live, workloads });
  assert.deepEqual(refused, []);
  return new Map(proxies.map((proxy) => [proxy.proxy.name, proxy]));
}

describe('the environment of a sidecar', () => {
  const front = compiled().get('front')?.manifest;

  test('the proxy keeps the ports callers use, and the app moves, to ports nothing else has', () => {
    assert.deepEqual(
      front?.listeners.map(({ port, address }) => `${port} at ${address}`),
      ['8080 at 0.0.0.0:8080', '18080 at 0.0.0.0:18080'],
    );
    assert.deepEqual(front?.application?.listens, [
      { address: '127.0.0.1:15100', for: 8080, protocol: 'http' },
      { address: '127.0.0.1:28080', for: 18_080, protocol: 'http' },
    ]);
    assert.equal(front?.admin.host, '127.0.0.1');
  });

  test('the app calls HTTP in one place, and each TCP backend at a port of its own', () => {
    assert.equal(front?.application?.http?.url, 'http://127.0.0.1:15001');
    assert.equal(front?.application?.http?.otherHosts, 'allowed');
    assert.deepEqual(front?.application?.tcp, [
      { address: '127.0.0.1:5432', virtualService: 'database.shop.local', port: 5432 },
      { address: '127.0.0.1:15101', virtualService: 'cache.shop.local', port: 5432 },
    ]);
  });

  test('names are those the proxy resolves, addresses those it cannot', () => {
    assert.deepEqual(
      front?.dns.map(({ name, port }) => `${name}:${port}`),
      ['cache.shop.local:5432', 'db.shop.local:5432'],
    );
    assert.deepEqual(
      front?.addresses.map(({ node, attributes }) => `${node} ${attributes}`),
      ['orders version=2'],
    );
  });

  test('certificates are files, those of ACM in a place of ours', () => {
    const orders = compiled().get('orders')?.manifest;
    assert.deepEqual(orders?.certificates, [
      {
        secret: `certificates:${arn}`,
        kind: 'certificate',
        certificateChain: '/etc/envoy/certificates/1234-abcd/chain.pem',
        privateKey: '/etc/envoy/certificates/1234-abcd/key.pem',
      },
    ]);
    assert.equal(orders?.accessLog, '/dev/stdout');
    const entrance = compiled().get('../entrance')?.manifest;
    assert.deepEqual(
      entrance?.certificates.map(({ certificateChain, authorities }) => certificateChain ?? authorities),
      ['/etc/envoy/certificates/1234-abcd/authorities.pem', '/keys/c.pem'],
    );
    assert.equal(entrance?.application, undefined);
  });
});

test('where the documents prefer IPv6, a proxy listens for both versions', () => {
  const { compiled: proxies } = sidecarProxies(
    { ...mesh, spec: { serviceDiscovery: { ipPreference: 'IPv6_PREFERRED' } } },
    { envoyVersion: '1.2.3', live: false, workloads: [] },
  );
  const front = proxies.find(({ proxy }) => proxy.name === 'front');
  assert.equal(front?.manifest.listeners[0]?.address, '[::]:8080');
  const bootstrap = JSON.stringify(front?.files['bootstrap.json']);
  assert.match(bootstrap, /"socket_address":\{"address":"::","port_value":8080,"ipv4_compat":true\}/);
});

test('a bootstrap refers to nothing but PEM files, unless its files are to be live', () => {
  const references = (proxy: SidecarProxy | undefined) =>
    [...JSON.stringify(proxy?.files['bootstrap.json']).matchAll(/"(?:path|filename)":"([^"]+)"/g)]
      .map(([, path = '']) => path)
      .sort();
  const authorities = '/etc/envoy/certificates/1234-abcd/authorities.pem';
  assert.deepEqual(references(compiled().get('../entrance')), [authorities, '/keys/c.pem', '/keys/k.pem']);
  assert.deepEqual(references(compiled().get('front')), [authorities]);
  assert.deepEqual(Object.keys(compiled().get('front')?.files ?? {}), ['bootstrap.json']);
  const whole = JSON.stringify(compiled().get('front')?.files['bootstrap.json']);
  assert.match(whole, /"name":"orders","type":"STATIC"/);
  assert.match(
    whole,
    /"load_assignment":\{"cluster_name":"orders","endpoints":\[\{"lb_endpoints":\[\]\}\]\}/,
  );
  const live = compiled(true).get('front');
  assert.deepEqual(
    Object.keys(live?.files ?? {}).map((name) => name.replace(/-.*/, '')),
    ['secret', 'endpoints', 'bootstrap.json'],
  );
  assert.ok(references(live).includes('/etc/envoy/endpoints-orders.json'));
  assert.ok(!references(live).includes(authorities));
});

describe('the folder of files', () => {
  const files = sidecarFolder([...compiled().values()]);

  test('a name never leads out of the folder', () => {
    const paths = Object.keys(files);
    assert.ok(paths.every((path) => !path.split('/').includes('..') && !path.startsWith('/')));
    assert.ok(
      paths.some((path) => /^shop\/gateway-.*entrance-\w{12}\/bootstrap\.json$/.test(path)),
      paths.join('\n'),
    );
  });

  test('the inventory lists every other file', () => {
    const { 'strata-mesh.json': inventory = '', ...others } = files;
    assert.deepEqual(JSON.parse(inventory).files, Object.keys(others));
  });

  test('the fragment for ECS starts the app after its proxy and tells it where to listen and call', () => {
    const task = JSON.parse(files['shop/node-front/ecs-task-definition.json'] ?? '');
    const [proxy, app] = task.containerDefinitions;
    assert.equal(proxy.image, 'shop-front-envoy:1');
    assert.deepEqual(
      proxy.portMappings.map(({ containerPort }: { containerPort: number }) => containerPort),
      [8080, 18_080],
    );
    assert.deepEqual(app.dependsOn, [{ containerName: 'envoy', condition: 'HEALTHY' }]);
    assert.deepEqual(app.environment, [
      { name: 'MESH_EGRESS_URL', value: 'http://127.0.0.1:15001' },
      { name: 'PORT', value: '15100' },
    ]);
  });

  test('the fragment for Kubernetes holds the configuration and mounts it, with the certificates it names', () => {
    const documents = parseAllDocuments(files['shop/node-orders/kubernetes.yaml'] ?? '').map((document) =>
      document.toJS(),
    );
    const [configuration, patch] = documents;
    assert.equal(configuration.data['bootstrap.json'], files['shop/node-orders/bootstrap.json']);
    const { containers, volumes } = patch.spec.template.spec;
    assert.deepEqual(
      containers[0].volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath),
      ['/etc/envoy', '/etc/envoy/certificates/1234-abcd'],
    );
    assert.equal(volumes[0].configMap.name, configuration.metadata.name);
    assert.equal(configuration.metadata.namespace, 'shop');
    assert.match(
      files['shop/node-orders/kubernetes.yaml'] ?? '',
      /kubectl patch deployment orders --namespace shop/,
    );
    assert.equal(containers[0].env, undefined);
    const entrance = Object.entries(files).find(([path]) => /entrance.*kubernetes/.test(path))?.[1] ?? '';
    // It listens on 443, which only root may.
    assert.match(entrance, /name: ENVOY_UID/);
  });

  test('the page says what to prepare', () => {
    const page = files['README.md'] ?? '';
    for (const word of [
      'front',
      '127.0.0.1:15100',
      'db.shop.local',
      'version=2',
      '/keys/c.pem',
      'Envoy 1.2.3',
    ]) {
      assert.ok(page.includes(word), word);
    }
  });
});
