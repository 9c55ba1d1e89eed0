import { below, type Field } from './field.ts';

/** Every field of a mesh. */
export const meshFields: readonly Field[] = below('mesh', {
  'egressFilter.type': {
    envoy:
      'ALLOW_ALL: a `VirtualHost` for `*` and a dynamic forward proxy cluster (with redirection `Cluster.type` ORIGINAL_DST); DROP_ALL: the same for `*.amazonaws.com` alone, and `Route.direct_response` 502 for every other host',
    absent: 'DROP_ALL',
    different:
      'where nothing redirects connections it holds for what goes through the proxy; a network policy or a security group holds the rest. App Mesh refused other hosts to a node with backends even with ALLOW_ALL, here they are allowed',
  },
  'serviceDiscovery.ipPreference': {
    envoy:
      '`Cluster.dns_lookup_family` of every node without its own preference; `Listener.address` is :: (both versions) where IPv6 is preferred or the only one, else 0.0.0.0',
    absent: 'IPv6_PREFERRED in DNS, IPv4_PREFERRED for Cloud Map',
  },
});

/** Every field of a virtual service and of a virtual router. */
export const serviceFields: readonly Field[] = [
  ...below('virtualService.provider', {
    'virtualNode.virtualNodeName': {
      envoy: 'one `Route` for each listener of the node, with the default retry policy and 15 s',
      absent: 'without a provider its callers are answered 404',
    },
    'virtualRouter.virtualRouterName': { envoy: "`VirtualHost.routes`: the router's", absent: 'as above' },
  }),
  ...below('virtualRouter.listeners[].portMapping', {
    port: {
      envoy: '`VirtualHost.domains`: the name with the port, and with any other where there is one listener',
    },
    protocol: {
      envoy: 'tcp: a `Listener` of its own at each caller; others: the egress listener',
      refused: 'a route of another protocol',
    },
  }),
];
