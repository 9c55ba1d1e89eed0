import { z } from 'zod';
import { structure } from './schema.ts';
import { port, resourceName, whole } from './terms.ts';

const weightedTargets = z
  .array(
    structure('WeightedTarget', {
      virtualNode: resourceName,
      weight: whole(0, 100),
      port: port.optional(),
    }),
  )
  .min(1)
  .max(10);

/** The nodes a route leads to, each with its share. */
export const routeAction = (name: string) => structure(name, { weightedTargets });

/** A node a route leads to, and its share. */
export type WeightedTarget = z.infer<typeof weightedTargets>[number];
