import { ControlFailure } from '../control.ts';
import type { SupervisorMessage, SupervisorOrder } from '../detached.ts';
import { lineOf } from '../error-line.ts';
import { statePaths } from '../paths.ts';
import { startSupervision } from '../supervision.ts';

/**
 * The supervisor of `strata up --detach`: starts on the order it gets over IPC, tells how it goes on, and stays when
 * the command that started it has gone. Gone before the platform is ready, that command was interrupted.
 */
const interrupted = new AbortController();
let started = false;

const tell = (message: SupervisorMessage) => {
  if (process.connected) process.send?.(message, () => undefined);
};

process.once('message', async (order: SupervisorOrder) => {
  try {
    const supervision = await startSupervision({
      paths: statePaths(order.root),
      plan: order.plan,
      portBase: order.portBase,
      progress: (event) => tell({ type: 'progress', event }),
      signal: interrupted.signal,
    });
    if (!supervision) {
      tell({ type: 'busy' });
      process.disconnect?.();
      return;
    }
    started = true;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => void supervision.stop());
    tell({ type: 'ready', urls: supervision.urls });
    await supervision.ended;
    process.exitCode = 0;
  } catch (error) {
    tell({ type: 'failed', line: error instanceof ControlFailure ? error.message : lineOf(error) });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect?.();
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());
process.on('disconnect', () => {
  if (!started) interrupted.abort();
});
