import { createServer, type RequestListener, type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds of the server's limits; all finite. */
const timeouts = {
  /** Above the hour after which Envoy lets an idle connection go, so that it is always the caller that closes. */
  keepAlive: 3_700_000,
  headers: 10_000,
  request: 30_000,
  /** Without a request for this long, a draining task has been left out by its callers. */
  quiet: 300,
  /** Longest wait for that quiet. */
  drain: 5_000,
} as const;

/** A server that can be taken out of service without losing a request. */
export interface Lifecycle {
  readonly server: Server;
  /** Whether the task is on its way out; health checks then answer 503. */
  readonly draining: () => boolean;
  /**
   * Takes the task out of service: answers go on, each asking its connection to close, until callers stay away
   * for a moment; then nothing more is accepted, and what is in flight is finished.
   */
  readonly drain: () => Promise<void>;
}

/**
 * Opens a server around a request listener.
 * @param isProbe whether a path is a health check's, which does not count as a caller that stays
 */
export function openLifecycle(listener: RequestListener, isProbe: (path: string) => boolean): Lifecycle {
  let draining = false;
  let latest = 0;
  const server = createServer(
    {
      keepAliveTimeout: timeouts.keepAlive,
      headersTimeout: timeouts.headers,
      requestTimeout: timeouts.request,
      maxHeaderSize: 65_536,
      noDelay: true,
    },
    (request, response) => {
      if (draining) {
        response.setHeader('connection', 'close');
        if (!isProbe(request.url ?? '')) latest = performance.now();
      }
      listener(request, response);
    },
  );
  const drain = async () => {
    draining = true;
    const start = performance.now();
    latest = start;
    for (;;) {
      const now = performance.now();
      const wait = Math.min(latest + timeouts.quiet, start + timeouts.drain) - now;
      if (wait <= 0) break;
      await delay(wait);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    server.closeIdleConnections();
    await promise;
  };
  return { server, draining: () => draining, drain };
}
