import { defaults } from './defaults.ts';
import type { MeshDefinition } from './definition.ts';
import type { ProxyEnvironment } from './environment.ts';
import { meshIndex, servicesReachedBy } from './mesh-index.ts';
import type { Context } from './proxy-context.ts';
import type {
  EgressListener,
  External,
  ProxyModel,
  ReachableService,
  TcpEgressListener,
} from './proxy-model.ts';
import type { Reach } from './upstreams.ts';

/** What a sidecar listens on for its app's calls, and what they may reach; nothing when it has no such listener. */
export function egressOf(
  context: Context,
  reach: Reach,
): Pick<ProxyModel, 'egress' | 'tcpEgress' | 'upstreams'> {
  const { environment } = context;
  const services = [...reach.services.values()];
  if (environment.interception) return { ...redirected(context, reach), upstreams: reach.upstreams };
  const { egress } = environment;
  if (!egress) return { egress: [], tcpEgress: [], upstreams: [] };
  const http: EgressListener = { name: 'egress', address: egress.address, port: undefined, services };
  return { egress: [http], tcpEgress: tcpListeners(context, reach), upstreams: reach.upstreams };
}

/** https://docs.aws.amazon.com/app-mesh/latest/APIReference/API_EgressFilter.html */
export function externalOf({ spec }: MeshDefinition, environment: ProxyEnvironment): External {
  if (!environment.interception && !environment.egress?.open) return 'none';
  return (spec.egressFilter?.type ?? defaults.egressFilter) === 'ALLOW_ALL' ? 'all' : 'aws';
}

/** Ports of virtual services that a sidecar's app reaches over TCP. */
export function tcpBackendsOf(mesh: MeshDefinition, node: string): { service: string; port: number }[] {
  const { services } = meshIndex(mesh);
  return servicesReachedBy(mesh, { kind: 'node', name: node }).flatMap((service) =>
    tcpPorts(services.get(service)).map((port) => ({ service, port })),
  );
}

function tcpListeners({ environment, lack }: Context, { services }: Reach): TcpEgressListener[] {
  return [...services.values()].flatMap((service) =>
    tcpPorts(service).map((port) => {
      const address = environment.tcpEgress?.[service.name]?.[port];
      if (!address) lack(['tcpEgress', service.name, port], 'the address its callers connect to');
      return { name: `egress-${service.name}-${port}`, address, port, service };
    }),
  );
}

/** Ports a service takes TCP connections on; without a route for one nothing answers there. */
function tcpPorts(service: Pick<ReachableService, 'listeners' | 'routes'> | undefined): number[] {
  const routed = (port: number) =>
    service?.routes.some(({ spec: { tcpRoute } }) => tcpRoute && (tcpRoute.match?.port ?? port) === port);
  return (service?.listeners ?? [])
    .filter(({ protocol, port }) => protocol === 'tcp' && routed(port))
    .map(({ port }) => port);
}

/** By the port a connection was made to. Over TCP nothing else tells virtual services apart. */
function redirected({ lack }: Context, { services }: Reach): Pick<ProxyModel, 'egress' | 'tcpEgress'> {
  const http = new Map<number, EgressListener & { services: EgressListener['services'][number][] }>();
  const tcp = new Map<number, TcpEgressListener>();
  for (const service of services.values()) {
    const routed = tcpPorts(service);
    for (const { port, protocol } of service.listeners) {
      if (protocol === 'tcp' && !routed.includes(port)) continue;
      const taken = tcp.get(port)?.service.name ?? http.get(port)?.services[0]?.name;
      if (taken !== undefined && (protocol === 'tcp' || tcp.has(port))) {
        lack(
          ['interception'],
          `nothing: ${taken} and ${service.name} share port ${port}, and TCP does not say which is meant`,
        );
      } else if (protocol === 'tcp') {
        tcp.set(port, { name: `egress-${service.name}-${port}`, address: undefined, port, service });
      } else {
        const listener = http.get(port) ?? { name: `egress-${port}`, address: undefined, port, services: [] };
        listener.services.push(service);
        http.set(port, listener);
      }
    }
  }
  return { egress: [...http.values()], tcpEgress: [...tcp.values()] };
}
