import { z } from 'zod';
import { type GatewayRouteSpec, gatewayRouteRewrite } from '../../mesh/gateway-route.ts';
import { grpcGatewayRouteMatch, httpGatewayRouteMatch, prefix } from '../../mesh/match.ts';
import { routeMembers, routeProtocol } from '../../mesh/route-kind.ts';
import { apiPage, apiPages, exactlyOneOf, rule } from '../../mesh/schema.ts';
import { gatewayProtocol, type PortProtocol, resourceName, serviceName, whole } from '../../mesh/terms.ts';
import { port } from '../../terms.ts';
import { type Port, protocolOf } from './listener.ts';

type GatewayProtocol = z.output<typeof gatewayProtocol>;

/** Which requests a gateway route is for. */
const gatewayRouteMatch = z
  .strictObject({ ...httpGatewayRouteMatch.shape, ...grpcGatewayRouteMatch.shape })
  .register(apiPages, { page: apiPage('HttpGatewayRouteMatch') });

/** A route of a gateway into the mesh. */
export const gatewayRouteSection = z
  .strictObject({
    /** The node's or service's name when left out. */
    name: resourceName.optional(),
    priority: whole(0, 1000).optional(),
    /** The protocol of the listener it is for, when left out. */
    protocol: gatewayProtocol.optional(),
    /** Short for `match: { prefix }`. */
    prefix: prefix.optional(),
    match: gatewayRouteMatch.optional(),
    /** Straight to a node. Nothing is rewritten but what `rewrite` says. */
    node: resourceName.optional(),
    /** To a virtual service. As in App Mesh, host and prefix are rewritten unless `rewrite` says otherwise. */
    service: serviceName.optional(),
    /** The listener meant; needed where the provider has several. */
    port: port.optional(),
    rewrite: gatewayRouteRewrite.optional(),
  })
  .superRefine(...rule(exactlyOneOf(['node', 'service'])))
  .superRefine(...rule(exactlyOneOf(['prefix', 'match'])));

/** A gateway route with every default. */
export type GatewayRouteSection = z.output<typeof gatewayRouteSection>;

/** The API's words for a gateway route of a protocol, to a virtual service. */
export function expandGatewayRoute(
  route: GatewayRouteSection,
  protocol: GatewayProtocol,
  service: string,
): GatewayRouteSpec {
  const match = route.match ?? { prefix: route.prefix };
  const rewrite =
    route.node === undefined ? route.rewrite : { ...keepAll(match, protocol), ...route.rewrite };
  return {
    ...(route.priority === undefined ? {} : { priority: route.priority }),
    [routeMembers[protocol]]: {
      match,
      action: {
        target: {
          virtualService: { virtualServiceName: service },
          ...(route.port === undefined ? {} : { port: route.port }),
        },
        ...(rewrite === undefined ? {} : { rewrite }),
      },
    },
  };
}

/** A protocol a gateway can speak. */
export function gatewayProtocolOf(protocol: PortProtocol): GatewayProtocol {
  return protocol === 'tcp' ? 'http' : protocol;
}

/** The section's words for a gateway route; its protocol where the gateway's listeners do not say it. */
export function foldGatewayRoute(
  name: string,
  spec: GatewayRouteSpec,
  listeners: readonly Port[],
): z.input<typeof gatewayRouteSection> {
  const protocol = gatewayProtocolOf(routeProtocol(spec) ?? 'http');
  const { match = {}, action } = spec[routeMembers[protocol]] ?? {};
  const target = action?.target;
  return {
    name,
    ...(spec.priority === undefined ? {} : { priority: spec.priority }),
    ...(protocol === protocolOf(match.port, listeners) ? {} : { protocol }),
    ...foldMatch(match),
    ...(target === undefined ? {} : { service: target.virtualService.virtualServiceName }),
    ...(target?.port === undefined ? {} : { port: target.port }),
    ...(action?.rewrite === undefined ? {} : { rewrite: action.rewrite }),
  };
}

function foldMatch(match: z.input<typeof gatewayRouteMatch>) {
  const short = match.prefix !== undefined && Object.keys(match).length === 1;
  return short ? { prefix: match.prefix } : { match };
}

/** The rewrite that leaves a request as it is. */
function keepAll(match: { readonly prefix?: string | undefined }, protocol: string) {
  const hostname = { defaultTargetHostname: 'DISABLED' as const };
  const prefixed = match.prefix !== undefined && protocol !== 'grpc';
  return prefixed ? { hostname, prefix: { defaultPrefix: 'DISABLED' as const } } : { hostname };
}
