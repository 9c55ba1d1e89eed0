import { z } from 'zod';
import { duration } from '../scalars.ts';
import { folder } from '../terms.ts';

/** Section 1: client access. What the CDN serves and where it passes requests on. */
export const access = z.strictObject({
  /** Folder whose files the edge serves: the local bucket. */
  origin: folder,
  behaviors: z
    .array(
      z.strictObject({
        path: z.string().regex(/^\/[\w\-./*]*$/, "a path pattern such as '/api/*'"),
        origin: z.enum(['static', 'gateway']),
      }),
    )
    .min(1),
  /** How long a client waits for an answer. */
  clientTimeout: duration().prefault('5s'),
  /** Whether answers carry x-cache, x-gateway-cache, x-entity-cache and server-timing. */
  explain: z.boolean().default(true),
});
