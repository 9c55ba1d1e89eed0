import type { z } from 'zod';
import { backendDefaults } from './client-policy.ts';
import { gatewayListener, listeners } from './listener.ts';
import { logging } from './logging.ts';
import { structure } from './schema.ts';

/** Where requests from outside enter the mesh. */
export const virtualGatewaySpec = structure('VirtualGatewaySpec', {
  backendDefaults: backendDefaults.optional(),
  listeners: listeners(gatewayListener, 1),
  logging: logging.optional(),
});

/** Where requests from outside enter the mesh. */
export type VirtualGatewaySpec = z.infer<typeof virtualGatewaySpec>;
