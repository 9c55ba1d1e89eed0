import { Redis } from 'iovalkey';
import { createReadThroughCache } from '../../src/data/cache/read-through-cache.ts';
import { entityKey } from '../../src/data/cache/scripts.ts';
import { openEntityStore } from '../../src/data/relational/store.ts';
import { runCalls } from '../load/calls.ts';
import type { CacheOrder } from './protocol.ts';

/** How far ahead of its query an entity is evicted, in queries. */
const evictionLead = 50;

/** The cache's load process: the cache client and nothing else, as a task has it. */
process.once('message', async (order: CacheOrder) => {
  const store = openEntityStore({ url: order.database, connections: 10 });
  const cache = createReadThroughCache({
    url: order.cache,
    settings: order.settings,
    read: (id) => store.read(id),
    debt: { read: () => store.debt(), settle: (debt) => store.settleDebt(debt) },
  });
  const bare = new Redis(order.cache);
  const ids = order.ids;
  const idAt = (index: number) => ids[index % ids.length] ?? '';
  for (let index = 0; index < ids.length; index += 50) {
    await Promise.all(ids.slice(index, index + 50).map((id) => cache.get(id)));
  }

  const expected = order.work === 'misses' ? ['miss', 'coalesced'] : ['hit'];
  const ask = async (index: number): Promise<string | undefined> => {
    const id = idAt(index);
    if (order.work === 'bare') {
      const value = await bare.getBuffer(entityKey(id));
      return value?.includes(id) ? undefined : 'wrong value';
    }
    if (order.work === 'misses') bare.unlink(entityKey(idAt(index + evictionLead))).catch(() => {});
    const answer = await cache.get(id);
    if (!answer.body?.includes(id)) return 'wrong value';
    return expected.includes(answer.source) ? undefined : answer.source;
  };
  const result = await runCalls({ ...order, call: ask });
  process.send?.(result, () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
