import type { MeshDefinition } from '../../../src/mesh/definition.ts';

export type NodeSpec = MeshDefinition['virtualNodes'][string];
export type Listener = NonNullable<NodeSpec['listeners']>[number];
export type RouteSpec = MeshDefinition['virtualRouters'][string]['routes'][string];
export type GatewaySpec = MeshDefinition['virtualGateways'][string];
type Protocol = Listener['portMapping']['protocol'];

/** A mesh in few words, where names and routers follow from the rest. */
interface Sketch {
  readonly spec?: MeshDefinition['spec'];
  readonly nodes: Readonly<Record<string, NodeSpec>>;
  /** What each virtual service is: the name of the node it is, or the routes of its router by name. */
  readonly services: Readonly<Record<string, string | Readonly<Record<string, RouteSpec>>>>;
  /** Ports of the routers that have others than 8080, by service. */
  readonly ports?: Readonly<Record<string, readonly number[]>>;
  readonly gateways?: MeshDefinition['virtualGateways'];
}

/** The node whose proxy the tests call through; it has every service as a backend unless the sketch says otherwise. */
export const caller = 'caller';

/** A mesh out of a sketch; each virtual service that has routes gets a router of its own. */
export function meshOf({ spec = {}, nodes, services, ports = {}, gateways = {} }: Sketch): MeshDefinition {
  const routed = Object.entries(services).flatMap(([name, routes]) =>
    typeof routes === 'string' ? [] : [{ name, routes }],
  );
  return {
    name: 'mesh',
    spec,
    virtualNodes: { [caller]: calling(...Object.keys(services)), ...nodes },
    virtualServices: Object.fromEntries(
      Object.entries(services).map(([name, provider]) => [
        name,
        {
          provider:
            typeof provider === 'string'
              ? { virtualNode: { virtualNodeName: provider } }
              : { virtualRouter: { virtualRouterName: name } },
        },
      ]),
    ),
    virtualRouters: Object.fromEntries(
      routed.map(({ name, routes }) => {
        const protocol = protocolOf(Object.values(routes)[0]);
        const listeners = (ports[name] ?? [8080]).map((port) => ({ portMapping: { port, protocol } }));
        return [name, { spec: { listeners }, routes }];
      }),
    ),
    virtualGateways: gateways,
  };
}

/** A node that only calls. */
export function calling(...services: readonly string[]): NodeSpec {
  return { backends: services.map((virtualServiceName) => ({ virtualService: { virtualServiceName } })) };
}

/** A node that is called, on port 8080. */
export function called(protocol: Protocol, more: Omit<Listener, 'portMapping'> = {}): NodeSpec {
  return listening('called.local', listener(8080, protocol, more));
}

/** A node with listeners, of this host name; where it is, a test says itself. */
export function listening(hostname: string, ...listeners: readonly Listener[]): NodeSpec {
  return { serviceDiscovery: { dns: { hostname } }, listeners: [...listeners] };
}

/** A listener. */
export function listener(
  port: number,
  protocol: Protocol,
  more: Omit<Listener, 'portMapping'> = {},
): Listener {
  return { portMapping: { port, protocol }, ...more };
}

/** The action of a route to nodes, by weight. */
export function to(weights: Readonly<Record<string, number>>) {
  return {
    weightedTargets: Object.entries(weights).map(([virtualNode, weight]) => ({ virtualNode, weight })),
  };
}

/** A number of milliseconds in App Mesh's terms. */
export function ms(value: number): { readonly unit: 'ms'; readonly value: number } {
  return { unit: 'ms', value };
}

function protocolOf(route: RouteSpec | undefined): Protocol {
  if (route?.tcpRoute) return 'tcp';
  if (route?.grpcRoute) return 'grpc';
  return route?.http2Route ? 'http2' : 'http';
}
