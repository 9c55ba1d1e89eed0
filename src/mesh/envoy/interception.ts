import type { Address } from '../environment.ts';
import type { EgressListener, InboundListener, ProxyModel, TcpEgressListener } from '../proxy-model.ts';
import { type FilterChain, filterChains, originalDestination, tlsInspector } from './filter-chain.ts';
import { awsHosts, externalCluster } from './forward-proxy.ts';
import { inspection, listener } from './listener.ts';
import { tcpProxy } from './tcp-proxy.ts';
import type { Extension, Typed } from './vocabulary.ts';

/** A listener of the model with the filter that stands behind it. */
interface Filtered<Listener> {
  readonly one: Listener;
  readonly filter: Extension;
}

/** What connections are redirected to, by the port they were made to. */
export interface Redirected {
  readonly inbound: readonly Filtered<InboundListener>[];
  readonly outbound: readonly Filtered<EgressListener | TcpEgressListener>[];
}

/**
 * The two listeners that redirected connections arrive at, as App Mesh's init container and its proxy had them: one
 * for what enters the task, one for what leaves it. A connection to a port that nothing in the mesh listens on goes
 * where it was going when the egress filter lets it, and is closed otherwise.
 */
export function redirectedListeners(
  { inbound, outbound }: Redirected,
  model: ProxyModel,
  directory: string,
): Typed[] {
  if (!model.interception) return [];
  const { ingress, egress } = model.interception;
  const chains = inbound.flatMap(({ one, filter }) =>
    filterChains({ ...one, filters: [filter], destination: one.port }, model, directory),
  );
  const permissive = inbound.some(({ one }) => one.tls?.mode === 'PERMISSIVE');
  return [
    ...redirected('ingress', ingress, chains, permissive ? [tlsInspector] : []),
    ...outgoing(egress, outbound, model),
  ];
}

function outgoing(address: Address, outbound: Redirected['outbound'], model: ProxyModel): Typed[] {
  const chains = outbound.map(({ one: { port }, filter }) => ({
    filter_chain_match: { destination_port: port },
    filters: [filter],
  }));
  if (model.external === 'none') return redirected('egress', address, chains);
  const filters = [tcpProxy('egress', { cluster: externalCluster }, model)];
  if (model.external === 'all') {
    return redirected('egress', address, chains, [], { default_filter_chain: { filters } });
  }
  const aws = { filter_chain_match: { transport_protocol: 'tls', server_names: awsHosts }, filters };
  return redirected('egress', address, [...chains, aws], [tlsInspector]);
}

function redirected(
  name: string,
  address: Address,
  chains: readonly FilterChain[],
  inspectors: readonly Extension[] = [],
  more: Readonly<Record<string, unknown>> = {},
): Typed[] {
  if (chains.length === 0 && Object.keys(more).length === 0) return [];
  const fields = { ...inspection(inspectors), listener_filters: [originalDestination, ...inspectors] };
  return [listener(name, address, chains, { ...fields, ...more })];
}
