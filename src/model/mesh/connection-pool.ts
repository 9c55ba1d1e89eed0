import type { z } from 'zod';
import { choice, structure } from './schema.ts';
import { whole } from './terms.ts';

/** The largest number of Envoy's thresholds, and App Mesh's default: as good as no limit. */
const unlimited = 2_147_483_647;
const limit = whole(1, unlimited);

const http = structure('VirtualNodeHttpConnectionPool', {
  maxConnections: limit,
  maxPendingRequests: limit.optional(),
});
const http2 = structure('VirtualNodeHttp2ConnectionPool', { maxRequests: limit });
const grpc = structure('VirtualNodeGrpcConnectionPool', { maxRequests: limit });
const tcp = structure('VirtualNodeTcpConnectionPool', { maxConnections: limit });

/** What a node's listener lets through at once, by its protocol. */
export const nodeConnectionPool = choice('VirtualNodeConnectionPool', { http, http2, grpc, tcp });

/** What a gateway's listener lets through at once, by its protocol. */
export const gatewayConnectionPool = choice('VirtualGatewayConnectionPool', { http, http2, grpc });

/** What a listener lets through at once. */
export type ConnectionPool = z.infer<typeof nodeConnectionPool>;
