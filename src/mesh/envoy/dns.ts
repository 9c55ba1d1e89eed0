import type { IpPreference } from '../proxy-model.ts';

/**
 * App Mesh's preference among IP versions as Envoy's lookup family. `AUTO` asks for IPv6 first and falls back.
 * @see https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/cluster/v3/cluster.proto#enum-config-cluster-v3-cluster-dnslookupfamily
 */
export function dnsLookupFamily(preference: IpPreference) {
  return families[preference];
}

const families = {
  IPv4_ONLY: 'V4_ONLY',
  IPv4_PREFERRED: 'V4_PREFERRED',
  IPv6_ONLY: 'V6_ONLY',
  IPv6_PREFERRED: 'AUTO',
} as const;
