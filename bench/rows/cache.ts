import type { CacheOrder } from '../cache/protocol.ts';
import { compare } from '../comparison.ts';
import type { BenchContext } from '../context.ts';
import { runInProcess } from '../load/load.ts';
import type { RowResult } from '../row.ts';

/** Misses a second: one in twenty of the row's queries. */
const missShare = 0.05;

/** The read-through cache at its client: hits, misses that read PostgreSQL, and hits beside the bare driver. */
export async function cacheRow({
  sla,
  plan,
  connections,
  entities,
  warmup,
  duration,
}: BenchContext): Promise<RowResult> {
  const program = new URL('../cache/process.ts', import.meta.url);
  const order: Omit<CacheOrder, 'work'> = {
    cache: connections.cache,
    database: connections.database,
    settings: plan.data.cache,
    ids: entities.map(({ id }) => id),
    concurrency: 256,
    warmup,
    duration,
  };
  const run = (work: CacheOrder['work'], more: Partial<CacheOrder> = {}) =>
    runInProcess(program, { ...order, work, ...more });
  const { availability, latency, missLatency, throughput } = sla.cache;
  const hits = await run('hits', { rate: throughput });
  const misses = await run('misses', { rate: throughput * missShare });
  const saturate = (work: CacheOrder['work']) => async () =>
    (await run(work, { warmup: 1500, duration: 4000 })).rate;
  return {
    row: 'ElastiCache: the read-through cache at its client',
    measurements: [
      {
        name: 'hits',
        unit: 'queries',
        target: { rate: throughput, p99: latency, availability },
        measured: hits,
        notes: [],
      },
      {
        name: 'misses',
        unit: 'queries',
        target: { rate: throughput * missShare, p99: missLatency, availability },
        measured: misses,
        notes: ['each takes a lease, reads PostgreSQL and fills the cache'],
      },
    ],
    comparisons: [
      await compare(
        { reference: 'the same driver against Valkey alone', unit: 'queries', requiredRatio: 0.4 },
        saturate('hits'),
        saturate('bare'),
      ),
    ],
  };
}
