import { z } from 'zod';
import { limits } from '../limits.ts';
import { count, duration, percent } from '../scalars.ts';
import { folder, name, path, port } from '../terms.ts';

/** How far the number of tasks may follow the load. */
const scaling = z.strictObject({
  factor: count({ min: 1, max: 100 }).default(4),
  cpu: percent().prefault('60%'),
});

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
  /** The stores it uses: no others can be reached from its tasks. */
  stores: z.array(z.enum(['relational', 'cache', 'table'])).default(['relational', 'cache', 'table']),
  /** In an account: the processor its images are built for. */
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  /** In an account: between `tasks` and so many times as many, as many as keep the mean CPU use at the target. */
  scaling: scaling.prefault({}),
});

/** In an account: the network that tasks and stores live in. */
const network = z.strictObject({
  /** Its addresses. */
  cidr: z
    .string()
    .refine(isPrivateRange, {
      params: {
        allowed: "a private range of 4,096 to 65,536 addresses such as '10.0.0.0/16'",
        nearest: '10.0.0.0/16',
      },
    })
    .default('10.0.0.0/16'),
  /** Data centres that hold a part of everything. */
  zones: count({ min: 2, max: 3 }).default(3),
});

/** Section 3: the cluster and its services. */
export const compute = z.strictObject({
  cluster: name,
  services: z.record(name, service),
  /** In an account: the tasks of the mesh's ingress, in which there is a proxy alone. */
  ingress: z
    .strictObject({
      cpu: count({ min: 256, max: limits.fargateCpu }).default(256),
      memory: count({ min: 512, max: limits.fargateMemory }).default(512),
      tasks: count({ min: 1, max: limits.serviceTasks }).default(2),
      architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
      scaling: scaling.prefault({}),
    })
    .prefault({}),
  network: network.prefault({}),
});

/** Whether a text is a range of private addresses (RFC 1918) of the sizes a VPC of ours may have, from its start. */
function isPrivateRange(text: string): boolean {
  const [, address = '', bits] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(1[6-9]|20)$/.exec(text) ?? [];
  const bytes = address.split('.').map(Number);
  const [first = 0, second = 0] = bytes;
  if (bits === undefined || bytes.some((byte) => byte > 255)) return false;
  const isPrivate =
    first === 10 || (first === 172 && second >= 16 && second <= 31) || (first === 192 && second === 168);
  const number = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return isPrivate && number % 2 ** (32 - Number(bits)) === 0;
}
