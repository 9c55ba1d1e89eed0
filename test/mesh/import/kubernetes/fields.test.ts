import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { specificationSchemas } from '../../../../src/model/mesh/specification.ts';
import { told } from '../placeholders/documents.ts';
import { imported } from './cluster-import.ts';

/** A v1beta2 object with every member its kind has, and what the API calls the same. */
function becomes(kind: string, spec: string, api: string): void {
  const name = kind === 'Mesh' ? 'all' : 'x';
  const object = {
    apiVersion: 'appmesh.k8s.aws/v1beta2',
    kind,
    metadata: { name, namespace: 'shop' },
    spec: parse(spec),
  };
  const found = imported(JSON.stringify(object));
  const [resource] = found.resources;
  assert.ok(resource, kind);
  assert.deepEqual(resource.spec, parse(api));
  assert.deepEqual(specificationSchemas[resource.kind].safeParse(resource.spec).error?.issues ?? [], []);
  assert.deepEqual(told(found, 'warning'), []);
  assert.deepEqual(told(found, 'error'), []);
}

const tls = (arn: string) => `
  mode: STRICT
  certificate: { ${arn} }
  validation:
    trust: { sds: { secretName: ca } }
    subjectAlternativeNames: { match: { exact: [caller] } }`;
const policy = (arns: string) => `
  tls:
    enforce: false
    ports: [443]
    certificate: { file: { certificateChain: /c, privateKey: /k } }
    validation:
      trust: { ${arns} }
      subjectAlternativeNames: { match: { exact: [called] } }`;
const indent = (text: string, width: number) => text.replaceAll('\n', `\n${' '.repeat(width)}`);
const logging = `
logging:
  accessLog:
    file:
      path: /dev/stdout
      format: { json: [{ key: path, value: '%PATH%' }] }`;
const healthCheck =
  '{ protocol: http, path: /ping, port: 80, healthyThreshold: 2, unhealthyThreshold: 3, timeoutMillis: 2000, intervalMillis: 5000 }';

test('every member of a Mesh is brought over', () => {
  becomes(
    'Mesh',
    `
awsName: all
meshOwner: '123456789012'
namespaceSelector: {}
egressFilter: { type: DROP_ALL }
meshServiceDiscovery: { ipPreference: IPv6_ONLY }`,
    `
egressFilter: { type: DROP_ALL }
serviceDiscovery: { ipPreference: IPv6_ONLY }`,
  );
});

test('every member of a VirtualNode is brought over', () => {
  const node = (arn: string, arns: string, backend: string) => `
listeners:
  - portMapping: { port: 80, protocol: http }
    healthCheck: ${healthCheck}
    outlierDetection:
      maxServerErrors: 5
      interval: { unit: s, value: 10 }
      baseEjectionDuration: { unit: ms, value: 500 }
      maxEjectionPercent: 50
    connectionPool: { http: { maxConnections: 10, maxPendingRequests: 5 } }
    timeout: { http: { perRequest: { unit: s, value: 5 }, idle: { unit: s, value: 60 } } }
    tls:${indent(tls(arn), 4)}
  - portMapping: { port: 81, protocol: http2 }
    connectionPool: { http2: { maxRequests: 10 } }
    timeout: { http2: { perRequest: { unit: s, value: 5 } } }
    tls: { mode: DISABLED, certificate: { file: { certificateChain: /c, privateKey: /k } } }
  - portMapping: { port: 82, protocol: grpc }
    connectionPool: { grpc: { maxRequests: 10 } }
    timeout: { grpc: { idle: { unit: s, value: 5 } } }
    tls: { mode: PERMISSIVE, certificate: { sds: { secretName: own } } }
  - portMapping: { port: 83, protocol: tcp }
    connectionPool: { tcp: { maxConnections: 10 } }
    timeout: { tcp: { idle: { unit: s, value: 5 } } }
serviceDiscovery:
  awsCloudMap:
    namespaceName: local
    serviceName: x
    attributes: [{ key: stage, value: beta }]
backends:
  - virtualService:
      ${backend}
      clientPolicy:${indent(policy(arns), 6)}
backendDefaults:
  clientPolicy:${indent(policy('file: { certificateChain: /ca }'), 2)}${logging}`;
  const arn = 'arn:aws:acm:eu-west-1:123456789012:certificate/a';
  becomes(
    'VirtualNode',
    `${node(
      `acm: { certificateARN: '${arn}' }`,
      `acm: { certificateAuthorityARNs: ['${arn}'] }`,
      "virtualServiceARN: 'arn:aws:appmesh:eu-west-1:123456789012:mesh/all/virtualService/y.shop'",
    )}
podSelector: { matchLabels: { app: x } }
awsName: x
meshRef: { name: all, uid: a-b }`,
    node(
      `acm: { certificateArn: '${arn}' }`,
      `acm: { certificateAuthorityArns: ['${arn}'] }`,
      'virtualServiceName: y.shop',
    ),
  );
});

