import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { z } from 'zod';
import { StrataError } from '../../src/kernel/errors.ts';
import type { Log } from '../../src/observe/log.ts';
import { parseTraceparent } from '../../src/observe/trace-context.ts';
import { type Lifecycle, openLifecycle } from './lifecycle.ts';
import { problemOf } from './problem.ts';
import { readAway } from './read-away.ts';
import { parseJson, validate } from './validation.ts';

/** Milliseconds from which a request is logged as slow. */
const slow = 1000;

/** Seconds after which a caller may repeat what was answered with one of these. */
const retryAfter = '1';
const mayRepeat = new Set([409, 503]);

const healthPath = '/health';

/** A service's HTTP side: routes are added to `app`, then it listens, and in the end it is drained. */
export interface ServiceApplication {
  readonly app: FastifyInstance;
  readonly lifecycle: Lifecycle;
}

/**
 * What every service does alike: reads JSON bodies, checks requests by zod schemas, answers errors as problems
 * (RFC 9457), answers `GET /health`, logs what is slow or fails, and drains.
 * @param bodyLimit bytes of a request's body
 */
export function createApplication({ log, bodyLimit }: { log: Log; bodyLimit: number }): ServiceApplication {
  let lifecycle: Lifecycle | undefined;
  const app = Fastify({
    logger: false,
    bodyLimit,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: 512, caseSensitive: true },
    frameworkErrors: (error, request, reply) => answerError(error, request, reply),
    serverFactory: (listener) => {
      lifecycle = openLifecycle(listener, (path) => path === healthPath);
      return lifecycle.server;
    },
  });
  if (!lifecycle) throw new Error('the framework made no server');
  const { draining } = lifecycle;

  function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = problemOf(error);
    if (problem.status >= 500) {
      log.error({ ...contextOf(request), status: problem.status, error: describe(error) }, problem.title);
    }
    if (mayRepeat.has(problem.status)) reply.header('retry-after', retryAfter);
    reply
      .code(problem.status)
      .header('content-type', 'application/problem+json')
      .header('cache-control', 'no-store')
      // The framework's, where it did not read a body to its end: that is done here.
      .removeHeader('connection');
    readAway(request.raw, () => reply.send(JSON.stringify(problem)));
  }

  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => {
    const part = httpPart ?? 'body';
    return (value) => validate(schema, part, value);
  });
  app.setSerializerCompiler(() => JSON.stringify);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, parseJson);
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((request) => {
    throw new StrataError('route-unknown', { method: request.method, path: pathOf(request) });
  });
  app.addHook('onResponse', (request, reply, done) => {
    if (reply.elapsedTime >= slow) {
      log.warn(
        { ...contextOf(request), status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
        'slow request',
      );
    }
    done();
  });
  app.get(healthPath, (_request, reply) => {
    reply.code(draining() ? 503 : 200).header('cache-control', 'no-store');
    reply.send({ status: draining() ? 'draining' : 'ok' });
  });
  return { app, lifecycle };
}

/** What a log entry says of the request it is about; never its query, which may hold names. */
function contextOf(request: FastifyRequest) {
  const { traceparent, 'x-request-id': requestId } = request.headers;
  return {
    method: request.method,
    path: pathOf(request),
    ...(typeof requestId === 'string' ? { requestId } : {}),
    ...(typeof traceparent === 'string' ? { traceId: parseTraceparent(traceparent)?.traceId } : {}),
  };
}

function pathOf({ url }: FastifyRequest): string {
  return (url.split('?', 1)[0] ?? '').slice(0, 256);
}

/** An error as a log entry; its causes on one line each. */
export function describe(error: unknown): { message: string; stack?: string; causes: string[] } {
  const causes: string[] = [];
  for (let cause = error; cause instanceof Error && causes.length < 5; cause = cause.cause)
    causes.push(cause.message);
  if (!(error instanceof Error)) return { message: String(error), causes };
  const expected = error instanceof StrataError;
  return { message: error.message, causes, ...(error.stack && !expected ? { stack: error.stack } : {}) };
}
