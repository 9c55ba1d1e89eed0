import type { HttpGatewayRouteMatch } from '../../model/mesh/match.ts';
import type { VirtualHost } from './virtual-host.ts';

/** The hosts a gateway route is for; every host when undefined. */
export type HostnameMatch = HttpGatewayRouteMatch['hostname'];

/** Routes of a gateway for some hosts. */
interface HostRoutes {
  readonly hostname: HostnameMatch;
  readonly routes: readonly object[];
}

/** Of two gateway routes of one priority, that for a whole name comes first, then that for the longer ending. */
export function hostRank(hostname: HostnameMatch): number {
  if (hostname?.exact !== undefined) return -1000;
  return hostname?.suffix === undefined ? 0 : -hostname.suffix.length;
}

/**
 * Virtual hosts of a gateway: one for each name and each ending, and one for all other hosts. Envoy chooses a virtual
 * host first and looks at no other, while a gateway route without a host name is for every host: so each virtual host
 * holds all routes that are for its hosts, in their order.
 */
export function gatewayHosts(gateway: string, entries: readonly HostRoutes[]): VirtualHost[] {
  const groups = grouped(entries);
  const endings = [...groups.keys()].filter((key) => key.startsWith('*') && key !== '*');
  const names = [...groups.keys()].filter((key) => !key.startsWith('*'));
  return [...names, ...endings.sort((one, other) => other.length - one.length), '*'].flatMap((key) => {
    const routes = keysFor(key)
      .flatMap((candidate) => groups.get(candidate) ?? [])
      .sort((one, other) => one - other)
      .flatMap((index) => entries[index]?.routes ?? []);
    return routes.length === 0
      ? []
      : [{ name: key === '*' ? gateway : key, domains: domainsOf(key), routes }];
  });
}

/** Places of entries by host: a name in lower case, '*' and an ending, or '*' for every host. */
function grouped(entries: readonly HostRoutes[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, { hostname }] of entries.entries()) {
    const key = (hostname?.exact ?? `*${hostname?.suffix ?? ''}`).toLowerCase();
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  }
  return groups;
}

/** The keys under which routes for a key's hosts may stand: its own, and every ending of it. */
function keysFor(key: string): string[] {
  const text = key.replace(/^\*/, '');
  const endings = Array.from({ length: text.length }, (_, start) => `*${text.slice(start)}`);
  return key.startsWith('*') ? [...endings, '*'] : [key, ...endings, '*'];
}

/** Envoy's '*' stands for at least one character, App Mesh's ending may be the whole name. */
function domainsOf(key: string): string[] {
  const ending = key.slice(1);
  return key === '*' || !key.startsWith('*') || ending.startsWith('.') ? [key] : [key, ending];
}
