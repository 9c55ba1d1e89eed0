import type { MeshDefinition } from '../../definition.ts';
import type { Address, ProxyEnvironment } from '../../environment.ts';
import { endpointFileOf } from '../../envoy/endpoint.ts';
import type { ProxyModel, Secret, Upstream } from '../../proxy-model.ts';
import type { Workload } from '../kubernetes/workload.ts';

/** What a proxy expects of the place it runs in: for people, and for programs that prepare such places. */
export interface EnvironmentManifest {
  readonly mesh: string;
  readonly proxy: { readonly kind: 'node' | 'gateway'; readonly name: string };
  readonly envoy: { readonly version: string; readonly command: readonly string[] };
  /** Files of the proxy, and where they have to be. */
  readonly directory: string;
  readonly files: readonly string[];
  readonly admin: Address;
  /** Where the proxy listens for the mesh, or for clients. */
  readonly listeners: readonly ListenerExpectation[];
  /** Where the app has to listen, and where it sends its calls. */
  readonly application?: ApplicationExpectation;
  readonly certificates: readonly CertificateExpectation[];
  /** Names the proxy resolves. */
  readonly dns: readonly DnsExpectation[];
  /** Nodes whose addresses somebody has to list, because no name leads to them. */
  readonly addresses: readonly AddressesExpectation[];
  readonly accessLog?: string;
  /** The pods it belongs to, where Kubernetes documents say them. */
  readonly workload?: Pick<Workload, 'namespace' | 'controllers' | 'ports' | 'hostnames'>;
}

interface ListenerExpectation {
  readonly port: number;
  readonly protocol: string;
  readonly address: string;
  readonly tls: 'STRICT' | 'PERMISSIVE' | 'DISABLED';
  /** Whether callers have to present a certificate. */
  readonly clientCertificate: boolean;
}

interface ApplicationExpectation {
  readonly listens: readonly { readonly address: string; readonly for: number; readonly protocol: string }[];
  readonly http?: { readonly url: string; readonly hosts: readonly string[]; readonly otherHosts: string };
  readonly tcp: readonly {
    readonly address: string;
    readonly virtualService: string;
    readonly port: number;
  }[];
}

interface CertificateExpectation {
  readonly secret: string;
  readonly kind: 'certificate' | 'authorities';
  readonly certificateChain?: string;
  readonly privateKey?: string;
  readonly authorities?: string;
  readonly socket?: string;
}

interface DnsExpectation {
  readonly name: string;
  readonly port: number;
  readonly node: string;
  readonly response: string;
  readonly ipPreference: string;
}

interface AddressesExpectation {
  /** The cluster they are listed under. */
  readonly cluster: string;
  /** The file they are in, when it is one of the proxy's files. */
  readonly file: string;
  readonly node: string;
  readonly port: number;
  readonly attributes: readonly string[];
}

/** What is known of a proxy when its manifest is written. */
export interface ManifestSource {
  readonly mesh: MeshDefinition;
  readonly model: ProxyModel;
  readonly environment: ProxyEnvironment;
  /** Names of the proxy's files. */
  readonly files: readonly string[];
  readonly envoyVersion: string;
  readonly workload: Workload | undefined;
}

/** What a proxy expects of the place it runs in. */
export function manifestOf({
  mesh,
  model,
  environment,
  files,
  envoyVersion,
  workload,
}: ManifestSource): EnvironmentManifest {
  const { directory, admin } = environment;
  const application = applicationOf(model);
  return {
    mesh: mesh.name,
    proxy: model.proxy,
    envoy: { version: envoyVersion, command: ['envoy', '--config-path', `${directory}/bootstrap.json`] },
    directory,
    files,
    admin,
    listeners: [...model.inbound, ...model.entrances].map(({ port, protocol, address, tls }) => ({
      port,
      protocol,
      address: address ? addressText(address) : 'redirected',
      tls: tls?.mode ?? 'DISABLED',
      clientCertificate: tls?.validation !== undefined,
    })),
    ...(application ? { application } : {}),
    certificates: model.secrets.map(certificateOf),
    dns: model.upstreams.flatMap(dnsOf),
    addresses: model.upstreams.flatMap((upstream) => addressesOf(upstream, mesh)),
    ...(model.accessLog ? { accessLog: model.accessLog.path } : {}),
    ...(workload ? { workload: surroundingsOf(workload) } : {}),
  };
}

function surroundingsOf({ namespace, controllers, ports, hostnames }: Workload) {
  return { namespace, controllers, ports, hostnames };
}

function applicationOf({
  proxy,
  inbound,
  egress,
  tcpEgress,
  external,
}: ProxyModel): ApplicationExpectation | undefined {
  if (proxy.kind === 'gateway') return undefined;
  const [http] = egress;
  return {
    listens: inbound.map(({ application, port, protocol }) => ({
      address: addressText(application),
      for: port,
      protocol,
    })),
    ...(http?.address
      ? {
          http: {
            url: `http://${addressText(http.address)}`,
            hosts: http.services.map(({ name }) => name),
            otherHosts: { all: 'allowed', aws: "AWS's own alone", none: 'refused' }[external],
          },
        }
      : {}),
    tcp: tcpEgress.flatMap(({ address, service, port }) =>
      address ? [{ address: addressText(address), virtualService: service.name, port }] : [],
    ),
  };
}

function certificateOf({ name, kind, files, socket }: Secret): CertificateExpectation {
  return { secret: name, kind, ...files, ...(socket === undefined ? {} : { socket }) };
}

function dnsOf({ discovery, node }: Upstream): DnsExpectation[] {
  if (discovery.kind !== 'dns') return [];
  const { hostname: name, port, response, ipPreference } = discovery;
  return [{ name, port, node, response, ipPreference }];
}

function addressesOf(
  { discovery, node, port, cluster }: Upstream,
  mesh: MeshDefinition,
): AddressesExpectation[] {
  if (discovery.kind !== 'endpoints') return [];
  const { awsCloudMap } = mesh.virtualNodes[node]?.serviceDiscovery ?? {};
  const attributes = (awsCloudMap?.attributes ?? []).map(({ key, value }) => `${key}=${value}`);
  return [{ cluster, file: endpointFileOf(cluster), node, port, attributes }];
}

/** An address as a person writes it. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
