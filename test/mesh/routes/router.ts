import { writeFile } from 'node:fs/promises';
import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { join } from 'node:path';
import type { Address } from '../../../src/mesh/environment.ts';
import { extension, type Typed, typed } from '../../../src/mesh/envoy/vocabulary.ts';
import { afterwards, freePort, type Lifetime, startEnvoy, temporaryFolder } from '../../engines.ts';
import { host as usualHost } from './models.ts';

export interface Request {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** What a request got. */
interface Answer {
  readonly status: number;
  readonly body: string;
  /** The name of the route that took the request; undefined when none did. */
  readonly route: string | undefined;
}

/** An Envoy that has nothing but routes. */
export interface Router {
  /** Where the listener of each route configuration listens, by its name. */
  readonly addresses: Readonly<Record<string, Address>>;
  /** Sends a request over HTTP/1.1 to a listener, the first when none is named. */
  send(what: Request, listener?: string): Promise<Answer>;
  /** A counter of the admin interface; 0 when there is none of that name. */
  statistic(name: string): Promise<number>;
}

interface RouterOptions {
  /** A cluster of one address for each name; routes to others cannot be had. */
  readonly clusters?: Readonly<Record<string, Upstream>>;
  /** Further fields of the HTTP filter. */
  readonly manager?: object;
}

interface Upstream {
  readonly address: Address;
  readonly protocol?: 'http' | 'http2';
}

/** Starts Envoy with a listener for each of these route configurations. */
export async function startRouter(
  lifetime: Lifetime,
  configurations: Readonly<Record<string, Typed>>,
  { clusters = {}, manager = {} }: RouterOptions = {},
): Promise<Router> {
  const admin = { host: '127.0.0.1', port: await freePort() };
  const listeners = Object.entries(configurations).map(([name, { '@type': _, ...routes }]) => ({
    name,
    address: socket({ host: '127.0.0.1', port: 0 }),
    filter_chains: [{ filters: [connectionManager(name, routes, manager)] }],
  }));
  const file = join(await temporaryFolder(lifetime), 'bootstrap.json');
  const bootstrap = {
    node: { id: 'router', cluster: 'router' },
    admin: { address: socket(admin) },
    static_resources: { listeners, clusters: Object.entries(clusters).map(cluster) },
  };
  await writeFile(file, JSON.stringify(bootstrap));
  await startEnvoy(lifetime, { bootstrapFile: file });
  const addresses = await listeningAddresses(admin);
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  afterwards(lifetime, async () => agent.destroy());
  const [first = ''] = Object.keys(configurations);
  return {
    addresses,
    send: (what, listener = first) => send(agent, addresses[listener], what),
    statistic: async (name) => {
      const { stats } = (await administrative(admin, `/stats?format=json&filter=^${name}$`)) as {
        stats: { name?: string; value?: number }[];
      };
      return stats.find((one) => one.name === name)?.value ?? 0;
    },
  };
}

/** The same matching, with each route answering at once. */
export function answering(configuration: Typed): Typed {
  const hosts = configuration.virtual_hosts as {
    routes: { name: string; match: object; route?: object }[];
  }[];
  return {
    ...configuration,
    virtual_hosts: hosts.map((one) => ({
      ...one,
      routes: one.routes.map(({ route, ...rest }) =>
        route ? { ...rest, direct_response: { status: 200 } } : rest,
      ),
    })),
  };
}

function cluster([name, { address, protocol = 'http' }]: [string, Upstream]) {
  const options = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions';
  const explicit = protocol === 'http' ? { http_protocol_options: {} } : { http2_protocol_options: {} };
  const endpoints = [{ lb_endpoints: [{ endpoint: { address: socket(address) } }] }];
  return {
    name,
    type: 'STATIC',
    connect_timeout: '1s',
    load_assignment: { cluster_name: name, endpoints },
    typed_extension_protocol_options: { [options]: typed(options, { explicit_http_config: explicit }) },
  };
}

function connectionManager(name: string, routes: object, fields: object) {
  const manager = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
  const route = { key: 'x-route', value: '%ROUTE_NAME%' };
  return extension('envoy.filters.network.http_connection_manager', manager, {
    stat_prefix: name,
    route_config: { ...routes, response_headers_to_add: [{ header: route }] },
    http_filters: [extension('envoy.filters.http.router', 'envoy.extensions.filters.http.router.v3.Router')],
    ...fields,
  });
}

/** The ports the system gave, by the name of the listener. */
async function listeningAddresses(admin: Address): Promise<Record<string, Address>> {
  const { listener_statuses: statuses } = (await administrative(admin, '/listeners?format=json')) as {
    listener_statuses: { name: string; local_address: { socket_address: { port_value: number } } }[];
  };
  return Object.fromEntries(
    statuses.map(({ name, local_address }) => [
      name,
      { host: admin.host, port: local_address.socket_address.port_value },
    ]),
  );
}

async function administrative({ host, port }: Address, path: string): Promise<unknown> {
  return (await fetch(`http://${host}:${port}${path}`)).json();
}

function socket({ host, port }: Address) {
  return { socket_address: { address: host, port_value: port } };
}

function send(
  agent: Agent,
  to: Address | undefined,
  { host = usualHost, body, headers, ...what }: Request,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { ...to, agent, path: '/', ...what, headers: { host, ...headers } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: got } = response;
          resolve({ status, body: text, route: got['x-route']?.toString() });
        });
      },
    );
    outgoing.on('error', reject).end(body);
  });
}
