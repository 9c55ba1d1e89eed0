import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { ProtocolLimits } from '../../../src/edge/protocol/limits.ts';
import { type Listener, openListener } from '../../../src/edge/protocol/listener.ts';
import type { AnswerRequest, ViewerRequest, ViewerResponse } from '../../../src/edge/protocol/message.ts';
import { createAuthority } from '../../../src/security/certificates/authority.ts';
import { issueServerCertificate } from '../../../src/security/certificates/certificate.ts';

interface Cleanup {
  after(fn: () => Promise<void> | void): void;
}

const authority = await createAuthority({ name: 'test authority', ttl: 3_600_000 });

/** What clients of a test trust. */
export const trusted = authority.pem;

/** A certificate of the test's authority for localhost. */
export function newCertificate() {
  return issueServerCertificate(authority, {
    hostnames: ['app.localhost', 'localhost'],
    addresses: ['127.0.0.1'],
  });
}

/** A request as the listener passed it on. */
export interface Heard {
  readonly method: string;
  readonly url: string;
  readonly fields: readonly string[];
  readonly body: string;
  readonly whole: boolean;
}

/** Answers every request with 200 once its body has come, and remembers it. */
export function listening(heard: Heard[] = []) {
  return (request: ViewerRequest, response: ViewerResponse): void => {
    let body = '';
    const remember = (whole: boolean) =>
      heard.push({
        method: request.method ?? '',
        url: request.url ?? '',
        fields: request.rawHeaders,
        body,
        whole,
      });
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.once('error', () => remember(false));
    request.once('end', () => {
      remember(true);
      response.writeHead(200, { 'content-type': 'text/plain' }).end(`heard ${body.length}`);
    });
  };
}

/** A listener on a free port that speaks TLS and plain HTTP, closed at the end. */
export async function startListener(
  t: Cleanup,
  answer: AnswerRequest,
  limits: Partial<ProtocolLimits> = {},
): Promise<Listener> {
  const certificate = await newCertificate();
  const listener = await openListener({
    port: 0,
    certificate,
    answer,
    limits: { drainTimeout: 50, ...limits },
  });
  t.after(() => listener.close());
  return listener;
}

/** A plain connection, and all that came back on it. */
export function plain(t: Cleanup, port: number) {
  return recorded(t, connect(port, '127.0.0.1'));
}

/** A TLS connection that agreed to a protocol, and all that came back on it. */
export async function secure(t: Cleanup, port: number, protocol: 'h2' | 'http/1.1') {
  const socket = connectTls({ port, host: '127.0.0.1', ca: trusted, ALPNProtocols: [protocol] });
  await new Promise<void>((resolve, reject) => {
    socket.once('secureConnect', resolve).once('error', reject);
  });
  return { ...recorded(t, socket), tls: socket as TLSSocket };
}

function recorded(t: Cleanup, socket: Socket) {
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  t.after(() => void socket.destroy());
  return {
    socket,
    /** Settles when the other side has closed. */
    closed,
    received: () => Buffer.concat(chunks),
    text: () => Buffer.concat(chunks).toString('latin1'),
  };
}

/** The status of each answer in what came back. */
export function statuses(text: string): number[] {
  return [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
}
