import type { Address } from '../../src/targets/local/process.ts';

/** PEM files of one side of the pair. */
export interface PairCertificates {
  readonly chain: string;
  readonly key: string;
  readonly authority: string;
}

/**
 * The bare reference for a mesh: two Envoys with nothing but mutual TLS over HTTP/2 between them; no retries,
 * no health checks, no limits, no logs. Static bootstraps, written by hand so that the compiler is not its own measure.
 */
export function pairBootstraps(addresses: {
  readonly front: Address;
  readonly back: Address;
  readonly application: Address;
  readonly certificates: PairCertificates;
}): { front: object; back: object } {
  const { front, back, application, certificates } = addresses;
  const tls = {
    alpn_protocols: ['h2'],
    tls_certificates: [
      { certificate_chain: { filename: certificates.chain }, private_key: { filename: certificates.key } },
    ],
    validation_context: { trusted_ca: { filename: certificates.authority } },
  };
  return {
    front: bootstrap(front, back, {
      transport_socket: transportSocket('Upstream', { common_tls_context: tls }),
      typed_extension_protocol_options: {
        'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
          '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
          explicit_http_config: { http2_protocol_options: {} },
        },
      },
    }),
    back: bootstrap(
      back,
      application,
      {},
      {
        transport_socket: transportSocket('Downstream', {
          require_client_certificate: true,
          common_tls_context: tls,
        }),
      },
    ),
  };
}

function bootstrap(listen: Address, upstream: Address, cluster: object, chain: object = {}): object {
  return {
    static_resources: {
      listeners: [
        {
          name: 'in',
          address: socketAddress(listen),
          filter_chains: [{ ...chain, filters: [connectionManager()] }],
        },
      ],
      clusters: [
        {
          name: 'out',
          type: 'STATIC',
          connect_timeout: '1s',
          circuit_breakers: {
            thresholds: [{ max_connections: 4096, max_pending_requests: 4096, max_requests: 4096 }],
          },
          load_assignment: {
            cluster_name: 'out',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: socketAddress(upstream) } }] }],
          },
          ...cluster,
        },
      ],
    },
  };
}

function connectionManager(): object {
  return {
    name: 'envoy.filters.network.http_connection_manager',
    typed_config: {
      '@type':
        'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
      stat_prefix: 'in',
      codec_type: 'AUTO',
      route_config: {
        virtual_hosts: [
          { name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'out' } }] },
        ],
      },
      http_filters: [
        {
          name: 'envoy.filters.http.router',
          typed_config: { '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router' },
        },
      ],
    },
  };
}

function transportSocket(side: 'Upstream' | 'Downstream', configuration: object): object {
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.${side}TlsContext`,
      ...configuration,
    },
  };
}

function socketAddress({ host, port }: Address): object {
  return { socket_address: { address: host, port_value: port } };
}
