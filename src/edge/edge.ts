import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Plan } from '../model/plan.ts';
import { errorAnswer } from './error-answer.ts';
import type { Answer, Exchange } from './exchange.ts';
import { createGatewayOrigin, type Origin } from './gateway-origin.ts';
import { limits } from './limits.ts';
import { type CertificateFiles, followCertificate, readCertificate } from './protocol/certificate-files.ts';
import { openListener } from './protocol/listener.ts';
import { viewerOf } from './protocol/viewer.ts';
import { createStages, type Stages } from './stages.ts';
import { createStaticOrigin } from './static-origin.ts';

/** What the edge reads of a plan. */
export type EdgeSettings = Pick<
  Plan['access'],
  | 'origins'
  | 'cachePolicies'
  | 'originRequestPolicies'
  | 'responseHeadersPolicies'
  | 'functions'
  | 'behaviors'
  | 'errorPages'
  | 'clientTimeout'
  | 'explain'
>;

/** What the edge needs to run. */
export interface EdgeConfiguration {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly plan: { readonly access: EdgeSettings };
  /** Absolute path of the folder of each origin that has files. */
  readonly folders: Readonly<Record<string, string>>;
  readonly gateway: { readonly host: string; readonly port: number };
  /** What TLS is spoken with, on the same port; it is read again when it was replaced. Plain HTTP alone without. */
  readonly certificate?: CertificateFiles;
}

/** A running edge. */
export interface Edge {
  readonly address: { readonly host: string; readonly port: number };
  /** Takes a new configuration: the next request sees it, those in flight end as they began. */
  update(configuration: EdgeConfiguration): void;
  /** Finishes what is in flight, then closes. */
  close(): Promise<void>;
}

const host = '127.0.0.1';

/**
 * Starts the edge on 127.0.0.1.
 * @throws the listen error: EADDRINUSE when the port is taken.
 */
export async function openEdge(configuration: EdgeConfiguration): Promise<Edge> {
  let path = compose(configuration);
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
      path = compose(next);
      previous.retire();
    },
    close() {
      unfollow?.();
      closing ??= listener.close().then(() => path.retire());
      return closing;
    },
  };
}

/** The request path of one configuration. Retired, it closes its origins once its last request has been answered. */
function compose({ plan: { access }, folders, gateway }: EdgeConfiguration) {
  const origins: Record<string, Origin> = Object.fromEntries(
    Object.entries(access.origins).map(([name, origin]) => [
      name,
      'folder' in origin
        ? createStaticOrigin(folders[name] ?? '')
        : createGatewayOrigin({ address: gateway, timeout: access.clientTimeout }),
    ]),
  );
  const { behaviors, responseHeadersPolicies, explain } = access;
  const stages = createStages({ behaviors, origins, responseHeadersPolicies, explain });
  let active = 0;
  let retired = false;

  function closeWhenDone(): void {
    if (retired && active === 0) void Promise.all(Object.values(origins).map((origin) => origin.close()));
  }

  return {
    async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const abandoned = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) abandoned.abort(new Error('the viewer is gone'));
  });
  const exchange: Exchange = {
    request,
    viewer: viewerOf(request),
    startedAt: performance.now(),
    abandoned: abandoned.signal,
    cache: 'pass',
  };
  try {
    for (const stage of stages.request) {
      await stage(exchange);
      if (exchange.answer) break;
    }
  } catch (error) {
    if (abandoned.signal.aborted) return;
    process.emitWarning(error instanceof Error ? error : String(error));
    exchange.cache = 'error';
    exchange.answer = errorAnswer(500, 'The edge failed.');
  }
  for (const stage of stages.response) await stage(exchange);
  if (!exchange.answer) return;
  await readAway(request, response);
  await send(exchange.answer, response);
}

/**
 * Reads away what is left of a body that was answered before its end, or the viewer would wait to send it. A
 * connection that ends with the answer waits for it: closed over unread bytes it is reset, and the answer may be lost
 * (RFC 9112, section 9.6).
 */
async function readAway(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.complete || request.destroyed) return;
  request.resume();
  if (response.shouldKeepAlive) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, limits.lingerTimeout);
  request.once('close', resolve);
  await promise;
  clearTimeout(timer);
}

async function send({ status, headers, body }: Answer, response: ServerResponse): Promise<void> {
  if (!(body instanceof Readable)) {
    if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
    response.writeHead(status, headers).end(response.req.method === 'HEAD' ? undefined : body);
    return;
  }
  response.writeHead(status, headers);
  // A source that fails midway ends the connection, so that the viewer sees the answer is not whole.
  await pipeline(body, response).catch(() => response.destroy());
}
