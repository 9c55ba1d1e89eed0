import type { z } from 'zod';
import { listeners, portMapping } from './listener.ts';
import { structure } from './schema.ts';

/** What routes of one service hang on: the ports and protocols they are for. */
export const virtualRouterSpec = structure('VirtualRouterSpec', {
  listeners: listeners(structure('VirtualRouterListener', { portMapping })).optional(),
});

/** What routes of one service hang on. */
export type VirtualRouterSpec = z.infer<typeof virtualRouterSpec>;
