import { StrataError } from '../../src/kernel/errors.ts';
import type { Log } from '../../src/observe/log.ts';
import type { ServiceApplication } from './application.ts';

/**
 * Runs a service until it is told to stop: listens on the loopback interface, and on SIGTERM or SIGINT drains, then
 * closes what it holds open, and exits 0. A second signal does not hurry it; the platform's own deadline does.
 * @param close closes stores and stops loops
 */
export async function runService(
  { app, lifecycle }: ServiceApplication,
  { port, log, close }: { port: number; log: Log; close: () => Promise<void> },
): Promise<void> {
  let stopping = false;
  const stop = async (signal: string) => {
    log.info({ signal }, 'draining');
    await lifecycle.drain();
    await app.close();
    await close();
    log.info('stopped');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop(signal).catch((error: unknown) => {
        log.fatal({ error: String(error) }, 'could not stop cleanly');
        process.exit(1);
      });
    });
  }
  const address = await app.listen({ host: '127.0.0.1', port });
  log.info({ address }, 'listening');
}

/** Starts a service; what keeps it from starting is one line on standard error, and exit code 1. */
export function startService(start: () => Promise<void>): void {
  start().catch((error: unknown) => {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exit(1);
  });
}

function reasonOf(error: unknown): string {
  if (error instanceof StrataError) return error.line;
  return error instanceof Error ? error.message : String(error);
}
