import { createServer, type IncomingMessage, type RequestListener, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ServedEdge, type ServeSettings, serveEdge } from '../../../src/edge/serve.ts';

interface Cleanup {
  after(fn: () => Promise<void>): void;
}

/** An answer as it came. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: string[];
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  /** Name and value in turn, so that a name may come twice. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** An edge in front of an origin of the test's own, with time in the test's hand. */
export interface ServedPair {
  readonly edge: ServedEdge;
  /** What the origin was asked, in order. */
  readonly asked: IncomingMessage[];
  /** Lets so many seconds pass for the edge. */
  pass(seconds: number): void;
  ask(target: string, asked?: Asked): Promise<Received>;
  stopOrigin(): Promise<void>;
}

/** Starts an origin and an edge in front of it on free ports; both end with the test. */
export async function startPair(
  t: Cleanup,
  listener: RequestListener,
  settings: Partial<ServeSettings> = {},
): Promise<ServedPair> {
  const asked: IncomingMessage[] = [];
  let passed = 0;
  const origin = createServer((request, response) => {
    asked.push(request);
    // The origin lives in the same time as the edge.
    response.setHeader('date', new Date(Date.now() + passed).toUTCString());
    listener(request, response);
  });
  await new Promise<void>((resolve) => origin.listen(0, '127.0.0.1', resolve));
  const { port } = origin.address() as AddressInfo;
  const stopOrigin = () =>
    new Promise<void>((resolve) => {
      origin.close(() => resolve());
      origin.closeAllConnections();
    });
  const clock = { now: () => Date.now() + passed, monotonic: () => performance.now() + passed };
  const edge = await serveEdge({ origin: new URL(`http://127.0.0.1:${port}`), port: 0, clock, ...settings });
  t.after(async () => {
    await edge.close();
    await stopOrigin();
  });
  return {
    edge,
    asked,
    pass(seconds) {
      passed += seconds * 1000;
    },
    ask: (target, options) => ask(edge.port, target, options),
    stopOrigin,
  };
}

/** Sends a request on a connection of its own. */
export function ask(
  port: number,
  target: string,
  { method = 'GET', headers = [], body }: Asked = {},
): Promise<Received> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))];
    const sent = send(
      {
        host: '127.0.0.1',
        port,
        path: target,
        method,
        headers: ['host', 'edge.example', ...length, ...headers],
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            rawHeaders: response.rawHeaders,
            body: Buffer.concat(chunks).toString('latin1'),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Answers every request alike, with its number as the body unless one is given. */
export function always(
  headers: Record<string, string | string[]>,
  { status = 200, body }: { status?: number; body?: string } = {},
): RequestListener {
  let count = 0;
  return (_request, response) => {
    count += 1;
    response.writeHead(status, headers).end(body ?? String(count));
  };
}

/** Answers requests in turn, the last for all that follow. */
export function inTurn(...listeners: RequestListener[]): RequestListener {
  let at = 0;
  return (request, response) => {
    const listener = listeners[Math.min(at, listeners.length - 1)];
    at += 1;
    listener?.(request, response);
  };
}

/** Waits until something holds. @throws when it does not within 5 s */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come to hold within 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
