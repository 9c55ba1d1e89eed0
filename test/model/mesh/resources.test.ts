import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  checkResources,
  locatedResourceMistakes,
  type MeshResources,
} from '../../../src/model/mesh/resources.ts';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import type { PortProtocol } from '../../../src/model/mesh/terms.ts';
import type { VirtualNodeSpec } from '../../../src/model/mesh/virtual-node.ts';

/** A node that listens on some ports, each with its protocol, and calls some services. */
function node(ports: Record<number, PortProtocol>, ...backends: string[]): VirtualNodeSpec {
  return {
    serviceDiscovery: { dns: { hostname: 'node.local' } },
    listeners: Object.entries(ports).map(([port, protocol]) => ({
      portMapping: { port: Number(port), protocol },
    })),
    backends: backends.map((virtualServiceName) => ({ virtualService: { virtualServiceName } })),
  };
}

function route(
  virtualNode: string,
  more: { port?: number; target?: number; weight?: number } = {},
): RouteSpec {
  const { port, target, weight = 1 } = more;
  return {
    httpRoute: {
      match: { prefix: '/', ...(port === undefined ? {} : { port }) },
      action: {
        weightedTargets: [{ virtualNode, weight, ...(target === undefined ? {} : { port: target }) }],
      },
    },
  };
}

function to(virtualServiceName: string, more: { port?: number; match?: number } = {}) {
  const { port, match } = more;
  return {
    httpRoute: {
      match: { prefix: '/', ...(match === undefined ? {} : { port: match }) },
      action: { target: { virtualService: { virtualServiceName }, ...(port === undefined ? {} : { port }) } },
    },
  };
}

const http = { portMapping: { port: 80, protocol: 'http' } } as const;
const https = { portMapping: { port: 81, protocol: 'http' } } as const;

/** A mesh without a mistake: a gateway leads to a service that a router spreads over a node. */
const sound: MeshResources = {
  name: 'mesh',
  spec: {},
  virtualNodes: { caller: node({ 80: 'http' }, 'called.local'), called: node({ 80: 'http' }) },
  virtualServices: {
    'called.local': { provider: { virtualRouter: { virtualRouterName: 'router' } } },
    'caller.local': { provider: { virtualNode: { virtualNodeName: 'caller' } } },
    'nobody.local': {},
  },
  virtualRouters: { router: { spec: { listeners: [http] }, routes: { all: route('called') } } },
  virtualGateways: { gateway: { spec: { listeners: [http] }, gatewayRoutes: { all: to('caller.local') } } },
};

function mistakes(change: Partial<MeshResources>): Record<string, string> {
  const found = checkResources({ ...sound, ...change });
  return Object.fromEntries(found.map(({ path, allowed }) => [path, allowed]));
}

const targets = 'virtualRouters.router.routes.all.httpRoute.action.weightedTargets';

test('a sound mesh has no mistake', () => assert.deepEqual(checkResources(sound), []));

test('a mistake has its path as text and as keys, and the page of the rule', () => {
  const resources = { ...sound, virtualNodes: { ...sound.virtualNodes, x: node({ 80: 'http' }, 'lost') } };
  assert.deepEqual(locatedResourceMistakes(resources), [
    {
      at: ['virtualNodes', 'x', 'backends', 0, 'virtualService', 'virtualServiceName'],
      mistake: {
        path: 'virtualNodes.x.backends[0].virtualService.virtualServiceName',
        found: "'lost'",
        allowed: 'called.local, caller.local, nobody.local',
        reference: 'https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_VirtualServiceBackend.html',
      },
    },
  ]);
});

describe('what dangles is refused', () => {
  test('a provider that does not exist, and one that listens nowhere', () => {
    assert.deepEqual(
      mistakes({
        virtualNodes: { ...sound.virtualNodes, silent: {} },
        virtualServices: {
          ...sound.virtualServices,
          a: { provider: { virtualNode: { virtualNodeName: 'lost' } } },
          b: { provider: { virtualRouter: { virtualRouterName: 'lost' } } },
          c: { provider: { virtualNode: { virtualNodeName: 'silent' } } },
        },
      }),
      {
        'virtualServices.a.provider.virtualNode.virtualNodeName': 'caller, called, silent',
        'virtualServices.b.provider.virtualRouter.virtualRouterName': 'router',
        'virtualServices.c.provider.virtualNode.virtualNodeName': 'a virtual node that has a listener',
      },
    );
  });

  test('a target and a gateway target that do not exist, and a backend named twice', () => {
    assert.deepEqual(
      mistakes({
        virtualNodes: { ...sound.virtualNodes, x: node({ 80: 'http' }, 'called.local', 'called.local') },
        virtualRouters: { router: { spec: { listeners: [http] }, routes: { all: route('lost') } } },
        virtualGateways: { gateway: { spec: { listeners: [http] }, gatewayRoutes: { all: to('lost') } } },
      }),
      {
        'virtualNodes.x.backends[1].virtualService.virtualServiceName': 'each backend once',
        [`${targets}[0].virtualNode`]: 'caller, called, x',
        'virtualGateways.gateway.gatewayRoutes.all.httpRoute.action.target.virtualService.virtualServiceName':
          'called.local, caller.local, nobody.local',
      },
    );
  });

  test('a name that every object has is not taken for a resource', () => {
    const service = { provider: { virtualNode: { virtualNodeName: 'constructor' } } };
    const found = mistakes({ virtualServices: { ...sound.virtualServices, x: service } });
    assert.deepEqual(found, {
      'virtualServices.x.provider.virtualNode.virtualNodeName': 'caller, called',
    });
  });

  test('of many names a few are shown', () => {
    const many = Array.from({ length: 1000 }, (_, index) => [`node${index}`, node({ 80: 'http' })]);
    const service = { provider: { virtualNode: { virtualNodeName: 'lost' } } };
    const found = mistakes({
      virtualNodes: { ...sound.virtualNodes, ...Object.fromEntries(many) },
      virtualServices: { ...sound.virtualServices, x: service },
    });
    const shown = ['caller', 'called', ...Array.from({ length: 8 }, (_, index) => `node${index}`)];
    assert.deepEqual(Object.values(found), [`${shown.join(', ')} or one of 992 more`]);
  });
});

