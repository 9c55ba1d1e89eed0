/** A message whose type Envoy must be told (`google.protobuf.Any` in JSON). */
export interface Typed {
  readonly '@type': string;
  readonly [field: string]: unknown;
}

/** A named extension with its configuration. */
export interface Extension {
  readonly name: string;
  readonly typed_config: Typed;
}

/** A duration in protobuf's JSON form: seconds with a fraction. */
export type Seconds = `${number}s`;

/** Envoy's duration for a number of milliseconds. */
export function seconds(milliseconds: number): Seconds {
  return `${milliseconds / 1000}s`;
}

/** Names a message type of Envoy's v3 interface. */
export function typed(type: string, fields: Record<string, unknown> = {}): Typed {
  return { '@type': `type.googleapis.com/${type}`, ...fields };
}

/** A named extension. */
export function extension(name: string, type: string, fields: Record<string, unknown> = {}): Extension {
  return { name, typed_config: typed(type, fields) };
}

/** An address a socket listens on or connects to; `::` takes both versions of IP. */
export function socketAddress({ host, port }: { host: string; port: number }) {
  const anyVersion = host === '::' ? { ipv4_compat: true } : {};
  return { socket_address: { address: host, port_value: port, ...anyVersion } };
}

/** Resources as a file holds them; read again when something is renamed into their folder. */
export function discoveryResponse(resources: readonly Typed[]) {
  return { resources };
}

/**
 * Where a kind of resource is read from: a file that is replaced by renaming.
 * @see https://www.envoyproxy.io/docs/envoy/latest/configuration/overview/xds_api#filesystem-subscriptions
 */
export function fileSource(directory: string, file: string) {
  return {
    resource_api_version: 'V3',
    path_config_source: { path: `${directory}/${file}`, watched_directory: { path: directory } },
  };
}
