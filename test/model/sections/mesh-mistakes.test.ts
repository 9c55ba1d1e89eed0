import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import document from '../../../blueprint.ts';
import type { BlueprintDocument } from '../../../src/model/document.ts';
import { plan } from '../../../src/model/plan.ts';

type Mesh = BlueprintDocument['mesh'];
type Node = Mesh['nodes'][string];
type Router = Mesh['routers'][string];

const a = 'microservice-a';
const b = 'microservice-b';
const called = 'microservice-b.default.svc.cluster.local';
const tls = { mode: 'STRICT', certificate: { sds: { secretName: 's' } } } as const;
const clientTls = { tls: { validation: { trust: { sds: { secretName: 's' } } } } };

/** What is allowed, by path, where the blueprint's mesh was changed. */
function mistakes(change: (mesh: Mesh) => void): Record<string, string> {
  const copy = structuredClone(document);
  change(copy.mesh);
  return Object.fromEntries(plan(copy).mistakes.map(({ path, allowed }) => [path, allowed]));
}

const onNode = (more: object, name = a) => mistakes((mesh) => Object.assign(mesh.nodes[name] as Node, more));
const onRouter = (more: object) =>
  mistakes((mesh) => Object.assign(mesh.routers['microservice-b-router'] as Router, more));
const onGateway = (more: object) => mistakes((mesh) => Object.assign(mesh.gateway, more));

const listener = { port: 8080, protocol: 'http' };
const route = { name: 'r', match: { prefix: '/' }, targets: [{ node: b, weight: 1 }] };
const router = 'mesh.routers["microservice-b-router"]';

test('a section without a mistake has none', () =>
  assert.deepEqual(
    mistakes(() => {}),
    {},
  ));

