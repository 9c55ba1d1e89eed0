import { pipeline } from 'node:stream/promises';
import { type Clock, systemClock } from '../kernel/clock.ts';
import type { Answer } from './answer.ts';
import { createBehaviorMatcher } from './behavior.ts';
import { createBehaviorPath } from './behavior-path.ts';
import { createFlights, type Flights } from './cache/collapse.ts';
import { invalidateStored } from './cache/invalidation.ts';
import type { ObjectStore } from './cache/store.ts';
import type { EdgeConfiguration } from './configuration.ts';
import type { EdgeFunctions } from './edge-functions.ts';
import { limitsOf, openStore } from './edge-store.ts';
import { errorAnswer } from './error-answer.ts';
import type { Exchange } from './exchange.ts';
import { createLambdaAtEdge } from './functions/lambda-at-edge.ts';
import { createGatewayOrigin } from './gateway-origin.ts';
import { limits } from './limits.ts';
import type { Origin } from './origin.ts';
import { followCertificate, readCertificate } from './protocol/certificate-files.ts';
import { openListener } from './protocol/listener.ts';
import type { ViewerRequest, ViewerResponse } from './protocol/message.ts';
import { viewerOf } from './protocol/viewer.ts';
import { createStages, type Stages } from './stages.ts';
import { createStaticOrigin } from './static-origin.ts';

/** A running edge. */
export interface Edge {
  readonly address: { readonly host: string; readonly port: number };
  /** Takes a new configuration: the next request sees it, those in flight end as they began. */
  update(configuration: EdgeConfiguration): void;
  /** Removes what the path patterns name from the cache, also what is on its way. @returns how many were stored */
  invalidate(patterns: readonly string[]): number;
  /** Finishes what is in flight, then closes. */
  close(): Promise<void>;
}

/** What an edge is given beside its configuration. */
export interface EdgeOptions {
  readonly clock?: Clock;
  /** Runs the functions that behaviours name, in place of those of the configuration. */
  readonly functions?: EdgeFunctions;
}

/** What outlives a change of the configuration. */
interface Lasting {
  readonly store: ObjectStore;
  readonly flights: Flights;
  readonly clock: Clock;
  readonly functions: EdgeFunctions | undefined;
}

const host = '127.0.0.1';

/**
 * Starts the edge on 127.0.0.1.
 * @throws the listen error: EADDRINUSE when the port is taken.
 */
export async function openEdge(
  configuration: EdgeConfiguration,
  { clock = systemClock, functions: given }: EdgeOptions = {},
): Promise<Edge> {
  const store = openStore(configuration);
  const lambda =
    configuration.functions && createLambdaAtEdge(configuration.functions, { print: printFunctionLine });
  const lasting: Lasting = { store, flights: createFlights(clock), clock, functions: given ?? lambda };
  let path = compose(configuration, lasting);
  let closing: Promise<void> | undefined;
  const { certificate } = configuration;
  const listener = await openListener({
    port: configuration.port,
    ...(certificate && { certificate: readCertificate(certificate) }),
    answer: (request, response) => void path.answer(request, response),
  });
  const unfollow = certificate && followCertificate(certificate, listener.renew);

  return {
    address: { host, port: listener.port },
    update(next) {
      const previous = path;
      lambda?.update(next.functions ?? []);
      path = compose(next, lasting);
      store.resize(limitsOf(next));
      previous.retire();
    },
    invalidate: (patterns) => invalidateStored(patterns, lasting),
    close() {
      unfollow?.();
      closing ??= listener.close().then(async () => {
        path.retire();
        store.close();
        await lambda?.close();
      });
      return closing;
    },
  };
}

function printFunctionLine(name: string, line: string): void {
  console.log(`${name}: ${line}`);
}

