import type { Protocol, ProxyModel, ServerTls } from '../proxy-model.ts';
import { downstreamTls } from './tls.ts';
import { type Extension, extension } from './vocabulary.ts';

/** `envoy.config.listener.v3.FilterChain`, as far as it is written here. */
export interface FilterChain {
  readonly filter_chain_match?: Readonly<Record<string, unknown>>;
  readonly filters: readonly Extension[];
  readonly transport_socket?: Extension;
}

/** What stands behind a port: its TLS, and the filters either way. */
export interface Port {
  readonly protocol: Protocol;
  readonly tls: ServerTls | undefined;
  readonly filters: readonly Extension[];
  /** The port connections were made to, where several are redirected to one listener. */
  readonly destination: number | undefined;
}

/** The chains of a port: one, or with permissive TLS one for those who begin a handshake and one for the others. */
export function filterChains(
  { protocol, tls, filters, destination }: Port,
  model: ProxyModel,
  directory: string,
): FilterChain[] {
  const port = destination === undefined ? {} : { destination_port: destination };
  const plain = destination === undefined ? {} : { filter_chain_match: port };
  if (!tls) return [{ ...plain, filters }];
  const secured = { filters, transport_socket: downstreamTls(tls, protocol, model, directory) };
  if (tls.mode === 'STRICT') return [{ ...plain, ...secured }];
  return [
    { filter_chain_match: { ...port, transport_protocol: 'tls' }, ...secured },
    { filter_chain_match: { ...port, transport_protocol: 'raw_buffer' }, filters },
  ];
}

/** Tells a TLS handshake from anything else, and reads the server's name in it. */
export const tlsInspector = extension(
  'envoy.filters.listener.tls_inspector',
  'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector',
);

/** Finds the address a redirected connection was made to. */
export const originalDestination = extension(
  'envoy.filters.listener.original_dst',
  'envoy.extensions.filters.listener.original_dst.v3.OriginalDst',
);

/**
 * Inspecting waits for a client's first bytes. Of a protocol whose server speaks first none come: after a second the
 * connection goes on as a plain one.
 */
export const inspectionLimit = {
  listener_filters_timeout: '1s',
  continue_on_listener_filters_timeout: true,
};
