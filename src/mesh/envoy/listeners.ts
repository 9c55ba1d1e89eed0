import type { ProxyModel } from '../proxy-model.ts';
import { applicationRoutes } from './application-route.ts';
import { gatewayRoutes } from './gateway-route.ts';
import { redirectedListeners } from './interception.ts';
import { listener, meshListener } from './listener.ts';
import { egressFilter, inboundFilter, routeFile, tcpEgressFilter } from './listener-filter.ts';
import { entranceListeners } from './listener-pool.ts';
import { egressRoutes } from './route.ts';
import type { Typed } from './vocabulary.ts';

/** All listeners of a proxy. */
export function listeners(model: ProxyModel, directory: string): Typed[] {
  const inbound = model.inbound.map((one) => ({ one, filter: inboundFilter(one, model, directory) }));
  const outbound = [
    ...model.egress.map((one) => ({ one, filter: egressFilter(one, model, directory) })),
    ...model.tcpEgress.map((one) => ({ one, filter: tcpEgressFilter(one, model) })),
  ];
  if (model.interception) return redirectedListeners({ inbound, outbound }, model, directory);
  return [
    ...inbound.flatMap(({ one, filter }) => meshListener(one, [filter], model, directory)),
    ...model.entrances.flatMap((one) => entranceListeners(one, model, directory)),
    ...outbound.flatMap(({ one: { name, address }, filter }) =>
      address ? [listener(name, address, [{ filters: [filter] }])] : [],
    ),
  ];
}

/** The routes of each HTTP listener, by file. */
export function routeFiles(model: ProxyModel): Record<string, Typed> {
  const http = model.inbound.filter(({ protocol }) => protocol !== 'tcp');
  return Object.fromEntries([
    ...http.map((one) => [routeFile(one.name), applicationRoutes(one)]),
    ...model.entrances.map((one) => [routeFile(one.name), gatewayRoutes(one, model)]),
    ...model.egress.map((one) => [routeFile(one.name), egressRoutes(one, model)]),
  ]);
}