describe('ports and protocols must meet', () => {
  const two = { ...sound.virtualNodes, called: node({ 80: 'http', 90: 'http' }) };

  test("a route's protocol is that of the router's listener", () => {
    const grpc = { portMapping: { port: 80, protocol: 'grpc' } } as const;
    const virtualRouters = { router: { spec: { listeners: [grpc] }, routes: { all: route('called') } } };
    assert.deepEqual(mistakes({ virtualRouters }), {
      'virtualRouters.router.routes.all.httpRoute': "grpcRoute: the router's port 80 speaks grpc",
    });
  });

  test('a route names the port where its router has several, and one that it has', () => {
    const listeners = [http, https];
    const routes = {
      all: route('called'),
      other: route('called', { port: 82 }),
      good: route('called', { port: 81 }),
    };
    assert.deepEqual(mistakes({ virtualRouters: { router: { spec: { listeners }, routes } } }), {
      'virtualRouters.router.routes.all.httpRoute.match.port':
        '80, 81: the virtual router router has several listeners',
      'virtualRouters.router.routes.other.httpRoute.match.port':
        '80, 81, a port of the virtual router router',
    });
  });

  test('a target names the port where its node has several, and one that it has', () => {
    const routes = {
      all: route('called'),
      other: route('called', { target: 82 }),
      good: route('called', { target: 90 }),
    };
    assert.deepEqual(
      mistakes({ virtualNodes: two, virtualRouters: { router: { spec: { listeners: [http] }, routes } } }),
      {
        [`${targets}[0].port`]: '80, 90: the virtual node called has several listeners',
        'virtualRouters.router.routes.other.httpRoute.action.weightedTargets[0].port':
          '80, 90, a port of the virtual node called',
      },
    );
  });

  test('HTTP does not go to TCP, nor anything to a node that does not listen', () => {
    const virtualNodes = { ...sound.virtualNodes, called: node({ 80: 'tcp' }), silent: {} };
    const routes = { all: route('called'), silent: route('silent') };
    assert.deepEqual(mistakes({ virtualNodes, virtualRouters: { router: { spec: {}, routes } } }), {
      [`${targets}[0].virtualNode`]: 'a listener that speaks http, not tcp',
      'virtualRouters.router.routes.silent.httpRoute.action.weightedTargets[0].virtualNode':
        'a virtual node that has a listener',
    });
  });

  test("a gateway's route is of its listener's protocol, names its port and its target's where there are several", () => {
    const virtualServices = {
      ...sound.virtualServices,
      'two.local': { provider: { virtualNode: { virtualNodeName: 'called' } } },
    };
    const grpc = { portMapping: { port: 81, protocol: 'grpc' } } as const;
    const gatewayRoutes = {
      unsaid: to('caller.local'),
      kind: to('caller.local', { match: 81 }),
      target: to('two.local', { match: 80 }),
      lost: to('two.local', { match: 80, port: 91 }),
      good: to('two.local', { match: 80, port: 90 }),
    };
    const at = 'virtualGateways.gateway.gatewayRoutes';
    assert.deepEqual(
      mistakes({
        virtualNodes: two,
        virtualServices,
        virtualGateways: { gateway: { spec: { listeners: [http, grpc] }, gatewayRoutes } },
      }),
      {
        [`${at}.unsaid.httpRoute.match.port`]: '80, 81: the virtual gateway gateway has several listeners',
        [`${at}.kind.httpRoute`]: "grpcRoute: the gateway's port 81 speaks grpc",
        [`${at}.target.httpRoute.action.target.port`]:
          '80, 90: the provider of two.local has several listeners',
        [`${at}.lost.httpRoute.action.target.port`]: '80, 90, a port of the provider of two.local',
        [`${targets}[0].port`]: '80, 90: the virtual node called has several listeners',
      },
    );
  });

  test('a gateway does not lead to TCP', () => {
    const virtualNodes = { ...sound.virtualNodes, caller: node({ 80: 'tcp' }) };
    const at =
      'virtualGateways.gateway.gatewayRoutes.all.httpRoute.action.target.virtualService.virtualServiceName';
    assert.deepEqual(mistakes({ virtualNodes }), { [at]: 'a virtual service that speaks http, not tcp' });
  });
});

test('weights that are all zero are refused; equal priorities are not', () => {
  const routes = {
    all: route('called', { weight: 0 }),
    one: { priority: 1, ...route('called') },
    other: { priority: 1, ...route('called') },
  };
  assert.deepEqual(mistakes({ virtualRouters: { router: { spec: { listeners: [http] }, routes } } }), {
    [targets]: 'at least one weight above 0',
  });
});
