import { defaults } from '../defaults.ts';
import type { EgressListener, ProxyModel, ReachableService } from '../proxy-model.ts';
import { awsHosts, externalCluster } from './forward-proxy.ts';
import { envoyRoute, httpPorts, routeEntries } from './route-entry.ts';
import { routeConfiguration, type VirtualHost } from './virtual-host.ts';
import { seconds, type Typed } from './vocabulary.ts';

/**
 * Routes of a sidecar's listener for its app's requests: a virtual host for each virtual service it may call, by name.
 * A host that is none of them is answered 502, for 404 would look like an answer of the backend's own, unless the
 * mesh lets requests out.
 * @throws {RangeError} when all targets of a route have weight 0
 */
export function egressRoutes({ name, port, services }: EgressListener, model: ProxyModel): Typed {
  const hosts = services.flatMap((service) => serviceHosts(service, port));
  return routeConfiguration(name, [...hosts, ...externalHosts(model, services)], { ignorePort: false });
}

/**
 * A service's virtual hosts: one for each port of its provider, with the routes for it. A Host without a port means
 * HTTP's own port, or else the first; where there is only one, any port in the Host means it. Connections that were
 * redirected from a port have said which they mean, whatever their Host says.
 */
function serviceHosts(service: ReachableService, redirected: number | undefined): VirtualHost[] {
  const { name } = service;
  const ports = httpPorts(service);
  const meant = redirected === undefined ? ports : ports.filter((port) => port === redirected);
  const [first] = meant;
  if (meant.length === 0 && service.listeners.length > 0) return [];
  if (meant.length < 2) return [{ name, domains: [name, `${name}:*`], routes: written(service, first) }];
  const usual = meant.includes(80) ? 80 : first;
  return meant.map((port) => {
    const withPort = `${name}:${port}`;
    const domains = port === usual ? [name, withPort] : [withPort];
    return { name: withPort, domains, routes: written(service, port) };
  });
}

function written(service: ReachableService, port: number | undefined) {
  return routeEntries(service, port).map(envoyRoute);
}

function externalHosts(
  { external, proxy }: ProxyModel,
  services: readonly ReachableService[],
): VirtualHost[] {
  if (external === 'all') return [outside(['*'])];
  const others = { name: 'unlisted', domains: ['*'], routes: [unlisted(proxy.name, services)] };
  return external === 'aws' ? [outside(awsHosts), others] : [others];
}

function outside(domains: readonly string[]): VirtualHost {
  const route = { cluster: externalCluster, timeout: seconds(defaults.requestTimeout) };
  return { name: 'external', domains, routes: [{ name: 'external', match: { prefix: '/' }, route }] };
}

function unlisted(proxy: string, services: readonly ReachableService[]) {
  const names = services.map(({ name }) => name).join(', ') || 'none';
  const text = `${proxy} does not list this host as a backend. Its backends: ${names}.\n`;
  return {
    name: 'unlisted',
    match: { prefix: '/' },
    direct_response: { status: 502, body: { inline_string: text } },
  };
}
