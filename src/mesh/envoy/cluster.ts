import type { InboundListener, Protocol, ProxyModel, Upstream } from '../proxy-model.ts';
import { circuitBreakers } from './circuit-breaker.ts';
import { dnsLookupFamily } from './dns.ts';
import { endpointFileOf, loadAssignment } from './endpoint.ts';
import { externalClusters } from './forward-proxy.ts';
import { healthChecks } from './health-check.ts';
import { poolClusters } from './listener-pool.ts';
import { outlierDetection } from './outlier-detection.ts';
import { protocolOptions } from './protocol-options.ts';
import { upstreamTls } from './tls.ts';
import { fileSource, type Typed, typed } from './vocabulary.ts';

/** All clusters of a proxy: the nodes it may reach, the app beside it, and what is outside of the mesh. */
export function clusters(model: ProxyModel, directory: string): Typed[] {
  return [
    ...model.upstreams.map((upstream) => nodeCluster(model, upstream, directory)),
    ...model.inbound.map(application),
    ...poolClusters(model),
    ...externalClusters(model),
  ];
}

const common = { connect_timeout: '1s', per_connection_buffer_limit_bytes: 1_048_576 };

/**
 * A node's sidecars. Least-request rather than round robin: a task that slows down gets less, and one that has just
 * started is not flooded.
 */
function nodeCluster(model: ProxyModel, upstream: Upstream, directory: string): Typed {
  const { policy } = model;
  const protocol = spoken(upstream.protocol, model);
  const { cluster: name, node, hostname = node, outlierDetection: ejection, healthCheck, tls } = upstream;
  const codec = protocol === 'http' ? 'HTTP1' : 'HTTP2';
  return typed('envoy.config.cluster.v3.Cluster', {
    name,
    ...discovery(upstream, directory),
    ...common,
    lb_policy: 'LEAST_REQUEST',
    common_lb_config: {
      ...(policy.panicThreshold === undefined
        ? {}
        : { healthy_panic_threshold: { value: policy.panicThreshold } }),
      // Envoy gathers changes of health for a second by default; a task that came back would get nothing meanwhile.
      update_merge_window: '0s',
    },
    circuit_breakers: circuitBreakers(upstream.limits),
    ...(ejection ? { outlier_detection: outlierDetection(ejection) } : {}),
    ...(healthCheck ? { health_checks: healthChecks(healthCheck, { codec, hostname }) } : {}),
    // A task that leaves gets no new request, even while its health check still passes.
    ignore_health_on_host_removal: true,
    ...protocolOptions(protocol, '60s'),
    ...(tls ? { transport_socket: upstreamTls(tls, upstream.protocol, model, directory) } : {}),
  });
}

/** What proxies speak to each other on a listener of some protocol. */
function spoken(protocol: Protocol, { policy }: ProxyModel): Protocol {
  return protocol === 'http' ? (policy.transport ?? protocol) : protocol;
}

function discovery({ cluster, discovery: found }: Upstream, directory: string) {
  if (found.kind === 'endpoints') {
    const source = fileSource(directory, endpointFileOf(cluster));
    return { type: 'EDS', eds_cluster_config: { eds_config: source, service_name: cluster } };
  }
  return {
    type: found.response === 'LOADBALANCER' ? 'LOGICAL_DNS' : 'STRICT_DNS',
    dns_lookup_family: dnsLookupFamily(found.ipPreference),
    load_assignment: loadAssignment(cluster, [{ host: found.hostname, port: found.port }]),
  };
}

/**
 * The app, on loopback. Idle HTTP/1.1 connections are closed before an app would (node:http: after 5 s), so that no
 * request is sent into a connection that is just being closed; HTTP/2 says goodbye first.
 */
function application({ cluster, application: address, connectionPool, protocol }: InboundListener): Typed {
  return typed('envoy.config.cluster.v3.Cluster', {
    name: cluster,
    type: 'STATIC',
    load_assignment: loadAssignment(cluster, [address]),
    ...common,
    circuit_breakers: circuitBreakers(connectionPool),
    ...protocolOptions(protocol, protocol === 'http' ? '4s' : '60s'),
  });
}
