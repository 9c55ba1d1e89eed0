import type { MeshDefinition } from '../../definition.ts';
import type { ProxyEnvironment, ProxyReference } from '../../environment.ts';
import { folderNameOf } from './folder-name.ts';
import { loopback, sidecarPorts } from './ports.ts';

/** Where a proxy's files are in its container. */
export const proxyDirectory = '/etc/envoy';

/** The secret service's socket, where App Mesh's guide for SPIRE had it. */
const secretSocket = '/run/spire/sockets/agent.sock';

/** Where a proxy of an imported mesh runs: a container beside its app's, or alone for a gateway. */
export function sidecarEnvironment(mesh: MeshDefinition, proxy: ProxyReference): ProxyEnvironment {
  const { admin, egress, applications, tcp } = sidecarPorts(mesh, proxy);
  const spec = proxy.kind === 'node' ? mesh.virtualNodes[proxy.name] : mesh.virtualGateways[proxy.name]?.spec;
  const ports = (spec?.listeners ?? []).map(({ portMapping }) => portMapping.port);
  const everywhere = isFoundByVersion6(mesh, proxy) ? '::' : '0.0.0.0';
  const arns = arnsOf(mesh);
  return {
    directory: proxyDirectory,
    admin: { host: loopback, port: admin },
    listeners: Object.fromEntries(ports.map((port) => [port, { host: everywhere, port }])),
    applications,
    ...(egress === undefined ? {} : { egress: { address: { host: loopback, port: egress }, open: true } }),
    tcpEgress: tcp,
    secrets: { kind: 'socket', path: secretSocket },
    certificates: Object.fromEntries(arns.map((arn) => [arn, certificateFiles(arn)])),
    authorities: Object.fromEntries(
      arns.map((arn) => [arn, { authorities: `${folderOf(arn)}/authorities.pem` }]),
    ),
  };
}

/** Whether callers may come by IPv6 because the documents ask for it: then the proxy listens for both versions. */
function isFoundByVersion6(mesh: MeshDefinition, { kind, name }: ProxyReference): boolean {
  const { dns, awsCloudMap } =
    (kind === 'node' ? mesh.virtualNodes[name]?.serviceDiscovery : undefined) ?? {};
  const preference =
    dns?.ipPreference ?? awsCloudMap?.ipPreference ?? mesh.spec.serviceDiscovery?.ipPreference;
  return preference?.startsWith('IPv6') === true;
}

/** The ARNs of all certificates and authorities a mesh names. */
function arnsOf({ virtualNodes, virtualGateways }: MeshDefinition): string[] {
  const found = new Set<string>();
  const specs = [...Object.values(virtualNodes), ...Object.values(virtualGateways).map(({ spec }) => spec)];
  for (const { listeners = [], backendDefaults, ...spec } of specs) {
    for (const { tls } of listeners) {
      if (tls?.certificate.acm) found.add(tls.certificate.acm.certificateArn);
    }
    const backends = 'backends' in spec ? (spec.backends ?? []) : [];
    const policies = [backendDefaults, ...backends.map(({ virtualService }) => virtualService)];
    for (const arn of policies.flatMap(
      (policy) => policy?.clientPolicy?.tls?.validation.trust.acm?.certificateAuthorityArns ?? [],
    )) {
      found.add(arn);
    }
  }
  return [...found];
}

function certificateFiles(arn: string) {
  return { certificateChain: `${folderOf(arn)}/chain.pem`, privateKey: `${folderOf(arn)}/key.pem` };
}

function folderOf(arn: string): string {
  return `${proxyDirectory}/certificates/${folderNameOf(arn.slice(arn.lastIndexOf('/') + 1))}`;
}
