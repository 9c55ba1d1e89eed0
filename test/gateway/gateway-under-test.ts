import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Authorizer } from '../../src/gateway/authorizer-event.ts';
import type { GatewayConfiguration, RoutePlan } from '../../src/gateway/configuration.ts';
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts';
import type { Clock } from '../../src/kernel/clock.ts';

/** What a test may end things with. */
export interface Scope {
  after(end: () => unknown): void;
}

/** A clock that stands still until it is moved; its wall time starts at 2026-01-01. */
export class ManualClock implements Clock {
  #elapsed = 0;
  now(): number {
    return Date.UTC(2026, 0, 1) + this.#elapsed;
  }
  monotonic(): number {
    return this.#elapsed;
  }
  /** Moves on by milliseconds. */
  advance(milliseconds: number): void {
    this.#elapsed += milliseconds;
  }
}

/** A request as the service got it. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A real service behind the gateway. */
export interface Service {
  readonly port: number;
  readonly received: Received[];
  /** How it answers from now on. */
  answer(handler: Handler): void;
}

export async function startService(scope: Scope): Promise<Service> {
  let handler: Handler = (_request, response) => response.end('{}');
  const received: Received[] = [];
  const server = createServer((incoming, response) => {
    received.push({ method: incoming.method ?? '', url: incoming.url ?? '', headers: incoming.headers });
    handler(incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  scope.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    received,
    answer: (next) => {
      handler = next;
    },
  };
}

const open = { auth: { mode: 'optional', ttl: 0 }, throttle: { rate: 1000, burst: 1000 } } as const;

/** The blueprint's routes, with what a test changes. */
export const dataRoute: RoutePlan = {
  ...open,
  path: '/api/v1/data',
  methods: ['GET'],
  service: 'microservice-a',
  cache: { ttl: 60_000, query: ['limit', 'cursor', 'name'] },
};
export const secureRoute: RoutePlan = {
  ...open,
  path: '/api/v1/secure',
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  service: 'microservice-a',
  cache: { ttl: 0, query: [] },
  auth: { mode: 'required', ttl: 300_000 },
};
export const plainRoute: RoutePlan = { ...secureRoute, path: '/plain', auth: { mode: 'optional', ttl: 0 } };

/** Allows everyone everything; who sends `Authorization: editor` is an editor. */
export const allowAll: Authorizer = (event) => {
  const sent = event.type === 'TOKEN' ? event.authorizationToken : event.headers.authorization;
  const token = sent?.replace('Bearer ', '');
  return {
    principalId: token === undefined ? 'anonymous' : `user-${token}`,
    policyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
    },
    context: token === undefined ? {} : { role: token },
  };
};

/** A configuration of these routes towards that port. */
export function configurationOf(
  port: number,
  routes: readonly RoutePlan[] = [dataRoute, secureRoute, plainRoute],
  gateway: Partial<GatewayConfiguration['plan']['gateway']> = {},
): GatewayConfiguration {
  return {
    port: 0,
    plan: {
      gateway: {
        name: 'test-api',
        account: { rate: 10_000, burst: 5000 },
        integrationTimeout: 4500,
        cacheRefresh: { allow: 'reader', unauthorized: 'SUCCEED_WITH_RESPONSE_HEADER' },
        cacheSize: 64 * 1024 * 1024,
        binaryMediaTypes: [],
        routes: [...routes],
        ...gateway,
      },
      explain: true,
    },
    ingress: { host: '127.0.0.1', port },
    functions: {},
    identity: { issuer: 'https://issuer.test', jwksUri: 'https://issuer.test/jwks', clientIds: ['web'] },
  };
}

/** What a client got. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string | Buffer | Iterable<Buffer>;
}

/** A running gateway with its service and a client. */
export interface UnderTest {
  readonly gateway: Gateway;
  readonly service: Service;
  readonly clock: ManualClock;
  readonly port: number;
  call(path: string, options?: CallOptions): Promise<Reply>;
  /** Sends bytes on a connection of its own and reads until the gateway closes it. */
  raw(bytes: string): Promise<string>;
}

export async function startGateway(
  scope: Scope,
  options: {
    readonly routes?: readonly RoutePlan[];
    readonly gateway?: Partial<GatewayConfiguration['plan']['gateway']>;
    readonly explain?: boolean;
    readonly authorize?: Authorizer;
  } = {},
): Promise<UnderTest> {
  const service = await startService(scope);
  const clock = new ManualClock();
  const configuration = configurationOf(service.port, options.routes, options.gateway);
  const gateway = createGateway({
    configuration: { ...configuration, plan: { ...configuration.plan, explain: options.explain ?? true } },
    authorize: options.authorize ?? allowAll,
    clock,
  });
  const { port } = await gateway.listen();
  const agent = new Agent({ keepAlive: true });
  scope.after(async () => {
    agent.destroy();
    await gateway.close();
  });
  return {
    gateway,
    service,
    clock,
    port,
    call: (path, call) => callPort(port, path, call, agent),
    raw: (bytes) => sendBytes(port, bytes),
  };
}

/** One request to a port of this machine. */
export async function callPort(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body }: CallOptions = {},
  agent?: Agent,
): Promise<Reply> {
  const outgoing = request({ host: '127.0.0.1', port, path, method, headers, ...(agent ? { agent } : {}) });
  outgoing.on('error', () => undefined);
  if (body !== undefined && typeof body !== 'string' && !Buffer.isBuffer(body)) {
    for (const chunk of body) outgoing.write(chunk);
    outgoing.end();
  } else {
    outgoing.end(body);
  }
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

async function sendBytes(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(bytes, 'latin1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString('latin1');
}