test('service discovery by DNS is brought over', () => {
  const discovery = 'serviceDiscovery: { dns: { hostname: x.local, responseType: ENDPOINTS } }';
  becomes('VirtualNode', discovery, discovery);
});

test('every member of a VirtualGateway is brought over', () => {
  const gateway = (arn: string, arns: string) => `
listeners:
  - portMapping: { port: 80, protocol: http }
    healthCheck: ${healthCheck}
    connectionPool: { http: { maxConnections: 10 } }
    tls:${indent(tls(arn), 4)}
  - portMapping: { port: 81, protocol: http2 }
    connectionPool: { http2: { maxRequests: 10 } }
  - portMapping: { port: 82, protocol: grpc }
    connectionPool: { grpc: { maxRequests: 10 } }
backendDefaults:
  clientPolicy:${indent(policy(arns), 2)}${logging.replace(/\{ json.*\}/, '{ text: "%PATH%" }')}`;
  const arn = 'arn:aws:acm:eu-west-1:123456789012:certificate/a';
  becomes(
    'VirtualGateway',
    `${gateway(`acm: { certificateARN: '${arn}' }`, `acm: { certificateAuthorityARNs: ['${arn}'] }`)}
namespaceSelector: {}
gatewayRouteSelector: {}
podSelector: {}`,
    gateway(`acm: { certificateArn: '${arn}' }`, `acm: { certificateAuthorityArns: ['${arn}'] }`),
  );
});

test('a VirtualService is brought over with its provider, or without one', () => {
  const arn = 'arn:aws:appmesh:eu-west-1:123456789012:mesh/all';
  becomes(
    'VirtualService',
    `provider: { virtualNode: { virtualNodeARN: '${arn}/virtualNode/n' } }`,
    'provider: { virtualNode: { virtualNodeName: n } }',
  );
  becomes(
    'VirtualService',
    `provider: { virtualRouter: { virtualRouterARN: '${arn}/virtualRouter/r' } }`,
    'provider: { virtualRouter: { virtualRouterName: r } }',
  );
  becomes('VirtualService', '{}', '{}');
});

const conditions = `
  - { name: a, invert: true }
  - { name: b, match: { exact: e } }
  - { name: c, match: { prefix: p } }
  - { name: d, match: { suffix: s } }
  - { name: e, match: { regex: r } }
  - { name: f, match: { range: { start: 1, end: 5 } } }`;
const queryParameters = '[{ name: q, match: { exact: v } }, { name: w }]';

