import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compileProxy } from '../../../src/mesh/compile.ts';
import type { MeshDefinition } from '../../../src/mesh/definition.ts';
import type {
  Address,
  AddressesByPort,
  ProxyEnvironment,
  ProxyReference,
} from '../../../src/mesh/environment.ts';
import { type Engine, freePort, type Lifetime, startEnvoy, temporaryFolder } from '../../engines.ts';
import { type Answer, ask, type Question } from './clients/http.ts';
import { caller } from './definition.ts';

/** What a test says of a proxy's environment; the rest is chosen here. */
export type Surroundings = Partial<
  Omit<ProxyEnvironment, 'directory' | 'admin' | 'listeners' | 'egress' | 'tcpEgress' | 'endpoints'>
> & {
  /** Where the instances of a node listen, one port each: an app directly, or its sidecar. */
  readonly endpoints?: Readonly<Record<string, readonly (Address | AddressesByPort)[]>>;
  /** Whether hosts that are no backend may be called where the mesh allows it. */
  readonly open?: boolean;
  /** Who is asked for host names, in place of the machine's name servers. */
  readonly nameServer?: Address;
};

/** A running Envoy with a compiled configuration. */
export interface RunningProxy extends Engine {
  /** Where it listens for the mesh, by port. */
  readonly listeners: AddressesByPort;
  /** The same of one port. */
  at(port: number): Address;
  /** Where it listens for its app's calls. */
  readonly egress: Address;
  /** Where it listens for its app's connections to a virtual service over TCP, on the service's port or 8080. */
  tcp(service: string, port?: number): Address;
  /** Calls a virtual service as the proxy's app does. */
  call(service: string, question?: Question): Promise<Answer>;
  /** Compiles again and renames what changed into place. */
  apply(mesh: MeshDefinition, changed?: Surroundings): Promise<void>;
  /** Sum of the counters and gauges whose whole name matches; 0 when there is none. */
  statistic(pattern: string): Promise<number>;
}

/** Starts the Envoy of the calling node. */
export function startCaller(lifetime: Lifetime, mesh: MeshDefinition, around: Surroundings = {}) {
  return startProxy(lifetime, mesh, { kind: 'node', name: caller }, around);
}

/** Starts the Envoy of a node or of a gateway, on free ports. */
export async function startProxy(
  lifetime: Lifetime,
  mesh: MeshDefinition,
  proxy: ProxyReference,
  around: Surroundings = {},
): Promise<RunningProxy> {
  const directory = join(await temporaryFolder(lifetime), 'envoy');
  await mkdir(directory);
  const listeners = await addressesFor(portsOf(mesh, proxy));
  const admin = await freeAddress();
  const egress = await freeAddress();
  const tcpEgress = await tcpAddresses(mesh);
  const environmentOf = ({
    endpoints = {},
    open = false,
    nameServer: _,
    ...rest
  }: Surroundings): ProxyEnvironment => ({
    directory,
    admin,
    listeners,
    egress: { address: egress, open },
    tcpEgress,
    endpoints: Object.fromEntries(
      Object.entries(endpoints).map(([node, instances]) => [
        node,
        instances.map((instance) => byPort(mesh, node, instance)),
      ]),
    ),
    ...rest,
  });
  const written = new Map<string, string>();
  let current = around;
  const apply: RunningProxy['apply'] = async (next, changed = {}) => {
    current = { ...current, ...changed };
    for (const [name, content] of Object.entries(compileProxy(next, proxy, environmentOf(current)).files)) {
      const resolving = name === 'bootstrap.json' && current.nameServer;
      const text = JSON.stringify(resolving ? { ...content, ...resolver(resolving) } : content);
      if (written.get(name) === text) continue;
      await replace(join(directory, name), text);
      written.set(name, text);
    }
  };
  await apply(mesh);
  const engine = await startEnvoy(lifetime, { bootstrapFile: join(directory, 'bootstrap.json') });
  return Object.assign(engine, {
    listeners,
    at: (port: number) => {
      const address = listeners[port];
      if (!address) throw new Error(`${proxy.name} has no listener on ${port}`);
      return address;
    },
    egress,
    tcp: (service: string, port = 8080) => {
      const address = tcpEgress[service]?.[port];
      if (!address) throw new Error(`${service} has no TCP listener on ${port}`);
      return address;
    },
    call: (service: string, question: Question = {}) => ask(egress, { ...question, host: service }),
    apply,
    statistic: async (pattern: string) => {
      const query = new URLSearchParams({ format: 'json', filter: `^${pattern}$` });
      const answer = await fetch(`http://${admin.host}:${admin.port}/stats?${query}`);
      const { stats } = (await answer.json()) as { stats: { name?: string; value?: number }[] };
      return stats.reduce((sum, { value = 0 }) => sum + value, 0);
    },
  });
}

/** Part of a bootstrap: what a machine's resolv.conf says otherwise. */
function resolver({ host, port }: Address) {
  return {
    typed_dns_resolver_config: {
      name: 'envoy.network.dns_resolver.cares',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig',
        resolvers: [{ socket_address: { address: host, port_value: port } }],
      },
    },
  };
}

/** Writes beside the file and renames into place, as Envoy's watch needs it. */
export async function replace(file: string, content: string): Promise<void> {
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

async function freeAddress(): Promise<Address> {
  return { host: '127.0.0.1', port: await freePort() };
}

async function addressesFor(ports: readonly number[]): Promise<AddressesByPort> {
  const addresses: Record<number, Address> = {};
  for (const port of ports) addresses[port] = await freeAddress();
  return addresses;
}

/** An address for each port of each router that has TCP routes. */
async function tcpAddresses(mesh: MeshDefinition): Promise<Record<string, AddressesByPort>> {
  const addresses: Record<string, AddressesByPort> = {};
  for (const [name, { spec }] of Object.entries(mesh.virtualRouters)) {
    const ports = (spec.listeners ?? []).map(({ portMapping }) => portMapping);
    const tcp = ports.filter(({ protocol }) => protocol === 'tcp');
    if (tcp.length > 0) addresses[name] = await addressesFor(tcp.map(({ port }) => port));
  }
  return addresses;
}

function portsOf(mesh: MeshDefinition, { kind, name }: ProxyReference): number[] {
  const spec = kind === 'node' ? mesh.virtualNodes[name] : mesh.virtualGateways[name]?.spec;
  return (spec?.listeners ?? []).map(({ portMapping }) => portMapping.port);
}

/** An instance with one address has it for every port of its node. */
function byPort(mesh: MeshDefinition, node: string, instance: Address | AddressesByPort): AddressesByPort {
  if (!('host' in instance)) return instance;
  const address = instance as Address;
  return Object.fromEntries(portsOf(mesh, { kind: 'node', name: node }).map((port) => [port, address]));
}
