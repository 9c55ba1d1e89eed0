import type { Server, Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import { createHttp1 } from './http1.ts';
import { createHttp2 } from './http2.ts';
import { type ProtocolLimits, protocolLimits } from './limits.ts';
import type { AnswerRequest } from './message.ts';
import { createSlowReaders } from './slow-readers.ts';

/** What TLS is spoken with, both in PEM. */
export interface ServerCertificate {
  readonly chain: string;
  readonly key: string;
}

/** What a listener needs. */
export interface ListenerSettings {
  /** On 127.0.0.1; 0 for a free one. */
  readonly port: number;
  /** Without one the listener speaks plain HTTP/1.1 only. */
  readonly certificate?: ServerCertificate;
  readonly answer: AnswerRequest;
  readonly limits?: Partial<ProtocolLimits>;
}

/** A port that is listened on. */
export interface Listener {
  readonly port: number;
  /** New connections are served with another certificate. */
  renew(certificate: ServerCertificate): void;
  /** Ends idle connections, finishes what is in flight, then closes. */
  close(): Promise<void>;
}

const host = '127.0.0.1';
/** The first byte of a TLS connection: a record of the type handshake (RFC 8446, section 5.1). No method begins with it. */
const handshake = 0x16;

/**
 * Listens on one port for plain HTTP/1.1 and for HTTP/1.1 and HTTP/2 over TLS, told apart by the first byte.
 * @throws the listen error: EADDRINUSE when the port is taken
 */
export async function openListener(settings: ListenerSettings): Promise<Listener> {
  const limits: ProtocolLimits = { ...protocolLimits, ...settings.limits };
  const http1 = createHttp1(limits, settings.answer);
  const http2 = createHttp2(limits, settings.answer);
  const readers = createSlowReaders(limits);
  const waiting = new Set<Socket>();
  const tls = settings.certificate && createTls(settings.certificate, limits);
  tls?.on('secureConnection', (socket) => {
    readers.watch(socket);
    if (socket.alpnProtocol === 'h2') http2.serve(socket);
    else http1.serve(socket);
  });

  function serve(socket: Socket, first?: Buffer): void {
    if (tls && first?.[0] === handshake) {
      tls.emit('connection', socket);
      return;
    }
    readers.watch(socket);
    http1.serve(socket);
    // TLS reads from below the socket; a parser reads from it.
    if (first) socket.resume();
  }

  http1.server.on('connection', (socket: Socket) => {
    // Whoever has nothing to say before the first byte is said nothing to.
    if (tls) untilFirstByte(socket, limits.headersTimeout, waiting, serve);
    else serve(socket);
  });
  const port = await listen(http1.server, settings.port);
  let closing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    http1.server.close(() => resolve());
    for (const socket of waiting) socket.destroy();
    http1.drain();
    http2.drain();
    const deadline = setTimeout(() => {
      http1.server.closeAllConnections();
      http2.end();
    }, limits.drainTimeout);
    await closed;
    clearTimeout(deadline);
    readers.close();
  }

  return {
    port,
    renew: (certificate) => tls?.setSecureContext(contextOf(certificate)),
    close() {
      closing ??= drain();
      return closing;
    },
  };
}

/** CloudFront's policy TLSv1.2_2021 has the same least version. */
const contextOf = ({ chain, key }: ServerCertificate) => ({
  cert: chain,
  key,
  minVersion: 'TLSv1.2' as const,
});

function createTls(certificate: ServerCertificate, limits: ProtocolLimits): TlsServer {
  const server = createTlsServer({
    ...contextOf(certificate),
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: limits.headersTimeout,
  });
  // A handshake that failed has closed its connection; whoever began it knows why.
  server.on('tlsClientError', (_: Error, socket: TLSSocket) => socket.destroy());
  return server;
}

/** Waits for the first bytes of a connection, and puts them back. */
function untilFirstByte(
  socket: Socket,
  timeout: number,
  waiting: Set<Socket>,
  serve: (socket: Socket, first: Buffer) => void,
): void {
  const end = () => socket.destroy();
  const forget = () => waiting.delete(socket);
  waiting.add(socket);
  socket.setTimeout(timeout, end);
  socket.once('error', end).once('end', end).once('close', forget);
  socket.once('data', (first: Buffer) => {
    forget();
    socket.setTimeout(0);
    socket.off('timeout', end).off('error', end).off('end', end).off('close', forget);
    socket.pause();
    socket.unshift(first);
    serve(socket, first);
  });
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}
