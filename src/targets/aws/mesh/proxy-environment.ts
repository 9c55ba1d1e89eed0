import { spiffeId } from '../../../kernel/spiffe.ts';
import type { MeshDefinition } from '../../../mesh/definition.ts';
import type { AddressesByPort, ProxyEnvironment, ProxyReference } from '../../../mesh/environment.ts';
import { trustDomainId } from '../../../mesh/mutual-tls.ts';
import { platformMesh, trustDomainOf } from '../../../mesh/platform-mesh.ts';
import type { Plan } from '../../../model/plan.ts';
import { meshTopology } from '../mesh-topology.ts';

/** Folders of a task: the proxy's configuration in its image, and the volume its certificate is written to. */
export const folders = { configuration: '/etc/envoy', certificates: '/certificates' } as const;

/** The containers of a task share one network: these ports are its own, whatever the mesh's are. */
export const taskPorts = { admin: 9901, readiness: 9902, egress: 15_001, firstTcpEgress: 15_101 } as const;

/** Apps listen so far above the port that the mesh knows them by, because the proxy has that one. */
const applicationOffset = 10_000;

const loopback = '127.0.0.1';

/** Where a service's app listens for what the mesh sends to a port. */
export function applicationPort(port: number): number {
  return port + applicationOffset > 65_535 ? port - applicationOffset : port + applicationOffset;
}

/** Where a service's app reaches its backends that speak TCP: by virtual service, then by its port. */
export function tcpEgressOf(plan: Plan, service: string): Record<string, AddressesByPort> {
  const backends = meshTopology(plan).nodes[service]?.tcpBackends ?? [];
  const addresses: Record<string, AddressesByPort> = {};
  for (const [index, { service: backend, port }] of backends.entries()) {
    const address = { host: loopback, port: taskPorts.firstTcpEgress + index };
    addresses[backend] = { ...addresses[backend], [port]: address };
  }
  return addresses;
}

/**
 * The mesh as the account finds it: Cloud Map's DNS names every task of a service, so callers are to use all of them
 * where the author has not said otherwise.
 */
export function accountMesh({ mesh }: Plan): MeshDefinition {
  const definition = platformMesh(mesh);
  const virtualNodes = Object.fromEntries(
    Object.entries(definition.virtualNodes).map(([name, spec]) => {
      const dns = spec.serviceDiscovery?.dns;
      if (dns === undefined) return [name, spec];
      const named = { ...dns, responseType: dns.responseType ?? ('ENDPOINTS' as const) };
      return [name, { ...spec, serviceDiscovery: { dns: named } }];
    }),
  );
  return { ...definition, virtualNodes };
}

/** What a proxy finds in its task. */
export function proxyEnvironment(plan: Plan, { kind, name }: ProxyReference): ProxyEnvironment {
  const topology = meshTopology(plan);
  const ports = kind === 'gateway' ? [topology.gateway.port] : (topology.nodes[name]?.ports ?? []);
  const addresses = (host: string, portOf: (port: number) => number): AddressesByPort =>
    Object.fromEntries(ports.map((port) => [port, { host, port: portOf(port) }]));
  const trustDomain = trustDomainOf(plan.mesh.resources.name);
  const identity = spiffeId(trustDomain, name);
  const file = (text: string) => `${folders.certificates}/${text}.pem`;
  return {
    directory: folders.configuration,
    admin: { host: loopback, port: taskPorts.admin },
    identity,
    listeners: addresses('0.0.0.0', (port) => port),
    ...(kind === 'node'
      ? {
          applications: addresses(loopback, applicationPort),
          // An app calls what is outside of the mesh itself: its sidecar is for the mesh alone.
          egress: { address: { host: loopback, port: taskPorts.egress }, open: false },
          tcpEgress: tcpEgressOf(plan, name),
        }
      : {}),
    secrets: {
      kind: 'files',
      secrets: {
        [identity]: { certificateChain: file('chain'), privateKey: file('key') },
        [trustDomainId(trustDomain)]: { authorities: file('authority') },
      },
    },
    health: Object.fromEntries(
      Object.entries(plan.compute.services).map(([service, { health }]) => [service, health]),
    ),
  };
}
