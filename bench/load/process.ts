import { openEviction } from './eviction.ts';
import { runLoad } from './generator.ts';
import type { LoadOrder } from './protocol.ts';

/** The load's own process: takes one order over IPC, answers with its result, and ends. */
process.once('message', async (order: LoadOrder) => {
  const eviction = order.eviction && (await openEviction(order.eviction.url));
  const result = await runLoad(order, eviction?.evict);
  await eviction?.close();
  process.send?.(result, () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
