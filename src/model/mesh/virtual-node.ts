import { z } from 'zod';
import { backendDefaults, clientPolicy } from './client-policy.ts';
import { listeners, nodeListener } from './listener.ts';
import { logging } from './logging.ts';
import { type Complaint, choice, rule, structure } from './schema.ts';
import { serviceDiscovery } from './service-discovery.ts';
import { serviceName } from './terms.ts';

const backend = choice('Backend', {
  virtualService: structure('VirtualServiceBackend', {
    virtualServiceName: serviceName,
    clientPolicy: clientPolicy.optional(),
  }),
});

/** A service of the mesh: where it listens, how it is found, whom it calls. */
export const virtualNodeSpec = structure('VirtualNodeSpec', {
  serviceDiscovery: serviceDiscovery.optional(),
  listeners: listeners(nodeListener).optional(),
  backends: z.array(backend).optional(),
  backendDefaults: backendDefaults.optional(),
  logging: logging.optional(),
}).superRefine(...rule(foundByItsCallers));

/** A service of the mesh. */
export type VirtualNodeSpec = z.infer<typeof virtualNodeSpec>;

function* foundByItsCallers(node: Readonly<Record<string, unknown>>): Iterable<Complaint> {
  const listening = Array.isArray(node.listeners) && node.listeners.length > 0;
  if (listening && node.serviceDiscovery === undefined) {
    yield { path: ['serviceDiscovery'], allowed: 'dns or awsCloudMap, for a node that listens' };
  }
}
