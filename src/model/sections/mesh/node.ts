import { z } from 'zod';
import { backendDefaults, clientPolicy } from '../../mesh/client-policy.ts';
import { serviceDiscovery } from '../../mesh/service-discovery.ts';
import { serviceName } from '../../mesh/terms.ts';
import type { VirtualNodeSpec } from '../../mesh/virtual-node.ts';
import { count } from '../../scalars.ts';
import { hostname } from '../../terms.ts';
import { expandNodeListener, foldNodeListener, nodeListenerSection } from './listener.ts';
import { expandLogging, foldLogging, loggingSection } from './logging.ts';
import { outlierDetectionSection } from './outlier-detection.ts';
import { listenersOf, oneOrMany } from './several.ts';
import type { Timeouts } from './timeout.ts';

/** What one caller allows towards a node: Envoy's circuit breaking thresholds. Strata's addition to App Mesh. */
const callerLimits = z
  .strictObject({
    maxConnections: count({ min: 1 }).default(1024),
    maxPendingRequests: count({ min: 1 }).default(1024),
    maxRequests: count({ min: 1 }).default(1024),
  })
  .prefault({});

/** A node of the mesh: a service of `compute`. */
export const nodeSection = z
  .strictObject({
    /** Short for `serviceDiscovery: { dns: { hostname } }`. */
    hostname: hostname.optional(),
    serviceDiscovery: serviceDiscovery.optional(),
    listener: nodeListenerSection.optional(),
    /** In place of `listener`, where there are several. */
    listeners: z.array(nodeListenerSection).optional(),
    /** Virtual services this node calls, by name or with a client policy; the others refuse it. */
    backends: z
      .array(
        z.union([
          serviceName.transform((service) => ({ service, clientPolicy: undefined })),
          z.strictObject({ service: serviceName, clientPolicy: clientPolicy.optional() }),
        ]),
      )
      .default([]),
    backendDefaults: backendDefaults.optional(),
    logging: loggingSection.optional(),
    connectionPool: callerLimits,
    /** Of every listener that does not say its own. */
    outlierDetection: outlierDetectionSection.optional(),
  })
  .superRefine(...oneOrMany('hostname', 'serviceDiscovery'))
  .superRefine(...oneOrMany('listener', 'listeners'));

/** A node with every default. */
export type NodeSection = z.output<typeof nodeSection>;

/** The API's words for a node whose listeners wait so long for the app where they say nothing. */
export function expandNode(node: NodeSection, timeout: Timeouts): VirtualNodeSpec {
  const { backends, backendDefaults, logging, outlierDetection } = node;
  const discovery = node.serviceDiscovery ?? (node.hostname && { dns: { hostname: node.hostname } });
  const listeners = listenersOf(node);
  return {
    ...(discovery ? { serviceDiscovery: discovery } : {}),
    ...(listeners
      ? {
          listeners: listeners.map((listener) => expandNodeListener(listener, { timeout, outlierDetection })),
        }
      : {}),
    ...(backends.length > 0
      ? {
          backends: backends.map(({ service, clientPolicy }) => ({
            virtualService: {
              virtualServiceName: service,
              ...(clientPolicy === undefined ? {} : { clientPolicy }),
            },
          })),
        }
      : {}),
    ...(backendDefaults === undefined ? {} : { backendDefaults }),
    ...(logging === undefined ? {} : { logging: expandLogging(logging) }),
  };
}

/** The section's words for a node. */
export function foldNode(spec: VirtualNodeSpec): z.input<typeof nodeSection> {
  const { serviceDiscovery, listeners, backends = [], backendDefaults } = spec;
  const logging = foldLogging(spec.logging);
  const [only] = listeners ?? [];
  return {
    ...(serviceDiscovery === undefined ? {} : foldDiscovery(serviceDiscovery)),
    ...(listeners === undefined
      ? {}
      : only && listeners.length === 1
        ? { listener: foldNodeListener(only) }
        : { listeners: listeners.map(foldNodeListener) }),
    ...(backends.length > 0 ? { backends: backends.flatMap(foldBackend) } : {}),
    ...(backendDefaults === undefined ? {} : { backendDefaults }),
    ...(logging === undefined ? {} : { logging }),
  };
}

function foldDiscovery(discovery: NonNullable<VirtualNodeSpec['serviceDiscovery']>) {
  const { dns } = discovery;
  const plain =
    dns !== undefined && Object.keys(dns).length === 1 && hostname.safeParse(dns.hostname).success;
  return plain ? { hostname: dns.hostname } : { serviceDiscovery: discovery };
}

function foldBackend({ virtualService }: NonNullable<VirtualNodeSpec['backends']>[number]) {
  if (!virtualService) return [];
  const { virtualServiceName: service, clientPolicy } = virtualService;
  return clientPolicy === undefined ? service : { service, clientPolicy };
}
