import { z } from 'zod';
import { structure } from './schema.ts';
import { ipPreference } from './terms.ts';

/** A service mesh. */
export const meshSpec = structure('MeshSpec', {
  egressFilter: structure('EgressFilter', { type: z.enum(['ALLOW_ALL', 'DROP_ALL']) }).optional(),
  serviceDiscovery: structure('MeshServiceDiscovery', { ipPreference: ipPreference.optional() }).optional(),
});

/** A service mesh: whether its nodes may call what it does not know, and over which IP version. */
export type MeshSpec = z.infer<typeof meshSpec>;
