import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { constants, createServer as createHttp2Server, Http2ServerRequest } from 'node:http2';
import { createServer } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Address } from '../../../../src/mesh/environment.ts';
import { freePort, type Lifetime } from '../../../engines.ts';
import { type Reply, scriptOf } from './reply.ts';
import { startRestartable } from './restartable.ts';

/** A request as an application got it. */
export interface Received {
  readonly httpVersion: string;
  readonly method: string;
  /** The request target, with its query. */
  readonly path: string;
  /** Host, or HTTP/2's `:authority`. */
  readonly host: string;
  readonly headers: IncomingMessage['headers'];
}

/** A small HTTP application. */
export interface HttpApplication {
  readonly name: string;
  readonly address: Address;
  /** Requests since its behaviour was last said; those to /health are left out. */
  readonly requests: Received[];
  /** Connections open now, and all there ever were. */
  readonly connections: { readonly open: number; readonly total: number };
  /** What it does from now on: replies given in turn, the last one to all that follow. */
  reply(...replies: readonly Reply[]): void;
  /** What /health answers from now on. */
  health(status: number): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

type Incoming = IncomingMessage | Http2ServerRequest;

/** What both kinds of response can do. */
interface Outgoing {
  writeHead(status: number, headers?: Readonly<Record<string, string>>): unknown;
  write(piece: string): unknown;
  end(piece?: string): unknown;
}

/** Starts an application that speaks HTTP/1.1 and HTTP/2 without TLS on one port, as its client begins. */
export async function startHttpApplication(
  lifetime: Lifetime,
  name: string,
  { host = '127.0.0.1', port }: Partial<Address> = {},
): Promise<HttpApplication> {
  const address = { host, port: port ?? (await freePort()) };
  const requests: Received[] = [];
  const script = scriptOf<Reply>({});
  let healthStatus = 200;
  let total = 0;
  const answer = (incoming: Incoming, outgoing: Outgoing) => {
    const body: Readable = incoming;
    if (incoming.url === '/health') {
      body.resume();
      outgoing.writeHead(healthStatus);
      outgoing.end();
      return;
    }
    requests.push(received(incoming));
    const reply = script.next();
    body.resume().on('end', () => void act(reply, name, incoming, outgoing));
  };
  const http1 = createHttpServer(answer);
  const http2 = createHttp2Server().on('request', answer);
  const server = createServer((socket) => {
    total += 1;
    socket.once('data', (first) => {
      socket.pause();
      socket.unshift(first);
      if (first.toString('latin1').startsWith('PRI * HTTP/2.0')) http2.emit('connection', socket);
      else http1.emit('connection', socket.resume());
    });
  });
  const running = await startRestartable(lifetime, server, address);
  return {
    name,
    address,
    requests,
    connections: {
      get open() {
        return running.open;
      },
      get total() {
        return total;
      },
    },
    reply: (...replies) => {
      requests.length = 0;
      script.rewrite(replies);
    },
    health: (status) => {
      healthStatus = status;
    },
    stop: running.stop,
    start: running.start,
  };
}

function received(incoming: Incoming): Received {
  const { httpVersion, method = '', url = '', headers } = incoming;
  const host = incoming instanceof Http2ServerRequest ? incoming.authority : headers.host;
  return { httpVersion, method, path: url, host: host ?? '', headers };
}

async function act(reply: Reply, name: string, incoming: Incoming, outgoing: Outgoing): Promise<void> {
  if (reply === 'be silent') return;
  if (reply === 'hang up' || reply === 'refuse the stream') return breakOff(reply, incoming);
  const { status = 200, headers = {}, body = name, after = 0, pieces, when } = reply;
  await when;
  if (pieces === undefined && after > 0) await delay(after);
  outgoing.writeHead(status, headers);
  for (let piece = 1; piece < (pieces ?? 1); piece += 1) {
    outgoing.write(body);
    await delay(after);
  }
  outgoing.end(body);
}

function breakOff(how: 'hang up' | 'refuse the stream', incoming: Incoming): void {
  if (incoming instanceof Http2ServerRequest && how === 'refuse the stream') {
    incoming.stream.close(constants.NGHTTP2_REFUSED_STREAM);
  } else if (incoming instanceof Http2ServerRequest) {
    incoming.stream.session?.destroy();
  } else {
    incoming.socket.destroy();
  }
}