describe('a mistake of the mesh section stands at its place in blueprint.ts', () => {
  test('of a node: where it listens, whom it calls, how it is found', () => {
    const at = 'mesh.nodes["microservice-a"]';
    assert.deepEqual(onNode({ hostname: undefined }), {
      [`${at}.hostname`]: 'dns or awsCloudMap, for a node that listens',
    });
    assert.deepEqual(onNode({ serviceDiscovery: { dns: { hostname: 'x' } } }), {
      [`${at}.serviceDiscovery`]: 'nothing beside hostname: one of the two',
    });
    assert.deepEqual(onNode({ hostname: undefined, serviceDiscovery: {} }), {
      [`${at}.serviceDiscovery`]: 'exactly one of dns, awsCloudMap',
    });
    assert.deepEqual(onNode({ listeners: [listener] }), {
      [`${at}.listeners`]: 'nothing beside listener: one of the two',
    });
    assert.deepEqual(onNode({ listener: undefined }), {
      'mesh.nodes["microservice-a"].listener': "8080, the service's port",
    });
    assert.deepEqual(
      onNode({ listener: undefined, listeners: [listener, listener, { ...listener, port: 1 }] }),
      {
        [`${at}.listeners[1].port`]: 'a port that no other listener has',
        'mesh.gateway.routes[0].port':
          '8080, 8080, 1: the provider of microservice-a.default.svc.cluster.local has several listeners',
      },
    );
    assert.deepEqual(onNode({ backends: [called, 'lost', { service: 'lost', clientPolicy: {} }, called] }), {
      [`${at}.backends[1]`]: `${called}, microservice-a.default.svc.cluster.local`,
      [`${at}.backends[2]`]: `${called}, microservice-a.default.svc.cluster.local`,
      [`${at}.backends[3]`]: 'each backend once',
    });
  });

  test('of a listener: pool, timeout and health check', () => {
    const at = 'mesh.nodes["microservice-a"].listener';
    const wrong = {
      ...listener,
      connectionPool: { maxRequests: 1 },
      timeout: '1.5ms',
      healthCheck: { port: 1, interval: '1s' },
    };
    assert.deepEqual(onNode({ listener: wrong }), {
      [`${at}.healthCheck.interval`]: 'at least 5s',
      [`${at}.connectionPool.maxConnections`]: 'a number',
      [`${at}.connectionPool.maxRequests`]: 'no such field',
      [`${at}.timeout`]: 'a whole number',
      [`${at}.healthCheck.path`]: "a path that starts with '/', for a check by HTTP",
      [`${at}.healthCheck.port`]: "8080, the listener's port",
    });
  });

  test('of outlier detection: on the node, or on the listener that says its own', () => {
    const outlierDetection = { interval: '1.5ms' };
    assert.deepEqual(onNode({ outlierDetection }), {
      'mesh.nodes["microservice-a"].outlierDetection.interval': 'a whole number',
    });
    assert.deepEqual(onNode({ listener: { ...listener, outlierDetection } }), {
      'mesh.nodes["microservice-a"].listener.outlierDetection.interval': 'a whole number',
    });
  });

  test('of a form with several spellings: the one that was meant', () => {
    const at = 'mesh.nodes["microservice-a"]';
    assert.deepEqual(
      onNode({
        listener: { ...listener, timeout: { perRequest: '4x', ilde: '1s' } },
        backends: [1],
        logging: {},
      }),
      {
        [`${at}.listener.timeout.perRequest`]: "a duration such as '60s', '5m' or '2000ms'",
        [`${at}.listener.timeout.ilde`]: 'no such field',
        [`${at}.backends[0]`]: 'a text, or an object',
        [`${at}.logging.path`]: 'a text',
      },
    );
    assert.deepEqual(onNode({ listener: { ...listener, timeout: '4x' } }), {
      [`${at}.listener.timeout`]: "a duration such as '60s', '5m' or '2000ms'",
    });
  });

  test('of a router: its service, its listeners and its routes', () => {
    assert.deepEqual(
      mistakes((mesh) => {
        mesh.services = { [called]: { node: 'lost' }, 'x.local': { router: 'lost', node: 'a' } };
        mesh.routers.other = { listener: { port: 1, protocol: 'tcp' }, virtualService: called, routes: [] };
      }),
      {
        'mesh.services["x.local"]': 'at most one of router, node',
      },
    );
    assert.deepEqual(
      mistakes((mesh) => {
        mesh.services = { [called]: { node: 'lost' }, 'x.local': { router: 'lost' } };
      }),
      {
        [`${router}.virtualService`]: 'a virtual service that no other router provides',
        'mesh.services["x.local"].router': 'microservice-b-router',
      },
    );
    assert.deepEqual(onRouter({ listeners: [listener, listener], listener: undefined, routes: [route] }), {
      [`${router}.listeners[1].port`]: 'a port that no other listener has',
      [`${router}.routes[0].match.port`]:
        '8080, 8080: the virtual router microservice-b-router has several listeners',
    });
  });

  test('of a route: match, targets, retries, timeout', () => {
    const wrong = [
      { ...route, match: { prefix: '/', methodName: 'm', port: 9 } },
      { ...route, name: 'kind', protocol: 'grpc', match: { methodName: 'm' } },
      {
        ...route,
        name: 'targets',
        targets: [
          { node: 'lost', weight: 1 },
          { node: b, weight: 1, port: 9 },
        ],
      },
      { ...route, name: 'retry', retry: { maxRetries: 1, perRetryTimeout: '1.5ms' }, timeout: '1.5ms' },
      { ...route, name: 'zero', targets: [{ node: b, weight: 0 }] },
    ];
    assert.deepEqual(onRouter({ routes: wrong }), {
      [`${router}.routes[0].match.methodName`]: 'no such field',
      [`${router}.routes[0].match.port`]: '8080, a port of the virtual router microservice-b-router',
      [`${router}.routes[1].match.serviceName`]: 'the service that has the method',
      [`${router}.routes[1].protocol`]: "httpRoute: the router's port 8080 speaks http",
      [`${router}.routes[2].targets[0].node`]: 'microservice-a, microservice-b',
      [`${router}.routes[2].targets[1].port`]: '8080, a port of the virtual node microservice-b',
      [`${router}.routes[3].retry`]: 'an event in at least one of httpRetryEvents, tcpRetryEvents',
      [`${router}.routes[3].retry.perRetryTimeout`]: 'a whole number',
      [`${router}.routes[3].timeout`]: 'a whole number',
      [`${router}.routes[4].targets`]: 'at least one weight above 0',
    });
    assert.deepEqual(onRouter({ routes: [route, route] }), {
      [`${router}.routes[1].name`]: 'a name that no other route has',
    });
  });

  test('of a gateway: listeners, routes and what they lead to', () => {
    assert.deepEqual(onGateway({ listener: undefined }), { 'mesh.gateway.listener': 'at least 1 entry' });
    assert.deepEqual(
      onGateway({
        routes: [
          { prefix: '/', node: 'lost' },
          { prefix: '/a/', service: 'lost' },
          { match: { prefix: '/', path: { exact: '/' } }, node: a },
          { prefix: '/b/', node: a, port: 9, rewrite: { path: { exact: '/' } } },
          { prefix: '/c/', node: a, protocol: 'grpc' },
        ],
      }),
      {
        'mesh.gateway.routes[0].node': 'microservice-a, microservice-b',
        'mesh.gateway.routes[1].service': `${called}, microservice-a.default.svc.cluster.local`,
        'mesh.gateway.routes[2].match': 'at most one of prefix, path',
        'mesh.gateway.routes[2].rewrite.prefix': 'nothing, where match.path is used',
        'mesh.gateway.routes[3].port':
          '8080, a port of the provider of microservice-a.default.svc.cluster.local',
        'mesh.gateway.routes[3].rewrite': 'at most one of prefix, path',
        'mesh.gateway.routes[3].rewrite.path': 'nothing, where match.path is not used',
        'mesh.gateway.routes[4].prefix': 'no such field',
        'mesh.gateway.routes[4].protocol': "httpRoute: the gateway's port 8080 speaks http",
      },
    );
    assert.deepEqual(onGateway({ routes: [{ prefix: '/', node: a, service: 's' }] }), {
      'mesh.gateway.routes[0]': 'exactly one of node, service',
    });
  });

  test('of names: a gateway is an identity, and so is a node', () => {
    const gateway: NonNullable<Mesh['gateways']>[string] = {
      listener: { port: 1, protocol: 'http' },
      routes: [],
    };
    assert.deepEqual(
      mistakes((mesh) => {
        mesh.gateways = { ingress: gateway, [a]: gateway };
      }),
      {
        'mesh.gateways.ingress': 'a name that mesh.gateway does not have',
        'mesh.gateways["microservice-a"]': 'a name no node has: it is an identity',
      },
    );
    assert.deepEqual(Object.keys(onGateway({ name: a })), ['mesh.gateway.name']);
  });

  test("of certificates: the platform's own or the document's, not both", () => {
    const allowed = 'nothing while mesh.mutualTls is on: the platform brings the certificates';
    const change = (mesh: Mesh) => {
      Object.assign(mesh.nodes[a] as Node, {
        listener: { ...listener, tls },
        backends: [{ service: called, clientPolicy: clientTls }],
        backendDefaults: { clientPolicy: clientTls },
      });
      Object.assign(mesh.gateway, { backendDefaults: { clientPolicy: clientTls } });
    };
    assert.deepEqual(mistakes(change), {
      'mesh.nodes["microservice-a"].listener.tls': allowed,
      'mesh.nodes["microservice-a"].backends[0].clientPolicy.tls': allowed,
      'mesh.nodes["microservice-a"].backendDefaults.clientPolicy.tls': allowed,
      'mesh.gateway.backendDefaults.clientPolicy.tls': allowed,
    });
    const off = mistakes((mesh) => {
      change(mesh);
      mesh.mutualTls = false;
    });
    assert.deepEqual(off, {});
  });
});

