import { milliseconds } from '../model/mesh/duration.ts';
import type { GatewayListener, NodeListener } from '../model/mesh/listener.ts';
import { defaults } from './defaults.ts';
import type { MeshDefinition } from './definition.ts';
import type { Address, AddressesByPort } from './environment.ts';
import type { Context } from './proxy-context.ts';
import type {
  ConnectionPool,
  Entrance,
  GatewayRouteModel,
  InboundListener,
  ListenerTimeout,
} from './proxy-model.ts';
import { serverTls } from './tls-model.ts';

/** A listener of a node: a way from the mesh to the app. */
export function inboundListener(context: Context, listener: NodeListener): InboundListener {
  const { mesh, environment, secrets, lack } = context;
  const { port, protocol } = listener.portMapping;
  return {
    name: `ingress-${port}`,
    port,
    protocol,
    address: environment.interception ? undefined : listenerAddress(context, port),
    tls: serverTls(listener.tls, secrets),
    connectionPool: connectionPoolOf(listener) ?? mesh.policy?.applicationLimits,
    cluster: `application@${port}`,
    application: addressOf(environment.applications, port, (allowed) =>
      lack(['applications', port], allowed),
    ),
    timeout: timeoutOf(listener, mesh),
  };
}

/** A gateway route, and the port it is for if it names one. */
export interface PlacedGatewayRoute extends GatewayRouteModel {
  readonly port: number | undefined;
}

/** A listener of a gateway with the routes that are for its port. */
export function entrance(
  context: Context,
  listener: GatewayListener,
  routes: readonly PlacedGatewayRoute[],
): Entrance {
  const { mesh, proxy, secrets } = context;
  const { port, protocol } = listener.portMapping;
  return {
    name: `gateway-${port}`,
    port,
    protocol,
    address: listenerAddress(context, port),
    tls: serverTls(listener.tls, secrets),
    connectionPool: connectionPoolOf(listener),
    routes: routes.filter((route) => route.port === undefined || route.port === port),
    policy: mesh.policy?.gateways?.[proxy.name],
  };
}

function listenerAddress({ environment, lack }: Context, port: number): Address {
  return addressOf(environment.listeners, port, (allowed) => lack(['listeners', port], allowed));
}

function addressOf(
  addresses: AddressesByPort | undefined,
  port: number,
  lack: (allowed: string) => void,
): Address {
  const found = addresses?.[port];
  if (!found) lack('the address of the listener of this port');
  return found ?? { host: '127.0.0.1', port };
}

function connectionPoolOf({ connectionPool }: NodeListener | GatewayListener): ConnectionPool | undefined {
  const { http, http2, grpc } = connectionPool ?? {};
  const tcp = connectionPool && 'tcp' in connectionPool ? connectionPool.tcp : undefined;
  return http ?? http2 ?? grpc ?? tcp;
}

function timeoutOf({ timeout, portMapping }: NodeListener, mesh: MeshDefinition): ListenerTimeout {
  const { http, http2, grpc, tcp } = timeout ?? {};
  const { perRequest, idle } = { perRequest: undefined, ...(http ?? http2 ?? grpc ?? tcp) };
  const silence =
    portMapping.protocol === 'tcp'
      ? defaults.idleTimeout
      : (mesh.policy?.idleTimeout ?? defaults.idleTimeout);
  return {
    perRequest: perRequest ? milliseconds(perRequest) : defaults.requestTimeout,
    idle: idle ? milliseconds(idle) : silence,
  };
}
