import { z } from 'zod';
import { backendDefaults } from '../../mesh/client-policy.ts';
import type { VirtualGateway } from '../../mesh/mesh-resources.ts';
import { duration } from '../../scalars.ts';
import { name } from '../../terms.ts';
import {
  expandGatewayRoute,
  foldGatewayRoute,
  type GatewayRouteSection,
  gatewayProtocolOf,
  gatewayRouteSection,
} from './gateway-route.ts';
import {
  expandGatewayListener,
  foldGatewayListener,
  gatewayListenerSection,
  protocolOf,
} from './listener.ts';
import { expandLogging, foldLogging, loggingSection } from './logging.ts';
import { ingressRetrySection } from './retry.ts';
import { listenersOf, oneOrMany } from './several.ts';
import { uniqueNames } from './unique-names.ts';

const members = {
  listener: gatewayListenerSection.optional(),
  /** In place of `listener`, where there are several. */
  listeners: z.array(gatewayListenerSection).min(1).optional(),
  routes: z.array(gatewayRouteSection).superRefine(...uniqueNames),
  backendDefaults: backendDefaults.optional(),
  logging: loggingSection.optional(),
};

/** A virtual gateway beside the platform's ingress. */
export const gatewaySection = z.strictObject(members).superRefine(...oneOrMany('listener', 'listeners'));

/** The platform's ingress: where the load balancer hands requests to the mesh. */
export const ingressSection = z
  .strictObject({
    name,
    ...members,
    /** In place of the retry policies of the routes behind it. */
    retry: ingressRetrySection,
    /** For a request with all its tries. */
    timeout: duration({ min: 1 }).prefault('4200ms'),
  })
  .superRefine(...oneOrMany('listener', 'listeners'));

/** A gateway with every default. */
export type GatewaySection = z.output<typeof gatewaySection>;

/** The API's words for a gateway and its routes; `serviceOf` says which virtual service a route leads to. */
export function expandGateway(
  gateway: GatewaySection,
  serviceOf: (route: GatewayRouteSection) => string,
): VirtualGateway {
  const { backendDefaults, logging } = gateway;
  const listeners = listenersOf(gateway) ?? [];
  const names = gatewayRouteNames(gateway);
  return {
    spec: {
      ...(backendDefaults === undefined ? {} : { backendDefaults }),
      listeners: listeners.map(expandGatewayListener),
      ...(logging === undefined ? {} : { logging: expandLogging(logging) }),
    },
    gatewayRoutes: Object.fromEntries(
      gateway.routes.map((route, index) => {
        const protocol = route.protocol ?? gatewayProtocolOf(protocolOf(route.match?.port, listeners));
        return [names[index], expandGatewayRoute(route, protocol, serviceOf(route))];
      }),
    ),
  };
}

/** The name of each route of a gateway: its own, or its target's, with a number where that is taken. */
export function gatewayRouteNames({ routes }: Pick<GatewaySection, 'routes'>): string[] {
  const taken = new Set(routes.flatMap(({ name }) => name ?? []));
  return routes.map(({ name, node, service }) => {
    if (name !== undefined) return name;
    const base = node ?? service ?? 'route';
    let free = base;
    for (let number = 2; taken.has(free); number += 1) free = `${base}-${number}`;
    taken.add(free);
    return free;
  });
}

/** The section's words for a gateway and its routes. */
export function foldGateway({ spec, gatewayRoutes }: VirtualGateway): z.input<typeof gatewaySection> {
  const logging = foldLogging(spec.logging);
  const [only, ...others] = spec.listeners.map(foldGatewayListener);
  return {
    ...(only && others.length === 0
      ? { listener: only }
      : { listeners: spec.listeners.map(foldGatewayListener) }),
    routes: Object.entries(gatewayRoutes).map(([name, route]) =>
      foldGatewayRoute(
        name,
        route,
        spec.listeners.map(({ portMapping }) => portMapping),
      ),
    ),
    ...(spec.backendDefaults === undefined ? {} : { backendDefaults: spec.backendDefaults }),
    ...(logging === undefined ? {} : { logging }),
  };
}
