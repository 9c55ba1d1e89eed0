import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { type GatewayResponseType, rawGatewayResponse } from './gateway-response.ts';
import { requestIdentifier } from './identifiers.ts';

/** Limits of the HTTP server; times in milliseconds, sizes in bytes. */
const limits = {
  /** Beyond the vendor's 10,240 by enough to answer those who exceed it in its shape. */
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** Longer than the clients' in front, so that no request meets a connection that is closing. */
  keepAliveTimeout: 75_000,
  /** Without any byte in either direction. */
  idleTimeout: 60_000,
  maxConnections: 8192,
} as const;

/**
 * A server with finite limits and Node's strict parser, which refuses ambiguous framing (RFC 9112, 6.3).
 * What cannot be parsed is answered in the gateway's shape, and its connection closed.
 */
export function createGatewayServer(listener: RequestListener): Server {
  const seen = new WeakSet<Socket>();
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeaderSize,
      headersTimeout: limits.headersTimeout,
      requestTimeout: limits.requestTimeout,
      keepAliveTimeout: limits.keepAliveTimeout,
      connectionsCheckingInterval: 5_000,
      insecureHTTPParser: false,
      // Checked by the first stage, which answers in the gateway's shape.
      requireHostHeader: false,
      noDelay: true,
    },
    (request, response) => {
      seen.add(request.socket);
      listener(request, response);
    },
  );
  server.maxConnections = limits.maxConnections;
  server.timeout = limits.idleTimeout;
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // After a request on the connection an answer may be under way: bytes in between would become part of it.
    if (socket.writable && error.code !== 'ECONNRESET' && !seen.has(socket)) {
      socket.end(rawGatewayResponse(responseTypeOf(error.code), requestIdentifier()), 'latin1');
    } else {
      socket.destroy();
    }
  });
  return server;
}

function responseTypeOf(code: string | undefined): GatewayResponseType {
  if (code === 'HPE_HEADER_OVERFLOW') return 'REQUEST_HEADERS_TOO_LARGE';
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'REQUEST_TIMEOUT' : 'BAD_REQUEST';
}
