import type { InboundListener } from '../proxy-model.ts';
import { interruptedHeader, undeliveredHeader } from './retry.ts';
import { seconds, type Typed, typed } from './vocabulary.ts';

/** Everything that comes in goes to the app. What could not be delivered is marked by the listener's local reply. */
export function applicationRoutes({ name, cluster, timeout }: InboundListener): Typed {
  return typed('envoy.config.route.v3.RouteConfiguration', {
    name,
    virtual_hosts: [
      {
        name: 'application',
        domains: ['*'],
        routes: [
          {
            name: 'application',
            match: { prefix: '/' },
            route: {
              cluster,
              timeout: seconds(timeout.perRequest),
              idle_timeout: seconds(timeout.idle),
            },
          },
        ],
      },
    ],
    // An app cannot claim that it never got a request, or died of it.
    response_headers_to_remove: [undeliveredHeader, interruptedHeader],
  });
}
