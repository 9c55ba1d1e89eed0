import type { Readable } from 'node:stream';
import { limits } from '../model/limits.ts';
import type { Answer } from './answer.ts';
import { gatewayResponse } from './gateway-response.ts';
import { clientHeaders } from './response-headers.ts';
import type { UpstreamExchange, UpstreamFault } from './upstream/connection.ts';
import { ConnectionPool } from './upstream/connection-pool.ts';
import type { UpstreamResponse } from './upstream/response-parser.ts';

/** A request to the service. */
export interface IntegrationRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body?: Readable;
}

/** A request under way. */
export interface IntegrationCall {
  /** The service's answer, or the gateway's own where there is none; never rejects. */
  readonly answer: Promise<Answer>;
  /** Ends the call where it is; does nothing once it is answered. */
  readonly cancel: () => void;
}

/** Where integrations go and how long they may take, in milliseconds. */
export interface IntegrationTarget {
  readonly host: string;
  readonly port: number;
  readonly timeout: number;
}

/** Connections to the ingress; as many requests more wait for one as `underWayLimit` allows. */
const connections = 128;
const underWayLimit = 4096;
/** Up to this size a body goes out as text, in one write with its head. */
const textLimit = 16 * 1024;

/** The way to the services behind the mesh's ingress: a pool of connections that are kept. */
export class Integration {
  #target: IntegrationTarget;
  #pool: ConnectionPool;
  #underWay = 0;

  constructor(target: IntegrationTarget) {
    this.#target = target;
    this.#pool = poolOf(target);
  }

  /** Goes on with another target; what is under way ends where it began. */
  update(target: IntegrationTarget): void {
    const { host, port } = this.#target;
    this.#target = target;
    if (host === target.host && port === target.port) return;
    void this.#pool.close();
    this.#pool = poolOf(target);
  }

  /** Waits for what is under way and closes the connections. */
  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** Sends a request and collects the answer, within the time and size the vendor allows. */
  send(request: IntegrationRequest): IntegrationCall {
    if (this.#underWay >= underWayLimit) {
      return { answer: Promise.resolve(gatewayResponse('THROTTLED')), cancel: () => undefined };
    }
    this.#underWay++;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    const pool = this.#pool;
    let ended: 'INTEGRATION_TIMEOUT' | 'DEFAULT_5XX' | undefined;
    const exchange: UpstreamExchange = {
      method: request.method,
      ...messageOf(request, this.#target),
      settle: (outcome) => {
        clearTimeout(timer);
        this.#underWay--;
        resolve(typeof outcome === 'string' ? failed(ended, outcome) : answerOf(outcome, request.method));
      },
    };
    const end = (type: 'INTEGRATION_TIMEOUT' | 'DEFAULT_5XX') => {
      ended = type;
      pool.abandon(exchange);
    };
    const timer = setTimeout(end, this.#target.timeout, 'INTEGRATION_TIMEOUT');
    pool.send(exchange);
    return { answer: promise, cancel: () => end('DEFAULT_5XX') };
  }
}

/** Methods whose request says its length also when it has no body (RFC 9110, 8.6). */
const withBody = new Set(['POST', 'PUT', 'PATCH']);

/** A request's message: where the client did not say the body's length it goes out in chunks (RFC 9112, 6.3). */
function messageOf(
  { method, path, headers, body }: IntegrationRequest,
  { host, port }: IntegrationTarget,
): Pick<UpstreamExchange, 'head' | 'body' | 'chunked'> {
  let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}:${port}\r\n`;
  let measured = false;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    if (headers[index] === 'content-length') measured = true;
    head += `${headers[index]}: ${headers[index + 1]}\r\n`;
  }
  const chunked = body !== undefined && !measured;
  if (chunked) head += 'transfer-encoding: chunked\r\n';
  else if (!measured && withBody.has(method)) head += 'content-length: 0\r\n';
  return { head: `${head}\r\n`, body, chunked };
}

/** The service's answer as the client gets it. */
function answerOf({ status, headers: raw, body: whole }: UpstreamResponse, method: string): Answer {
  const { headers, timing } = clientHeaders(raw);
  const body = whole.length <= textLimit ? whole.toString('latin1') : whole;
  const length = method === 'HEAD' ? declaredLength(raw) : String(body.length);
  if (status !== 204 && status !== 304 && length !== undefined) headers.push('content-length', length);
  return { status, headers, body, timing };
}

/** The gateway's own answer where there is none: it was ended from here, it was too long, or it broke off. */
function failed(ended: 'INTEGRATION_TIMEOUT' | 'DEFAULT_5XX' | undefined, fault: UpstreamFault): Answer {
  return gatewayResponse(ended ?? (fault === 'too-long' ? 'DEFAULT_5XX' : 'INTEGRATION_FAILURE'));
}

function poolOf({ host, port }: IntegrationTarget): ConnectionPool {
  return new ConnectionPool({
    host,
    port,
    connections,
    idleTimeout: 30_000,
    connectTimeout: 5_000,
    bodyLimit: limits.gatewayPayload.value,
  });
}

function declaredLength(raw: readonly string[]): string | undefined {
  const index = raw.findIndex((name, at) => at % 2 === 0 && name === 'content-length');
  return index < 0 ? undefined : raw[index + 1];
}
