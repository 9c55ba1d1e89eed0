import { createServer, type Server } from 'node:http';

/** Milliseconds the proxy may take to say that it is ready. */
const timeout = 1000;

/**
 * Says on a port of its own whether the proxy beside it is ready: 200 or 503, and nothing else. The proxy's own
 * administration answers that too, but can also be told to stop.
 */
export function serveReadiness(port: number, admin: string): Server {
  const server = createServer(async (_, response) => {
    response.writeHead((await isReady(admin)) ? 200 : 503).end();
  });
  return server.listen({ port, host: '0.0.0.0' });
}

async function isReady(admin: string): Promise<boolean> {
  try {
    const answer = await fetch(new URL('/ready', admin), { signal: AbortSignal.timeout(timeout) });
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
