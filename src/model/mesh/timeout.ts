import type { z } from 'zod';
import { duration } from './duration.ts';
import { choice, structure } from './schema.ts';

/** Timeouts of HTTP and HTTP/2: of a whole request, and of a connection or stream without traffic. */
export const httpTimeout = structure('HttpTimeout', {
  perRequest: duration.optional(),
  idle: duration.optional(),
});

/** Timeouts of gRPC: of a whole call, and of a connection or stream without traffic. */
export const grpcTimeout = structure('GrpcTimeout', {
  perRequest: duration.optional(),
  idle: duration.optional(),
});

/** The timeout of a TCP connection without traffic. */
export const tcpTimeout = structure('TcpTimeout', { idle: duration.optional() });

/** Timeouts of a listener, by its protocol. */
export const listenerTimeout = choice('ListenerTimeout', {
  http: httpTimeout,
  http2: httpTimeout,
  grpc: grpcTimeout,
  tcp: tcpTimeout,
});

/** Timeouts of a listener. */
export type ListenerTimeout = z.infer<typeof listenerTimeout>;
