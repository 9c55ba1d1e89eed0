import { z } from 'zod';
import type { ConnectionPool } from '../../mesh/connection-pool.ts';
import type { PortProtocol } from '../../mesh/terms.ts';
import { count } from '../../scalars.ts';

/** What a listener lets through to its app at once; which limits there are depends on the protocol. */
export const connectionPoolSection = z.strictObject({
  /** Of http and tcp. */
  maxConnections: count({ min: 1 }).optional(),
  /** Of http. */
  maxPendingRequests: count({ min: 1 }).optional(),
  /** Of http2 and grpc. */
  maxRequests: count({ min: 1 }).optional(),
});

/** The API's words for it: the limits under the listener's protocol. */
export function expandConnectionPool(
  pool: z.output<typeof connectionPoolSection>,
  protocol: PortProtocol,
): Readonly<Record<string, unknown>> {
  return { [protocol]: Object.fromEntries(Object.entries(pool).filter(([, limit]) => limit !== undefined)) };
}

/** The section's words for it. */
export function foldConnectionPool(pool: ConnectionPool): z.input<typeof connectionPoolSection> {
  return { ...(pool.http ?? pool.http2 ?? pool.grpc ?? pool.tcp) };
}
