import type { VirtualNodeSpec } from '../model/mesh/virtual-node.ts';
import { defaults } from './defaults.ts';
import type { MeshDefinition } from './definition.ts';
import type { ProxyEnvironment } from './environment.ts';
import type { Discovery } from './proxy-model.ts';

/** The name a node is discovered by: in DNS its host name, in Cloud Map `<service>.<namespace>`. */
export function discoveredName({ serviceDiscovery }: VirtualNodeSpec): string | undefined {
  const { dns, awsCloudMap } = serviceDiscovery ?? {};
  return dns ? dns.hostname : awsCloudMap && `${awsCloudMap.serviceName}.${awsCloudMap.namespaceName}`;
}

/**
 * How the addresses behind a node's listener are found. The environment's list comes first. DNS cannot filter by
 * Cloud Map's attributes: such a node has the addresses of a file that is kept by whoever operates the proxy,
 * empty at first.
 */
export function discoveryOf(
  mesh: MeshDefinition,
  environment: ProxyEnvironment,
  { node, port }: { readonly node: string; readonly port: number },
): Discovery {
  const known = environment.endpoints?.[node];
  if (known) {
    const addresses = known.flatMap((instance) => instance[port] ?? []);
    return { kind: 'endpoints', addresses };
  }
  const { dns, awsCloudMap } = mesh.virtualNodes[node]?.serviceDiscovery ?? {};
  const preferred = mesh.spec.serviceDiscovery?.ipPreference;
  if (dns) {
    const response = dns.responseType ?? defaults.dnsResponseType;
    const ipPreference = dns.ipPreference ?? preferred ?? defaults.dnsIpPreference;
    return { kind: 'dns', hostname: dns.hostname, port, response, ipPreference };
  }
  if (awsCloudMap && !awsCloudMap.attributes?.length) {
    const { serviceName, namespaceName } = awsCloudMap;
    const ipPreference = awsCloudMap.ipPreference ?? preferred ?? defaults.cloudMapIpPreference;
    const hostname = `${serviceName}.${namespaceName}`;
    return { kind: 'dns', hostname, port, response: 'ENDPOINTS', ipPreference };
  }
  return { kind: 'endpoints', addresses: [] };
}
