import { z } from 'zod';
import { limits } from '../limits.ts';
import { count, duration } from '../scalars.ts';
import { folder, name, path, port } from '../terms.ts';

/** A service and the tasks it runs as. */
const service = z.strictObject({
  /** Folder with the service's `main.ts`. */
  source: folder,
  /** CPU units; 1024 is one core. */
  cpu: count({ min: 256, max: limits.fargateCpu }),
  /** MiB. */
  memory: count({ min: 512, max: limits.fargateMemory }),
  port,
  tasks: count({ min: 1, max: limits.serviceTasks }),
  logGroup: z.string().regex(/^[\w\-/.#]{1,512}$/, 'a log group name'),
  health: z
    .strictObject({
      path: path.default('/health'),
      interval: duration({ min: 100 }).prefault('1s'),
      timeout: duration({ min: 50 }).prefault('1s'),
      healthyThreshold: count({ min: 1, max: 10 }).default(1),
      unhealthyThreshold: count({ min: 1, max: 10 }).default(2),
    })
    .prefault({}),
  /** SIGTERM to SIGKILL. */
  stopTimeout: duration({ max: 120_000 }).prefault('30s'),
});

/** Section 3: the cluster and its services. */
export const compute = z.strictObject({
  cluster: name,
  services: z.record(name, service),
});
