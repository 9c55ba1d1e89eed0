import assert from 'node:assert/strict';
import { test } from 'node:test';
import { specificationSchemas } from '../../../../src/model/mesh/specification.ts';
import { told } from '../placeholders/documents.ts';
import { imported, specOf, summary } from './cluster-import.ts';

const object = (kind: string, name: string, spec: string) => `
---
apiVersion: appmesh.k8s.aws/v1beta1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec: ${spec}`;
const listeners = 'listeners: [{ portMapping: { port: 8080, protocol: http } }]';
const node = (name: string) =>
  object('VirtualNode', name, `{ meshName: all, ${listeners}, serviceDiscovery: { dns: { hostName: x } } }`);
const service = (name: string, rest: string) => object('VirtualService', name, `{ meshName: all, ${rest} }`);
const to = (name: string) => `action: { weightedTargets: [{ virtualNodeName: ${name}, weight: 1 }] }`;

test('every member of a v1beta1 node is brought over', () => {
  const found = imported(
    object(
      'VirtualNode',
      'front',
      `
  meshName: all
  listeners:
    - portMapping: { port: 8080, protocol: http }
      healthCheck: { protocol: http, path: /, healthyThreshold: 2, unhealthyThreshold: 2, timeoutMillis: 2000, intervalMillis: 5000 }
      tls:
        mode: STRICT
        certificate: { acm: { certificateArn: 'arn:aws:acm:eu-west-1:1:certificate/a' } }
  serviceDiscovery: { dns: { hostName: front.shop } }
  backends:
    - virtualService:
        virtualServiceName: catalog.shop
        clientPolicy: { tls: { validation: { trust: { file: { certificateChain: /ca } } } } }
  backendDefaults:
    clientPolicy: { tls: { enforce: true, ports: [443], validation: { trust: { acm: { certificateAuthorityArns: ['arn:aws:acm:eu-west-1:1:a'] } } } } }
  logging: { accessLog: { file: { path: /dev/stdout } } }`,
    ),
  );
  assert.deepEqual(found.findings, []);
  assert.deepEqual(summary(found), ['virtualNode all front-shop']);
  const spec = specOf(found, 'front-shop');
  assert.deepEqual(specificationSchemas.virtualNode.safeParse(spec).error?.issues ?? [], []);
  assert.deepEqual(spec, {
    listeners: [
      {
        portMapping: { port: 8080, protocol: 'http' },
        healthCheck: {
          protocol: 'http',
          path: '/',
          healthyThreshold: 2,
          unhealthyThreshold: 2,
          timeoutMillis: 2000,
          intervalMillis: 5000,
        },
        tls: {
          mode: 'STRICT',
          certificate: { acm: { certificateArn: 'arn:aws:acm:eu-west-1:1:certificate/a' } },
        },
      },
    ],
    serviceDiscovery: { dns: { hostname: 'front.shop' } },
    backends: [
      {
        virtualService: {
          virtualServiceName: 'catalog.shop',
          clientPolicy: { tls: { validation: { trust: { file: { certificateChain: '/ca' } } } } },
        },
      },
    ],
    backendDefaults: {
      clientPolicy: {
        tls: {
          enforce: true,
          ports: [443],
          validation: { trust: { acm: { certificateAuthorityArns: ['arn:aws:acm:eu-west-1:1:a'] } } },
        },
      },
    },
    logging: { accessLog: { file: { path: '/dev/stdout' } } },
  });
});

test('nodes of one Cloud Map service are told apart by the attributes the controller gave them', () => {
  const found = imported(
    object(
      'VirtualNode',
      'red',
      '{ meshName: all, serviceDiscovery: { cloudMap: { namespaceName: local, serviceName: color, attributes: { stage: beta } } } }',
    ),
  );
  assert.deepEqual(specOf(found, 'red-shop'), {
    serviceDiscovery: {
      awsCloudMap: {
        namespaceName: 'local',
        serviceName: 'color',
        attributes: [
          { key: 'stage', value: 'beta' },
          { key: 'appmesh.k8s.aws/mesh', value: 'all' },
          { key: 'appmesh.k8s.aws/virtualNode', value: 'red-shop' },
        ],
      },
    },
  });
});

