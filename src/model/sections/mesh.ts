import { z } from 'zod';
import { limits } from '../limits.ts';
import { count, duration } from '../scalars.ts';
import { hostname, name, path, port } from '../terms.ts';

const retryEvent = z.enum(['server-error', 'gateway-error', 'client-error', 'stream-error']);

/** A retry policy in App Mesh's terms: `maxRetries` counts retries, not attempts. */
const retryPolicy = z.strictObject({
  maxRetries: count({ max: limits.meshRetries }),
  perRetryTimeout: duration({ min: 1 }),
  httpRetryEvents: z.array(retryEvent).default([]),
  tcpRetryEvents: z.array(z.enum(['connection-error'])).default([]),
});

/** What one proxy allows towards a node: Envoy's circuit breaking thresholds. */
const connectionPool = z
  .strictObject({
    maxConnections: count({ min: 1 }).default(1024),
    maxPendingRequests: count({ min: 1 }).default(1024),
    maxRequests: count({ min: 1 }).default(1024),
  })
  .prefault({});

/** When a host that keeps failing is left out, and for how long; none is left out without it, as in App Mesh. */
const outlierDetection = z
  .strictObject({
    maxServerErrors: count({ min: 1 }).default(5),
    interval: duration({ min: 1 }).prefault('1s'),
    baseEjectionDuration: duration({ min: 1 }).prefault('5s'),
    maxEjectionPercent: count({ max: 100 }).default(100),
  })
  .optional();

/** Section 4: the service mesh, in App Mesh's terms. */
export const mesh = z.strictObject({
  name,
  egressFilter: z.enum(['ALLOW_ALL', 'DROP_ALL']).default('ALLOW_ALL'),
  /** Mutual TLS on every hop between proxies. */
  mutualTls: z.boolean().default(true),
  /** Below this share of healthy hosts Envoy ignores health; 0 keeps ejection meaningful with few hosts. */
  panicThreshold: count({ max: 100 }).default(0),
  nodes: z.record(
    name,
    z.strictObject({
      hostname,
      listener: z.strictObject({ port, protocol: z.enum(['http']) }),
      /** Names of virtual services this node calls; all others refuse it. */
      backends: z.array(hostname).default([]),
      connectionPool,
      outlierDetection,
    }),
  ),
  routers: z.record(
    name,
    z.strictObject({
      /** The virtual service this router provides. */
      virtualService: hostname,
      listener: z.strictObject({ port, protocol: z.enum(['http']) }),
      routes: z
        .array(
          z.strictObject({
            name,
            match: z.strictObject({ prefix: path }),
            targets: z
              .array(z.strictObject({ node: name, weight: count({ max: limits.meshWeight }) }))
              .min(1)
              .max(limits.meshRouteTargets.value),
            retry: retryPolicy.optional(),
            timeout: duration({ min: 1 }).prefault('4s'),
          }),
        )
        .min(1),
    }),
  ),
  /** The virtual gateway: where the load balancer hands requests to the mesh. */
  gateway: z.strictObject({
    name,
    listener: z.strictObject({ port, protocol: z.enum(['http']) }),
    routes: z.array(z.strictObject({ prefix: path, node: name })).min(1),
    retry: retryPolicy,
    timeout: duration({ min: 1 }).prefault('4200ms'),
  }),
});