test("a limit of App Mesh's own names its page, and hides no other mistake", () => {
  const copy = structuredClone(document);
  const headers = Array(11).fill({ name: 'x' });
  Object.assign(copy.mesh.routers['microservice-b-router'] as Router, {
    routes: [
      { ...route, match: { prefix: '/', headers } },
      { ...route, name: 'targets', targets: Array(11).fill({ node: 'lost', weight: 1 }) },
      { ...route, name: 'weight', targets: [{ node: b, weight: 101 }], priority: 1001 },
    ],
  });
  const pages = plan(copy).mistakes.map(({ path, allowed, reference }) => [
    path.replace(`${router}.routes`, ''),
    allowed,
    reference?.slice(reference.lastIndexOf('/') + 1),
  ]);
  assert.deepEqual(pages.slice(0, 5), [
    ['[0].match.headers', 'at most 10 entries', 'API_HttpRouteMatch.html'],
    ['[1].targets', 'at most 10 entries', 'API_HttpRouteAction.html'],
    ['[2].priority', 'at most 1000', 'API_RouteSpec.html'],
    ['[2].targets[0].weight', 'at most 100', 'API_WeightedTarget.html'],
    ['[1].targets[0].node', 'microservice-a, microservice-b', 'API_WeightedTarget.html'],
  ]);
});

describe('timeouts nest', () => {
  test('a route behind the ingress ends before it; a route nobody waits for there may take its time', () => {
    const slow = { ...route, timeout: '60s' } as const;
    assert.deepEqual(onRouter({ routes: [slow] }), {
      [`${router}.routes[0].timeout`]: 'at most 4200ms, mesh.gateway.timeout',
    });
    const apart = mistakes((mesh) => {
      Object.assign(mesh.nodes[a] as Node, { backends: [] });
      Object.assign(mesh.routers['microservice-b-router'] as Router, { routes: [slow] });
    });
    assert.deepEqual(apart, {});
  });

  test('a route without an end, and one that leaves it to App Mesh, are longer than the ingress waits', () => {
    const endless = { ...route, timeout: '0s' };
    assert.deepEqual(Object.keys(onRouter({ routes: [endless, { ...route, name: 's', timeout: {} }] })), [
      `${router}.routes[0].timeout`,
      `${router}.routes[1].timeout`,
    ]);
  });
});
