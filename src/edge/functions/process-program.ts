import { flushCompileCache } from 'node:module';
import { Socket } from 'node:net';
import { type FromProcess, openChannel, type ToProcess } from './function-channel.ts';
import { createPool, type Pool } from './pool.ts';

/**
 * The process of one function: its workers, apart from the edge, so that whatever becomes of this process the edge goes
 * on. It ends with the edge.
 */

let pool: Pool | undefined;
/** Whose viewers may leave. */
const waited = new Map<number, AbortController>();

const channel = new Socket({ fd: 3 });
const tell = openChannel<FromProcess, ToProcess>(channel, take);
channel.on('close', () => process.exit());
// The edge says when: it ends what is in flight first, whoever else was told to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

// It is killed, and what it has compiled would be lost.
setImmediate(flushCompileCache);

function take(message: ToProcess): void {
  if ('definition' in message) {
    pool = createPool(message.definition, message.limits, (printed) => tell({ printed }));
  } else if ('left' in message) {
    waited.get(message.left)?.abort();
  } else {
    void run(message);
  }
}

async function run({ id, ...event }: { id: number; requestId: string; json: string }): Promise<void> {
  const viewer = new AbortController();
  waited.set(id, viewer);
  const outcome = await pool?.run(event, viewer.signal);
  waited.delete(id);
  if (outcome) tell({ id, outcome });
}
