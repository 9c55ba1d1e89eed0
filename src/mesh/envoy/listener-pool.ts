import type { Entrance, ProxyModel } from '../proxy-model.ts';
import { circuitBreakers } from './circuit-breaker.ts';
import { httpConnectionManager } from './http-connection-manager.ts';
import { meshListener } from './listener.ts';
import { entranceFilter } from './listener-filter.ts';
import { protocolOptions } from './protocol-options.ts';
import { extension, type Typed, typed } from './vocabulary.ts';

/**
 * A gateway's listeners. One with a connection pool hands its requests to a second one inside of the proxy, through
 * a cluster that has the pool's limits: they hold for all backends together, as in App Mesh, whose gateways sent
 * every request to themselves.
 */
export function entranceListeners(entrance: Entrance, model: ProxyModel, directory: string): Typed[] {
  const filter = entranceFilter(entrance, model, directory);
  if (!entrance.connectionPool) return meshListener(entrance, [filter], model, directory);
  const route_config = { virtual_hosts: [everythingInside(entrance)] };
  const outer = httpConnectionManager(
    { kind: 'gateway', routes: { route_config } },
    { ...model, accessLog: undefined },
  );
  return [
    ...meshListener(entrance, [outer], model, directory),
    typed('envoy.config.listener.v3.Listener', {
      name: innerName(entrance),
      internal_listener: {},
      per_connection_buffer_limit_bytes: 1_048_576,
      filter_chains: [{ filters: [filter] }],
    }),
  ];
}

/** The clusters that hold the limits of a gateway's connection pools. */
export function poolClusters({ entrances }: ProxyModel): Typed[] {
  return entrances
    .filter(({ connectionPool }) => connectionPool)
    .map((entrance) => {
      const name = poolCluster(entrance);
      const inside = { envoy_internal_address: { server_listener_name: innerName(entrance) } };
      return typed('envoy.config.cluster.v3.Cluster', {
        name,
        type: 'STATIC',
        load_assignment: {
          cluster_name: name,
          endpoints: [{ lb_endpoints: [{ endpoint: { address: inside } }] }],
        },
        connect_timeout: '1s',
        per_connection_buffer_limit_bytes: 1_048_576,
        circuit_breakers: circuitBreakers(entrance.connectionPool),
        ...protocolOptions(entrance.protocol, '60s'),
      });
    });
}

/** What Envoy needs to start with for listeners inside of it. */
export function internalListeners({ entrances }: ProxyModel) {
  if (!entrances.some(({ connectionPool }) => connectionPool)) return {};
  const type = 'envoy.extensions.bootstrap.internal_listener.v3.InternalListener';
  return { bootstrap_extensions: [extension('envoy.bootstrap.internal_listener', type)] };
}

function innerName({ name }: Entrance): string {
  return `${name}-inside`;
}

function poolCluster({ name }: Entrance): string {
  return `${name}@pool`;
}

function everythingInside(entrance: Entrance) {
  const route = { cluster: poolCluster(entrance), timeout: '0s', idle_timeout: '0s' };
  return { name: 'inside', domains: ['*'], routes: [{ name: 'inside', match: { prefix: '/' }, route }] };
}
