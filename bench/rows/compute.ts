import { entityKey } from '../../src/data/cache/scripts.ts';
import { compare, saturateHttp } from '../comparison.ts';
import type { BenchContext } from '../context.ts';
import { load } from '../load/load.ts';
import { readRequest } from '../read-request.ts';
import { startChain } from '../reference/chain.ts';
import type { RowResult } from '../row.ts';

/** One read in this many misses the read-through cache: 95% hits. */
const missEvery = 20;

/** Connections at saturation, the same on both sides. */
const saturation = 128;

/**
 * Reads through the whole path. Each asks the gateway to refresh its cached answer, which its token permits, so every
 * stage of the gateway runs and every read reaches a task; one entry in twenty is evicted before it is read.
 */
export async function computeRow(context: BenchContext): Promise<RowResult> {
  const { sla, gateway, token, entities, connections } = context;
  const headers = { authorization: `Bearer ${token}`, 'cache-control': 'max-age=0' };
  const requests = entities.map((entity) => ({
    ...readRequest({ entity, headers }),
    cacheKey: entityKey(entity.id),
  }));
  const order = {
    ...gateway,
    requests,
    tally: 'x-entity-cache: hit',
    eviction: { url: connections.cache, every: missEvery },
  };
  const chain = await startChain({
    envoy: context.engines.envoy.envoy,
    folder: `${context.scratch}/chain`,
    body: JSON.stringify(entities[0]),
  });
  try {
    const measured = await load({
      ...order,
      connections: 128,
      rate: sla.compute.throughput,
      warmup: context.warmup,
      duration: context.duration,
    });
    const hits = measured.tallied / Math.max(1, measured.answered);
    return {
      row: 'Compute: reads past the gateway cache, through ingress, sidecar and service',
      measurements: [
        {
          name: 'reads',
          unit: 'requests',
          target: {
            rate: sla.compute.throughput,
            p99: sla.compute.latency,
            availability: sla.compute.availability,
          },
          measured,
          notes: [`${(hits * 100).toFixed(1)}% answered by the read-through cache`],
        },
      ],
      comparisons: [
        await compare(
          {
            reference: 'the bare chain (Node proxy, Envoy pair with mTLS, Node app)',
            unit: 'requests',
            requiredRatio: 0.6,
          },
          saturateHttp(order, saturation),
          saturateHttp({ ...chain, requests: requests.slice(0, 1) }, saturation),
        ),
      ],
    };
  } finally {
    chain.stop();
  }
}
