import { load } from '../load/load.ts';
import type { LoadOrder, LoadRequest, LoadResult } from '../load/protocol.ts';
import { service } from './definition.ts';
import type { Pair } from './pair.ts';
import { cpuSeconds, type Memory, memoryOf } from './usage.ts';

/** What a sidecar pair with mutual TLS costs at a rate. Latencies are milliseconds, medians of the rounds. */
export interface PairCost {
  readonly direct: Latencies;
  readonly pair: Latencies;
  /** The last round through the pair, and whether every answer was right in all of them. */
  readonly measured: LoadResult;
  /** vCPU of one sidecar per 1,000 requests a second, the mean of both. */
  readonly cpuPerThousand: number;
  /** Of the larger sidecar. */
  readonly memory: Memory;
}

interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

/** How a pair is measured: requests a second, milliseconds of warm-up and of counting in each round. */
interface Schedule {
  readonly rate: number;
  readonly warmup: number;
  readonly duration: number;
  readonly rounds: number;
}

/** Offers the same open-loop load to the app directly and through the pair, in turns, so that a drifting machine hits both. */
export async function measurePair(
  pair: Pair,
  contains: string,
  { rate, warmup, duration, rounds }: Schedule,
): Promise<PairCost> {
  const request: LoadRequest = {
    wire: `GET /api/v1/data HTTP/1.1\r\nhost: ${service}\r\n\r\n`,
    status: 200,
    contains,
  };
  const order: Omit<LoadOrder, 'host' | 'port'> = {
    requests: [request],
    connections: 64,
    rate,
    warmup,
    duration,
  };
  const direct: LoadResult[] = [];
  const through: LoadResult[] = [];
  let used = 0;
  for (let round = 0; round < rounds; round += 1) {
    direct.push(await load({ ...order, ...pair.direct }));
    const before = cpuOf(pair);
    through.push(await load({ ...order, ...pair.egress }));
    used += cpuOf(pair) - before;
  }
  const seconds = (rounds * (warmup + duration)) / 1000;
  const last = through.at(-1);
  if (!last) throw new Error('a measurement needs at least one round');
  const latencies = mediansOf(through);
  const memory = { caller: memoryOf(pair.pids.caller), callee: memoryOf(pair.pids.callee) };
  return {
    direct: mediansOf(direct),
    pair: latencies,
    measured: {
      ...last,
      ...latencies,
      rate: median(through.map((result) => result.rate)),
      availability: Math.min(...through.map((result) => result.availability)),
    },
    cpuPerThousand: used / 2 / ((rate * seconds) / 1000),
    memory: memory.caller.resident > memory.callee.resident ? memory.caller : memory.callee,
  };
}

function cpuOf({ pids }: Pair): number {
  return cpuSeconds(pids.caller) + cpuSeconds(pids.callee);
}

function mediansOf(results: readonly LoadResult[]): Latencies {
  return { p50: median(results.map(({ p50 }) => p50)), p99: median(results.map(({ p99 }) => p99)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