test('every member of a route is brought over, for each protocol', () => {
  const retry = (events: string) =>
    `{ ${events}, tcpRetryEvents: [connection-error], maxRetries: 2, perRetryTimeout: { unit: s, value: 1 } }`;
  const routes = (target: string) => {
    const action = `{ weightedTargets: [{ ${target}, weight: 1, port: 80 }] }`;
    const http = (match: string) => `
    match:${indent(match, 6)}
    action: ${action}
    retryPolicy: ${retry('httpRetryEvents: [server-error]')}
    timeout: { perRequest: { unit: s, value: 5 }, idle: { unit: s, value: 5 } }`;
    return [
      `priority: 1\nhttpRoute:${http(`
prefix: /
method: GET
scheme: https
port: 80
queryParameters: ${queryParameters}
headers:${conditions}`)}`,
      `http2Route:${http('\npath: { regex: /a.* }')}`,
      `grpcRoute:
    match:
      serviceName: s
      methodName: m
      port: 80
      metadata:${indent(conditions, 6)}
    action: ${action}
    retryPolicy: ${retry('grpcRetryEvents: [cancelled], httpRetryEvents: [gateway-error]')}
    timeout: { perRequest: { unit: s, value: 5 }, idle: { unit: s, value: 5 } }`,
      `tcpRoute:
    match: { port: 80 }
    action: ${action}
    timeout: { idle: { unit: s, value: 5 } }`,
    ];
  };
  const arn = 'arn:aws:appmesh:eu-west-1:123456789012:mesh/all/virtualNode/n';
  const expected = routes('virtualNode: n');
  const written = routes(`virtualNodeARN: '${arn}'`).map((route, index) => ({
    name: `r${index}`,
    ...parse(route),
  }));
  const found = imported(
    JSON.stringify({
      apiVersion: 'appmesh.k8s.aws/v1beta2',
      kind: 'VirtualRouter',
      metadata: { name: 'x' },
      spec: { listeners: [{ portMapping: { port: 80, protocol: 'http' } }], routes: written },
    }),
  );
  assert.deepEqual(told(found, 'warning'), []);
  assert.deepEqual(
    found.resources.map(({ kind, name, parent, spec }) => ({ kind, name, parent, spec })),
    [
      {
        kind: 'virtualRouter',
        name: 'x_default',
        parent: undefined,
        spec: { listeners: [{ portMapping: { port: 80, protocol: 'http' } }] },
      },
      ...expected.map((route, index) => ({
        kind: 'route',
        name: `r${index}`,
        parent: 'x_default',
        spec: parse(route),
      })),
    ],
  );
  for (const { kind, spec } of found.resources) {
    assert.deepEqual(specificationSchemas[kind].safeParse(spec).error?.issues ?? [], []);
  }
});

test('every member of a GatewayRoute is brought over, for each protocol', () => {
  const http = (service: string) => `
  match:
    prefix: /a/
    method: GET
    hostname: { exact: a.example }
    port: 80
    queryParameters: ${queryParameters}
    headers:${indent(conditions, 4)}
  action:
    target: { virtualService: { ${service} }, port: 80 }
    rewrite:
      hostname: { defaultTargetHostname: DISABLED }
      prefix: { value: /b/ }`;
  const path = (service: string) => `
  match: { path: { exact: /a }, hostname: { suffix: .example } }
  action:
    target: { virtualService: { ${service} } }
    rewrite: { path: { exact: /b } }`;
  const grpc = (service: string) => `
  match:
    serviceName: s
    hostname: { exact: a.example }
    port: 80
    metadata:${indent(conditions, 4)}
  action:
    target: { virtualService: { ${service} }, port: 80 }
    rewrite: { hostname: { defaultTargetHostname: ENABLED } }`;
  const arn = "virtualServiceARN: 'arn:aws:appmesh:eu-west-1:123456789012:mesh/all/virtualService/y.shop'";
  const name = 'virtualServiceName: y.shop';
  becomes('GatewayRoute', `priority: 3\nhttpRoute:${http(arn)}`, `priority: 3\nhttpRoute:${http(name)}`);
  becomes('GatewayRoute', `http2Route:${path(arn)}`, `http2Route:${path(name)}`);
  becomes('GatewayRoute', `grpcRoute:${grpc(arn)}`, `grpcRoute:${grpc(name)}`);
});
