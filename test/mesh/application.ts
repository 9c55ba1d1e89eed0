import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { Address } from '../../src/mesh/environment.ts';
import { freePort, type Lifetime } from '../engines.ts';

export interface Application {
  readonly address: Address;
  /** Requests it got, health checks left out. */
  readonly requests: IncomingMessage[];
  /** What it does from now on. */
  behave(handler: Handler): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A small app: answers its name, and 200 at /health whatever it does otherwise. */
export async function startApplication(
  lifetime: Lifetime,
  name: string,
  handler: Handler = (_, response) => response.end(name),
): Promise<Application> {
  const requests: IncomingMessage[] = [];
  let current = handler;
  const address = { host: '127.0.0.1', port: await freePort() };
  const serve = () =>
    createServer((incoming, response) => {
      if (incoming.url === '/health') return response.end('{"status":"ok"}');
      requests.push(incoming);
      return incoming.resume().on('end', () => current(incoming, response, requests.length));
    });
  let server = serve();
  const start = async () => {
    server = serve().listen(address.port, address.host);
    await once(server, 'listening');
  };
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  await start();
  lifetime.after(stop);
  return {
    address,
    requests,
    behave: (next) => {
      requests.length = 0;
      current = next;
    },
    stop,
    start,
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** One request, on a connection of its own. */
export function send(
  to: Address,
  {
    method = 'GET',
    path = '/',
    headers = {},
    body,
  }: { method?: string; path?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...to, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}