/** The request path of one configuration. Retired, it closes its origins once its last request has been answered. */
function compose(
  { plan: { access }, folders, gateway }: EdgeConfiguration,
  { store, flights, clock, functions }: Lasting,
) {
  const origins: Record<string, Origin> = Object.fromEntries(
    Object.entries(access.origins).map(([name, origin]) => [
      name,
      'folder' in origin
        ? createStaticOrigin(folders[name] ?? '')
        : createGatewayOrigin({ address: gateway, timeout: access.clientTimeout }),
    ]),
  );
  const parts = { settings: access, origins, functions, store, flights, clock };
  const paths = access.behaviors.map((behavior) => createBehaviorPath(behavior, parts));
  const match = createBehaviorMatcher(paths.map((path) => [path.behavior.path, path]));
  const { errorPages, explain } = access;
  const stages = createStages({ match, functions, errorPages, explain });
  let active = 0;
  let retired = false;

  function closeWhenDone(): void {
    if (retired && active === 0) for (const origin of Object.values(origins)) origin.close();
  }

  return {
    async answer(request: ViewerRequest, response: ViewerResponse): Promise<void> {
      active += 1;
      try {
        await answerRequest(stages, request, response);
      } finally {
        active -= 1;
        closeWhenDone();
      }
    },
    retire(): void {
      retired = true;
      closeWhenDone();
    },
  };
}

async function answerRequest(
  stages: Stages,
  request: ViewerRequest,
  response: ViewerResponse,
): Promise<void> {
  const exchange = exchangeOf(request, response);
  try {
    for (const stage of stages.request) {
      const pending = stage(exchange);
      if (pending) await pending;
      if (exchange.answer) break;
    }
  } catch (error) {
    if (response.destroyed) return;
    process.emitWarning(error instanceof Error ? error : String(error));
    exchange.cache = 'error';
    exchange.answer = errorAnswer(500, 'The edge failed.');
  }
  for (const stage of stages.response) {
    const pending = stage(exchange);
    if (pending) await pending;
  }
  if (!exchange.answer) return;
  if (!request.complete) await readAway(request, response);
  const sending = send(exchange.answer, response);
  if (sending) await sending;
}

function exchangeOf(request: ViewerRequest, response: ViewerResponse): Exchange {
  const { url = '/', rawHeaders } = request;
  let abandoned: AbortController | undefined;
  return {
    request,
    viewer: viewerOf(request),
    startedAt: performance.now(),
    departure() {
      if (abandoned) return abandoned.signal;
      const made = new AbortController();
      abandoned = made;
      const leave = () => {
        if (!response.writableFinished) made.abort(new Error('the viewer is gone'));
      };
      response.once('close', leave);
      if (response.destroyed) leave();
      return made.signal;
    },
    target: url,
    headers: rawHeaders,
    cache: 'pass',
  };
}

/**
 * Reads away what is left of a body that was answered before its end, or the viewer would wait to send it. A
 * connection that ends with the answer waits for it: closed over unread bytes it is reset, and the answer may be lost
 * (RFC 9112, section 9.6).
 */
async function readAway(request: ViewerRequest, response: ViewerResponse): Promise<void> {
  if (request.complete || request.destroyed) return;
  request.resume();
  if (response.shouldKeepAlive) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limits.lingerTimeout);
  request.once('close', resolve);
  await promise;
  clearTimeout(timer);
}

function send(
  { status, reason, headers, body }: Answer,
  response: ViewerResponse,
): Promise<void> | undefined {
  if (response.destroyed) {
    if (body && 'destroy' in body) body.destroy();
    return undefined;
  }
  response.writeHead(status, reason, [...headers]);
  if (!body || 'length' in body) {
    if (!body || response.req.method === 'HEAD') response.end();
    else if (body.length <= limits.inOneWrite) response.end(body.toString('latin1'), 'latin1');
    else response.end(body);
    return undefined;
  }
  // A source that fails midway ends the connection, so that the viewer sees the answer is not whole.
  return pipeline(body, response).catch(() => void response.destroy());
}
