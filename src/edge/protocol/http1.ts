import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ProtocolLimits } from './limits.ts';
import type { AnswerRequest } from './message.ts';
import { judgeHead } from './request-rules.ts';

/** HTTP/1.1 on whatever connections it is given. */
export interface Http1 {
  /** Listens and times; its own connections are taken by whoever opened it. */
  readonly server: Server;
  /** Speaks HTTP/1.1 on a connection. */
  serve(socket: Socket): void;
  /** From now on every answer ends its connection, and idle connections are closed. */
  drain(): void;
}

/** Milliseconds what is left of a refused request is read away, so that its sender sees the answer. */
const lingerTime = 1000;
/** Milliseconds between two looks at who takes too long. */
const interval = 1000;

/** Makes the HTTP/1.1 side of a listener. */
export function createHttp1(limits: ProtocolLimits, answer: AnswerRequest): Http1 {
  const refused = new WeakSet<Socket>();
  const active = new Set<ServerResponse>();
  let draining = false;

  const server = createServer(
    {
      maxHeaderSize: limits.headerSize,
      headersTimeout: limits.headersTimeout,
      requestTimeout: limits.requestTimeout,
      keepAliveTimeout: limits.idleTimeout,
      connectionsCheckingInterval: Math.min(interval, limits.headersTimeout),
      insecureHTTPParser: false,
      // The rules refuse it together with all else.
      requireHostHeader: false,
    },
    (request, response) => {
      const { socket } = request;
      // What follows a request that was refused on the same connection is not a request.
      if (refused.has(socket)) return;
      const judged = judgeHead({
        method: request.method ?? '',
        target: request.url ?? '',
        version: request.httpVersion,
        fields: request.rawHeaders,
      });
      if (typeof judged === 'number') {
        refused.add(socket);
        refuse(judged, request, response);
        return;
      }
      request.url = judged;
      active.add(response);
      response.once('close', () => {
        active.delete(response);
        if (draining) server.closeIdleConnections();
      });
      if (draining) response.shouldKeepAlive = false;
      answer(request, response);
    },
  );
  server.maxConnections = limits.connections;
  // A connection on which nothing moves: neither a request comes in nor an answer goes out.
  server.timeout = Math.max(limits.slowReadTimeout, limits.idleTimeout);
  server.on('connect', (_, socket) => socket.end(closing('405 Method Not Allowed')));
  server.on('clientError', (error: Error & { code?: string }, socket: Socket) => {
    if (refused.has(socket)) return;
    refused.add(socket);
    const [last] = [...active].filter(({ req }) => req.socket === socket).slice(-1);
    if (last?.req.complete) endAfter(last, socket);
    else refuseUnreadable(error, socket, last);
  });
  const [serve] = server.listeners('connection');
  server.removeAllListeners('connection');

  return {
    server,
    serve: (socket) => serve && Reflect.apply(serve, server, [socket]),
    drain() {
      draining = true;
      for (const response of active) response.shouldKeepAlive = false;
      server.closeIdleConnections();
    },
  };
}

/** Answers a request that can be read but not be trusted. The answer ends its connection. */
function refuse(status: number, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(status, { connection: 'close', 'content-length': '0' }).flushHeaders();
  const timer = setTimeout(() => response.end(), lingerTime);
  request.once('close', () => clearTimeout(timer)).once('end', () => response.end());
  request.resume();
}

/** Bytes after a whole request that are none: its own answer is the last one. */
function endAfter(response: ServerResponse, socket: Socket): void {
  if (response.headersSent) response.once('close', () => socket.destroySoon());
  else response.shouldKeepAlive = false;
}

/** Answers what is no HTTP request, and closes the connection (RFC 9112, section 2.2). */
function refuseUnreadable(error: { code?: string }, socket: Socket, response?: ServerResponse): void {
  if (error.code === 'ECONNRESET' || !socket.writable || response?.headersSent) {
    socket.destroy();
    return;
  }
  const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  socket.end(closing(late ? '408 Request Timeout' : '400 Bad Request'));
  setTimeout(() => socket.destroy(), lingerTime).unref();
}

function closing(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}
