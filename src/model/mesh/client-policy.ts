import { z } from 'zod';
import { structure } from './schema.ts';
import { port } from './terms.ts';
import { clientCertificate, clientValidation } from './tls.ts';

/** How a proxy calls a backend: with TLS or without, trusting whom, as whom. */
export const clientPolicy = structure('ClientPolicy', {
  tls: structure('ClientPolicyTls', {
    enforce: z.boolean().optional(),
    ports: z.array(port).optional(),
    certificate: clientCertificate.optional(),
    validation: clientValidation,
  }).optional(),
});

/** What holds for every backend that has no client policy of its own. */
export const backendDefaults = structure('BackendDefaults', { clientPolicy: clientPolicy.optional() });

/** How a proxy calls a backend. */
export type ClientPolicy = z.infer<typeof clientPolicy>;
