import type { Plan } from '../../src/model/plan.ts';

/** What the cache's load process is asked to do. */
export interface CacheOrder {
  readonly cache: string;
  readonly database: string;
  readonly settings: Plan['data']['cache'];
  /** Entities that are in the system of record. */
  readonly ids: readonly string[];
  /**
   * 'hits' and 'misses' ask the read-through cache, misses for entities that were just evicted;
   * 'bare' sends the same keys' GET through the same driver, without the cache protocol.
   */
  readonly work: 'hits' | 'misses' | 'bare';
  /** Queries a second, open loop; undefined keeps `concurrency` queries under way. */
  readonly rate?: number;
  readonly concurrency: number;
  readonly warmup: number;
  readonly duration: number;
}
