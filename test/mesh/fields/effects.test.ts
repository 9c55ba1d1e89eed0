import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileProxy, proxiesOf } from '../../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../../src/mesh/definition.ts';
import { fields } from '../../../src/mesh/fields.ts';
import { sidecarEnvironment } from '../../../src/mesh/import/sidecar/environment.ts';
import type { GatewayRouteSpec } from '../../../src/model/mesh/gateway-route.ts';
import type { RouteSpec } from '../../../src/model/mesh/route.ts';
import type { PortProtocol } from '../../../src/model/mesh/terms.ts';
import type { VirtualGatewaySpec } from '../../../src/model/mesh/virtual-gateway.ts';
import type { VirtualNodeSpec } from '../../../src/model/mesh/virtual-node.ts';
import type { VirtualRouterSpec } from '../../../src/model/mesh/virtual-router.ts';
import { specificationWith, valuesAt } from './variants.ts';

const listeners = <Protocol extends PortProtocol>(protocol: Protocol) =>
  [80, 81].map((port) => ({ portMapping: { port, protocol } }));

const node = (hostname: string, ...backends: string[]): VirtualNodeSpec => ({
  serviceDiscovery: { dns: { hostname } },
  listeners: listeners('http'),
  backends: backends.map((virtualServiceName) => ({ virtualService: { virtualServiceName } })),
});

/** A mesh in which a node called subject calls and is called, and a service is spread by a router. */
const mesh: MeshDefinition = {
  name: 'mesh',
  spec: {},
  virtualNodes: {
    subject: node('subject.example', 'other.local'),
    caller: node('caller.example', 'subject.local', 'routed.local'),
    other: node('other.example'),
    third: node('third.example'),
  },
  virtualServices: {
    'subject.local': { provider: { virtualNode: { virtualNodeName: 'subject' } } },
    'other.local': { provider: { virtualNode: { virtualNodeName: 'other' } } },
    'two.local': { provider: { virtualNode: { virtualNodeName: 'third' } } },
    'routed.local': { provider: { virtualRouter: { virtualRouterName: 'router' } } },
  },
  virtualRouters: {
    router: { spec: { listeners: listeners('http') }, routes: { all: routeTo('other') } },
    second: { spec: { listeners: listeners('http') }, routes: { all: routeTo('third') } },
  },
  virtualGateways: {
    gateway: {
      spec: { listeners: listeners('http') },
      gatewayRoutes: {
        all: {
          httpRoute: {
            match: { prefix: '/' },
            action: { target: { virtualService: { virtualServiceName: 'other.local' } } },
          },
        },
      },
    },
  },
};

/** A gateway route beside the one a test is about. */
const rival: GatewayRouteSpec = { ...mesh.virtualGateways.gateway?.gatewayRoutes.all };

function routeTo(virtualNode: string): RouteSpec {
  return {
    httpRoute: { match: { prefix: '/' }, action: { weightedTargets: [{ virtualNode, weight: 1 }] } },
  };
}

/** What a field needs beside it that its schema does not ask for, and a rival where it is about a choice. */
function surroundings(path: string, specification: unknown): void {
  const routes = Object.values(specification as Record<string, Record<string, unknown>>);
  const [route = {}] = routes.filter((value) => typeof value === 'object');
  if (path === 'route.priority') Object.assign(specification as object, routeTo('other'));
  if (path === 'gatewayRoute.priority') Object.assign(specification as object, rival);
  if (path === 'virtualGateway.listeners[].portMapping.protocol') {
    const certificate = { sds: { secretName: 'secret' } };
    for (const listener of Object.values(specification as object).flat()) {
      Object.assign(listener, { tls: { mode: 'STRICT', certificate } });
    }
  }
  if (path.endsWith('.methodName')) Object.assign(route.match as object, { serviceName: 'service' });
  if (path.includes('.rewrite.prefix.')) route.match = { prefix: '/prefix/' };
  if (path.includes('.rewrite.path.')) route.match = { path: { exact: '/path' } };
  if (path.includes('.action.weightedTargets[].weight')) {
    const { weightedTargets } = route.action as { weightedTargets: object[] };
    weightedTargets.push({ virtualNode: 'third', weight: 50 });
  }
}

