import { Redis } from 'iovalkey';
import { entityKey } from '../src/data/cache/scripts.ts';

/** Evicts cached entities, one after the other, at a steady rate, so that a known share of reads misses. */
export async function startEviction(options: {
  readonly url: string;
  readonly ids: readonly string[];
  /** Evictions a second. */
  readonly rate: number;
}): Promise<{ stop(): Promise<void> }> {
  const { url, ids, rate } = options;
  const cache = new Redis(url, { lazyConnect: true, enableOfflineQueue: false, retryStrategy: () => null });
  await cache.connect();
  const started = performance.now();
  let evicted = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - started) * rate) / 1000);
    const keys =
      ids.length === 0
        ? []
        : Array.from({ length: due - evicted }, (_, index) => ids[(evicted + index) % ids.length] ?? '');
    evicted = due;
    const pipeline = cache.pipeline();
    for (const id of keys) pipeline.unlink(entityKey(id));
    pipeline.exec().catch(() => {});
  }, 20);
  return {
    async stop() {
      clearInterval(timer);
      await cache.quit();
    },
  };
}
