import type { Readable } from 'node:stream';
import { type Dispatcher, Pool } from 'undici';
import { limits } from '../model/limits.ts';
import type { Answer } from './answer.ts';
import { gatewayResponse } from './gateway-response.ts';
import { clientHeaders } from './response-headers.ts';

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
  #pool: Pool;
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
    this.#pool.close().catch(() => undefined);
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
    const collector = new Collector(request.method, (answer) => {
      this.#underWay--;
      clearTimeout(timer);
      resolve(answer);
    });
    const timer = setTimeout(() => collector.end('INTEGRATION_TIMEOUT'), this.#target.timeout);
    try {
      this.#pool.dispatch(
        {
          method: request.method as Dispatcher.HttpMethod,
          path: request.path,
          headers: request.headers,
          body: request.body ?? null,
        },
        collector,
      );
    } catch (error) {
      collector.onResponseError(undefined, error);
    }
    return { answer: promise, cancel: () => collector.end('DEFAULT_5XX') };
  }
}

/** Collects one answer. It settles once: with the answer, at the first failure, or when it is ended from outside. */
class Collector implements Dispatcher.DispatchHandler {
  readonly #method: string;
  readonly #settle: (answer: Answer) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #settled = false;
  #status = 0;
  #raw: readonly string[] = [];
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(method: string, settle: (answer: Answer) => void) {
    this.#method = method;
    this.#settle = settle;
  }

  /** Ends the call with one of the gateway's own answers. */
  end(type: 'INTEGRATION_TIMEOUT' | 'INTEGRATION_FAILURE' | 'DEFAULT_5XX'): void {
    if (this.#settled) return;
    this.#finish(gatewayResponse(type));
    this.#controller?.abort(new Error(type));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error('ended before it began'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
    this.#raw = texts(controller.rawHeaders);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > limits.gatewayPayload.value) this.end('DEFAULT_5XX');
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#settled) return;
    const { headers, timing } = clientHeaders(this.#raw);
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    const body = whole.length <= textLimit ? whole.toString('latin1') : whole;
    const length = this.#method === 'HEAD' ? declaredLength(this.#raw) : String(body.length);
    if (this.#status !== 204 && this.#status !== 304 && length !== undefined) {
      headers.push('content-length', length);
    }
    this.#finish({ status: this.#status, headers, body, timing });
  }

  onResponseError(_controller: unknown, _error: unknown): void {
    this.end('INTEGRATION_FAILURE');
  }

  #finish(answer: Answer): void {
    this.#settled = true;
    this.#settle(answer);
  }
}

function poolOf({ host, port }: IntegrationTarget): Pool {
  return new Pool(`http://${host}:${port}`, {
    connections,
    pipelining: 1,
    keepAliveTimeout: 30_000,
    // Each request has a time of its own, which covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 5_000 },
  });
}

function texts(raw: Dispatcher.DispatchController['rawHeaders']): string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((item) => (typeof item === 'string' ? item : item.toString('latin1')));
}

function declaredLength(raw: readonly string[]): string | undefined {
  const index = raw.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === 'content-length');
  return index < 0 ? undefined : raw[index + 1];
}