/** The mesh with one field at a path, of some value. */
function meshWith(path: string, specification: unknown): MeshDefinition {
  const kind = path.slice(0, path.indexOf('.'));
  const protocol = protocolOf(path);
  switch (kind) {
    case 'mesh':
      return { ...mesh, spec: specification as MeshDefinition['spec'] };
    case 'virtualNode': {
      const subject = { ...mesh.virtualNodes.subject, ...(specification as VirtualNodeSpec) };
      return { ...mesh, virtualNodes: { ...mesh.virtualNodes, subject } };
    }
    case 'virtualService':
      return {
        ...mesh,
        virtualServices: { ...mesh.virtualServices, 'routed.local': specification as object },
      };
    case 'virtualRouter': {
      const spec = specification as VirtualRouterSpec;
      const both = [...(spec.listeners ?? []), { portMapping: { port: 90, protocol: 'http' as const } }];
      const routes = { ...mesh.virtualRouters.router?.routes };
      return { ...mesh, virtualRouters: { router: { spec: { listeners: both }, routes } } };
    }
    case 'route': {
      const rival = { ...routeTo('third'), priority: 500 };
      const routes = { subject: specification as RouteSpec, ...(path === 'route.priority' ? { rival } : {}) };
      return { ...mesh, virtualRouters: { router: { spec: { listeners: listeners(protocol) }, routes } } };
    }
    case 'virtualGateway': {
      const { listeners: own = listeners('http'), ...rest } = specification as Partial<VirtualGatewaySpec>;
      const spec = { listeners: own, ...rest };
      const { gatewayRoutes = {} } = mesh.virtualGateways.gateway ?? {};
      return { ...mesh, virtualGateways: { gateway: { spec, gatewayRoutes } } };
    }
    default: {
      const subject = specification as GatewayRouteSpec;
      const gatewayRoutes = {
        subject,
        ...(path === 'gatewayRoute.priority' ? { rival: { ...rival, priority: 500 } } : {}),
      };
      const spec = { listeners: listeners(protocol === 'tcp' ? 'http' : protocol) };
      return { ...mesh, virtualGateways: { gateway: { spec, gatewayRoutes } } };
    }
  }
}

function protocolOf(path: string): PortProtocol {
  return (/\.(http|http2|grpc|tcp)Route\./.exec(path)?.[1] ?? 'http') as PortProtocol;
}

/** Every file of every proxy. */
function compiled(definition: MeshDefinition): string {
  const files = proxiesOf(definition).map((proxy) => [
    proxy.name,
    compileProxy(definition, proxy, sidecarEnvironment(definition, proxy)).files,
  ]);
  return JSON.stringify(files);
}

/** Fields that act by being there: what is taken away, to see the difference. */
const present: Readonly<Record<string, string>> = {
  'virtualNode.serviceDiscovery.awsCloudMap.attributes[].key': 'attributes',
  'virtualNode.serviceDiscovery.awsCloudMap.attributes[].value': 'attributes',
  'route.httpRoute.retryPolicy.tcpRetryEvents[]': 'tcpRetryEvents',
  'route.http2Route.retryPolicy.tcpRetryEvents[]': 'tcpRetryEvents',
  'route.grpcRoute.retryPolicy.tcpRetryEvents[]': 'tcpRetryEvents',
};

function without(value: unknown, member: string): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner) => (key === member ? undefined : inner));
}

/** Two specifications that differ in one field alone. */
function variants(path: string): readonly [unknown, unknown] {
  const [one, other] = valuesAt(path);
  const first = specificationWith(path, one);
  surroundings(path, first);
  const member = present[path];
  if (member !== undefined) return [first, without(first, member)];
  const second = specificationWith(path, other);
  surroundings(path, second);
  return [first, second];
}

/** The only value it may have is what holds anyway. */
const settled = 'virtualNode.listeners[].healthCheck.port';

describe('no field is dropped in silence: another value makes another configuration, unless the table says why not', () => {
  for (const { path, unused } of fields.filter(({ path }) => path !== settled)) {
    test(`${path} ${unused === undefined ? 'acts' : 'does not act'}`, () => {
      const [one, other] = variants(path).map((variant) => compiled(meshWith(path, variant)));
      assert.equal(one === other, unused !== undefined);
    });
  }
});
