import { Redis } from 'iovalkey';

/** Evicts cache entries by key; what is asked for within one turn of the event loop goes out together. */
export interface Eviction {
  evict(key: string): void;
  close(): Promise<void>;
}

/** Opens a connection to the cache that does nothing but evict. */
export async function openEviction(url: string): Promise<Eviction> {
  const cache = new Redis(url, { lazyConnect: true, enableAutoPipelining: true, retryStrategy: () => null });
  await cache.connect();
  return {
    evict: (key) => {
      cache.unlink(key).catch(() => {});
    },
    close: async () => {
      await cache.quit();
    },
  };
}
