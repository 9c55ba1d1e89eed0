import { interruptedHeader, undeliveredHeader } from './retry.ts';
import { type Typed, typed } from './vocabulary.ts';

/** Bytes of a request's body that are kept for a retry; a longer one passes, but is not retried. */
const bodyLimit = 1_048_576;

/** Routes that answer to some host names; what none of them matches is answered 404. */
export interface VirtualHost {
  readonly name: string;
  /** Host names, names with a '*' at one end, or '*' alone; of several that match, Envoy takes the closest. */
  readonly domains: readonly string[];
  /** `envoy.config.route.v3.Route`s, tried in this order. */
  readonly routes: readonly object[];
}

/** Whether a Host's port, if it has one, is looked at. */
interface HostMatching {
  readonly ignorePort: boolean;
}

/** `envoy.config.route.v3.RouteConfiguration`. The marks of sidecars' answers end here. */
export function routeConfiguration(
  name: string,
  hosts: readonly VirtualHost[],
  { ignorePort }: HostMatching,
): Typed {
  return typed('envoy.config.route.v3.RouteConfiguration', {
    name,
    ...(ignorePort ? { ignore_port_in_host_matching: true } : {}),
    virtual_hosts: withoutRepetition(hosts).map((host) => ({
      name: host.name,
      domains: host.domains,
      request_body_buffer_limit: bodyLimit,
      routes: host.routes,
    })),
    response_headers_to_remove: [undeliveredHeader, interruptedHeader],
  });
}

/** Envoy knows no case in host names and refuses a configuration that has one twice: the first virtual host has it. */
function withoutRepetition(hosts: readonly VirtualHost[]): VirtualHost[] {
  const taken = new Set<string>();
  return hosts.flatMap((host) => {
    const domains = host.domains.filter((domain) => {
      const known = taken.has(domain.toLowerCase());
      taken.add(domain.toLowerCase());
      return !known;
    });
    return domains.length === 0 ? [] : [{ ...host, domains }];
  });
}
