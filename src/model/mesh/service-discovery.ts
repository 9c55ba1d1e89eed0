import { z } from 'zod';
import { choice, structure } from './schema.ts';
import { ipPreference, text } from './terms.ts';

const attribute = structure('AwsCloudMapInstanceAttribute', {
  key: text(1, 255).regex(/^[a-zA-Z0-9!-~]+$/, 'printable ASCII without spaces'),
  value: text(1, 1024).regex(
    /^([a-zA-Z0-9!-~][ \ta-zA-Z0-9!-~]*){0,1}[a-zA-Z0-9!-~]{0,1}$/,
    'printable ASCII, spaces only inside',
  ),
});

/** How a node's tasks are found. */
export const serviceDiscovery = choice('ServiceDiscovery', {
  dns: structure('DnsServiceDiscovery', {
    hostname: z.string().min(1),
    responseType: z.enum(['LOADBALANCER', 'ENDPOINTS']).optional(),
    ipPreference: ipPreference.optional(),
  }),
  awsCloudMap: structure('AwsCloudMapServiceDiscovery', {
    namespaceName: text(1, 1024),
    serviceName: text(1, 1024),
    attributes: z.array(attribute).optional(),
    ipPreference: ipPreference.optional(),
  }),
});

/** How a node's tasks are found. */
export type ServiceDiscovery = z.infer<typeof serviceDiscovery>;
