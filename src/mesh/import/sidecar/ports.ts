import type { MeshDefinition } from '../../definition.ts';
import type { AddressesByPort, ProxyReference } from '../../environment.ts';
import { meshIndex, servicesReachedBy } from '../../mesh-index.ts';

/** The ports a proxy and its app have beside each other, where nothing redirects connections. */
export interface SidecarPorts {
  readonly admin: number;
  /** Where the app sends its HTTP calls; undefined for a gateway. */
  readonly egress: number | undefined;
  /** Where the app listens, by the port of the definition's listener. */
  readonly applications: AddressesByPort;
  /** Where the app reaches TCP backends: by virtual service, then by its port. */
  readonly tcp: Readonly<Record<string, AddressesByPort>>;
}

/** The address of what only its own task may reach. */
export const loopback = '127.0.0.1';

/** The ports App Mesh's proxy used for the same: https://docs.aws.amazon.com/app-mesh/latest/userguide/envoy-config.html */
const adminPort = 9901;
const egressPort = 15_001;

/** Where ports that are not free elsewhere are looked for. */
const sparePort = 15_100;

/** How far an app's port is from its listener's, which the proxy takes. */
const applicationOffset = 10_000;

/** Ports for a proxy: a listener keeps its own, because callers use it, and the app moves. */
export function sidecarPorts(mesh: MeshDefinition, proxy: ProxyReference): SidecarPorts {
  const listeners =
    (proxy.kind === 'node' ? mesh.virtualNodes[proxy.name] : mesh.virtualGateways[proxy.name]?.spec)
      ?.listeners ?? [];
  const taken = new Set(listeners.map(({ portMapping }) => portMapping.port));
  const take = (wanted: number): number => {
    let port = wanted <= 65_535 && !taken.has(wanted) ? wanted : sparePort;
    while (taken.has(port)) port += 1;
    taken.add(port);
    return port;
  };
  const admin = take(adminPort);
  if (proxy.kind === 'gateway') return { admin, egress: undefined, applications: {}, tcp: {} };
  const egress = take(egressPort);
  const applications = Object.fromEntries(
    listeners.map(({ portMapping: { port } }) => [
      port,
      { host: loopback, port: take(port + applicationOffset) },
    ]),
  );
  const { services } = meshIndex(mesh);
  const tcp = [...new Set(servicesReachedBy(mesh, proxy))].map((name) => {
    const ports = (services.get(name)?.listeners ?? []).filter(({ protocol }) => protocol === 'tcp');
    return [
      name,
      Object.fromEntries(ports.map(({ port }) => [port, { host: loopback, port: take(port) }])),
    ] as const;
  });
  return { admin, egress, applications, tcp: Object.fromEntries(tcp) };
}
