import { runLoad } from './generator.ts';
import type { LoadOrder } from './protocol.ts';

/** The load's own process: takes one order over IPC, answers with its result, and ends. */
process.once('message', async (order: LoadOrder) => {
  const result = await runLoad(order);
  process.send?.(result, () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
