import type { z } from 'zod';
import { choice, structure } from './schema.ts';
import { resourceName } from './terms.ts';

/** A name that callers ask for, and who answers to it. Without a provider nobody does. */
export const virtualServiceSpec = structure('VirtualServiceSpec', {
  provider: choice('VirtualServiceProvider', {
    virtualNode: structure('VirtualNodeServiceProvider', { virtualNodeName: resourceName }),
    virtualRouter: structure('VirtualRouterServiceProvider', { virtualRouterName: resourceName }),
  }).optional(),
});

/** A name that callers ask for, and who answers to it. */
export type VirtualServiceSpec = z.infer<typeof virtualServiceSpec>;
