import type { ProxyModel } from '../proxy-model.ts';
import { circuitBreakers } from './circuit-breaker.ts';
import { dnsLookupFamily } from './dns.ts';
import { type Extension, extension, type Typed, typed } from './vocabulary.ts';

/** The cluster of every host that is no backend. */
export const externalCluster = 'external@host';

/** Hosts that the egress filter lets through even where it drops all others. */
export const awsHosts = ['*.amazonaws.com', '*.amazonaws.com.cn'];

/**
 * Hosts outside of the mesh, where they may be called at all: at the address a redirected connection was made to, or
 * by the name in the Host header.
 */
export function externalClusters(model: ProxyModel): Typed[] {
  if (model.external === 'none') return [];
  const more = model.interception
    ? { type: 'ORIGINAL_DST', typed_extension_protocol_options: downstreamProtocol }
    : {
        cluster_type: extension('envoy.clusters.dynamic_forward_proxy', `${forwardProxy}.ClusterConfig`, {
          dns_cache_config: dnsCache(model),
        }),
      };
  return [
    typed('envoy.config.cluster.v3.Cluster', {
      name: externalCluster,
      ...more,
      connect_timeout: '5s',
      lb_policy: 'CLUSTER_PROVIDED',
      circuit_breakers: circuitBreakers(),
    }),
  ];
}

/** The filter that looks a Host up before the router sends the request there. */
export function externalFilters(model: ProxyModel): Extension[] {
  if (model.external === 'none' || model.interception) return [];
  const type = 'envoy.extensions.filters.http.dynamic_forward_proxy.v3.FilterConfig';
  return [extension('envoy.filters.http.dynamic_forward_proxy', type, { dns_cache_config: dnsCache(model) })];
}

const forwardProxy = 'envoy.extensions.clusters.dynamic_forward_proxy.v3';

/** Where the mesh prefers no IP version, a connection is tried over both (RFC 8305). */
function dnsCache({ ipPreference }: ProxyModel) {
  return { name: 'external', dns_lookup_family: ipPreference ? dnsLookupFamily(ipPreference) : 'ALL' };
}

const downstreamProtocol = {
  'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': typed(
    'envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
    { use_downstream_protocol_config: { http2_protocol_options: {} } },
  ),
};
