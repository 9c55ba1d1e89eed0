import { z } from 'zod';
import type { VirtualRouter } from '../../mesh/mesh-resources.ts';
import { serviceName } from '../../mesh/terms.ts';
import { protocolOf, routerListenerSection } from './listener.ts';
import { expandRoute, foldRoute, routeSection } from './route.ts';
import { listenersOf, oneOrMany } from './several.ts';
import { uniqueNames } from './unique-names.ts';

/** A virtual router: the routes of a virtual service. */
export const routerSection = z
  .strictObject({
    /** Short for an entry of `services` whose provider is this router. */
    virtualService: serviceName.optional(),
    listener: routerListenerSection.optional(),
    /** In place of `listener`, where there are several. */
    listeners: z.array(routerListenerSection).optional(),
    routes: z.array(routeSection).superRefine(...uniqueNames),
  })
  .superRefine(...oneOrMany('listener', 'listeners'));

/** A router with every default. */
export type RouterSection = z.output<typeof routerSection>;

/** The API's words for a router and its routes. */
export function expandRouter(router: RouterSection): VirtualRouter {
  const listeners = listenersOf(router);
  return {
    spec: listeners ? { listeners: listeners.map((portMapping) => ({ portMapping })) } : {},
    routes: Object.fromEntries(
      router.routes.map((route) => {
        const protocol = route.protocol ?? protocolOf(route.match.port, listeners ?? []);
        return [route.name, expandRoute(route, protocol)];
      }),
    ),
  };
}

/** The section's words for a router and its routes. */
export function foldRouter({ spec, routes }: VirtualRouter): z.input<typeof routerSection> {
  const listeners = spec.listeners?.map(({ portMapping }) => portMapping);
  return {
    ...(listeners === undefined ? {} : listeners.length === 1 ? { listener: listeners[0] } : { listeners }),
    routes: Object.entries(routes).map(([name, route]) => foldRoute(name, route, listeners ?? [])),
  };
}