test('a v1beta1 service becomes a service, its router and its routes', () => {
  const found = imported(
    object('Mesh', 'all', '{ serviceDiscoveryType: Dns, egressFilter: { type: ALLOW_ALL } }') +
      node('red') +
      service(
        'color.shop.local',
        `
    virtualRouter: { name: color-router, ${listeners} },
    routes: [
      { name: a, priority: 3, http: { match: { prefix: /, method: GET, scheme: http, headers: [{ name: x }] }, ${to('red')}, retryPolicy: { maxRetries: 2, perRetryTimeoutMillis: 1500, httpRetryEvents: [server-error], tcpRetryEvents: [connection-error] } } },
      { name: b, grpc: { match: { serviceName: s, methodName: m, metadata: [{ name: x }] }, ${to('red')}, retryPolicy: { maxRetries: 1, perRetryTimeoutMillis: 10, grpcRetryEvents: [cancelled] } } },
      { name: c, http2: { match: { prefix: / }, ${to('red-shop')} } },
      { name: d, tcp: { ${to('red')} } }
    ]`,
      ),
  );
  assert.deepEqual(found.findings, []);
  assert.deepEqual(summary(found), [
    'mesh all all',
    'virtualNode all red-shop',
    'virtualService all color.shop.local',
    'virtualRouter all color-router-shop',
    'route all color-router-shop a-shop',
    'route all color-router-shop b-shop',
    'route all color-router-shop c-shop',
    'route all color-router-shop d-shop',
  ]);
  const action = { weightedTargets: [{ virtualNode: 'red-shop', weight: 1 }] };
  assert.deepEqual(specOf(found, 'color.shop.local'), {
    provider: { virtualRouter: { virtualRouterName: 'color-router-shop' } },
  });
  assert.deepEqual(specOf(found, 'color-router-shop'), {
    listeners: [{ portMapping: { port: 8080, protocol: 'http' } }],
  });
  assert.deepEqual(specOf(found, 'a-shop'), {
    priority: 3,
    httpRoute: {
      match: { prefix: '/', method: 'GET', scheme: 'http', headers: [{ name: 'x' }] },
      action,
      retryPolicy: {
        maxRetries: 2,
        perRetryTimeout: { unit: 'ms', value: 1500 },
        httpRetryEvents: ['server-error'],
        tcpRetryEvents: ['connection-error'],
      },
    },
  });
  assert.deepEqual(specOf(found, 'b-shop'), {
    grpcRoute: {
      match: { serviceName: 's', methodName: 'm', metadata: [{ name: 'x' }] },
      action,
      retryPolicy: {
        maxRetries: 1,
        perRetryTimeout: { unit: 'ms', value: 10 },
        grpcRetryEvents: ['cancelled'],
      },
    },
  });
  assert.deepEqual(specOf(found, 'c-shop'), { http2Route: { match: { prefix: '/' }, action } });
  assert.deepEqual(specOf(found, 'd-shop'), { tcpRoute: { action } });
  for (const { kind, name, spec } of found.resources) {
    assert.deepEqual(specificationSchemas[kind].safeParse(spec).error?.issues ?? [], [], name);
  }
});

test('a router that names no listener has that of the first node its first route leads to, and the name of its service', () => {
  const found = imported(
    node('red') +
      service('color.shop.local', `routes: [{ name: all, http: { match: { prefix: / }, ${to('red')} } }]`),
  );
  assert.deepEqual(specOf(found, 'color-shop-local'), {
    listeners: [{ portMapping: { port: 8080, protocol: 'http' } }],
  });
});

test('a name with a dot says its namespace itself', () => {
  const found = imported(
    node('red') +
      service('color', `routes: [{ name: all, http: { match: { prefix: / }, ${to('red.bank')} } }]`),
  );
  assert.deepEqual(specOf(found, 'all-shop'), {
    httpRoute: {
      match: { prefix: '/' },
      action: { weightedTargets: [{ virtualNode: 'red-bank', weight: 1 }] },
    },
  });
});

test('what is written in v1beta2, too, counts as it is there, in whatever order', () => {
  const old =
    node('red') +
    service('color.shop', `routes: [{ name: all, http: { match: { prefix: / }, ${to('red')} } }]`);
  const extra = service(
    'more.shop',
    `routes: [{ name: every, tcp: { ${to('red')} } }, { name: each, http2: { ${to('red-shop')} } }]`,
  );
  const newer = `
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualNode
metadata: { name: red, namespace: shop }
spec: {}
---
apiVersion: appmesh.k8s.aws/v1beta2
kind: VirtualService
metadata: { name: color, namespace: shop }
spec: {}`;
  for (const files of [
    { 'a.yaml': old + extra, 'b.yaml': newer },
    { 'b.yaml': newer, 'a.yaml': old + extra },
  ]) {
    const found = imported(files);
    assert.deepEqual(summary(found).toSorted(), [
      'route all more-shop each-shop',
      'route all more-shop every-shop',
      'virtualNode ? red_shop',
      'virtualRouter all more-shop',
      'virtualService ? color.shop',
      'virtualService all more.shop',
    ]);
    assert.deepEqual(specOf(found, 'every-shop'), {
      tcpRoute: { action: { weightedTargets: [{ virtualNode: 'red_shop', weight: 1 }] } },
    });
    assert.deepEqual(specOf(found, 'each-shop'), {
      http2Route: { action: { weightedTargets: [{ virtualNode: 'red_shop', weight: 1 }] } },
    });
    assert.deepEqual(told(found, 'note').toSorted(), [
      'kubernetes-object-replaced b.yaml:10 VirtualService shop/color is written in v1beta2, which counts, and in v1beta1, in a.yaml, line 8',
      'kubernetes-object-replaced b.yaml:5 VirtualNode shop/red is written in v1beta2, which counts, and in v1beta1, in a.yaml, line 3',
    ]);
  }
});

test('what v1beta1 does not have, or asks for and does not find, is refused with what to write', () => {
  const found = imported(
    object('VirtualRouter', 'r', '{}') + object('VirtualNode', 'n', '{}') + object('Gateway', 'g', '{}'),
  );
  assert.deepEqual(told(found, 'error'), [
    'kubernetes-version-unknown manifest.yaml:3 there is no VirtualRouter in version v1beta1 of appmesh.k8s.aws; it is left out',
    'kubernetes-mesh-missing manifest.yaml:11 VirtualNode shop/n names no mesh, which v1beta1 asks for; it is left out',
    'kubernetes-kind-unknown manifest.yaml:14 App Mesh has no Gateway; it is left out',
  ]);
  assert.equal(found.findings[0]?.remedy, 'Write it as apiVersion: appmesh.k8s.aws/v1beta2.');
});
