import type { Address } from '../environment.ts';
import type { Entrance, InboundListener, ProxyModel } from '../proxy-model.ts';
import { type FilterChain, filterChains, inspectionLimit, tlsInspector } from './filter-chain.ts';
import { type Extension, socketAddress, type Typed, typed } from './vocabulary.ts';

/** Filters that a listener asks before it chooses a chain, and what goes with them. */
interface Inspection {
  readonly listener_filters?: readonly Extension[];
}

/** `envoy.config.listener.v3.Listener` at an address. */
export function listener(
  name: string,
  address: Address,
  chains: readonly FilterChain[],
  more: Inspection & Readonly<Record<string, unknown>> = {},
): Typed {
  return typed('envoy.config.listener.v3.Listener', {
    name,
    address: socketAddress(address),
    per_connection_buffer_limit_bytes: 1_048_576,
    ...more,
    filter_chains: chains,
  });
}

/** A listener of a node or a gateway at its own address. */
export function meshListener(
  { name, address, protocol, tls }: InboundListener | Entrance,
  filters: readonly Extension[],
  model: ProxyModel,
  directory: string,
): Typed[] {
  if (!address) return [];
  const chains = filterChains({ protocol, tls, filters, destination: undefined }, model, directory);
  return [listener(name, address, chains, inspection(tls?.mode === 'PERMISSIVE' ? [tlsInspector] : []))];
}

/** The fields for filters that look at a connection's first bytes. */
export function inspection(filters: readonly Extension[]): Inspection & Readonly<Record<string, unknown>> {
  return filters.length > 0 ? { listener_filters: filters, ...inspectionLimit } : {};
}
