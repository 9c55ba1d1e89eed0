import type { Address } from '../environment.ts';
import type { ProxyModel } from '../proxy-model.ts';
import { type HttpListener, httpConnectionManager } from './http-connection-manager.ts';
import { inboundRoutes, outboundRoutes } from './route.ts';
import { downstreamTls } from './tls.ts';
import { type Extension, socketAddress, type Typed, typed } from './vocabulary.ts';

/** The file a listener's routes are in. */
function routeFileOf(listener: string): string {
  return `routes-${listener}.json`;
}

/** All listeners of a proxy. */
export function listeners(model: ProxyModel, directory: string): Typed[] {
  const { inbound, outbound } = model;
  const all: Typed[] = [];
  if (inbound) {
    const tls = model.mutualTls ? downstreamTls(directory, inbound.callers) : undefined;
    const http = { codec: 'AUTO', markUndelivered: true } as const;
    all.push(
      listener(
        inbound.address,
        { name: 'ingress', directory, routeFile: routeFileOf('ingress'), ...http },
        tls,
      ),
    );
  }
  if (outbound) {
    const name = outbound.kind;
    const http = { codec: 'HTTP1', markUndelivered: false } as const;
    all.push(listener(outbound.address, { name, directory, routeFile: routeFileOf(name), ...http }));
  }
  return all;
}

/** The routes of each listener, by file. */
export function routeFiles({ name, inbound, outbound }: ProxyModel): Record<string, Typed> {
  return {
    ...(inbound ? { [routeFileOf('ingress')]: inboundRoutes('ingress', inbound.timeout) } : {}),
    ...(outbound ? { [routeFileOf(outbound.kind)]: outboundRoutes(outbound.kind, outbound, name) } : {}),
  };
}

function listener(address: Address, http: HttpListener, tls?: Extension): Typed {
  return typed('envoy.config.listener.v3.Listener', {
    name: http.name,
    address: socketAddress(address),
    per_connection_buffer_limit_bytes: 1_048_576,
    filter_chains: [{ filters: [httpConnectionManager(http)], ...(tls ? { transport_socket: tls } : {}) }],
  });
}
