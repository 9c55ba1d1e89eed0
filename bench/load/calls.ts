import { createHistogram, percentile, record } from './histogram.ts';
import type { LoadResult } from './protocol.ts';

/** Calls to make in this process. */
export interface Calls {
  /** Makes the n-th call; settles with why it was not right, or undefined. */
  readonly call: (index: number) => Promise<string | undefined>;
  /** Calls a second, open loop; undefined keeps `concurrency` calls under way. */
  readonly rate?: number;
  readonly concurrency: number;
  /** Milliseconds. */
  readonly warmup: number;
  readonly duration: number;
}

/** Makes calls at a rate, or as many as fit, and says what came of them; latencies count from the intended start. */
export async function runCalls({ call, rate, concurrency, warmup, duration }: Calls): Promise<LoadResult> {
  const histogram = createHistogram();
  const wrong: Record<string, number> = {};
  const started = performance.now();
  const counted = started + warmup;
  const ends = counted + duration;
  let next = 0;
  let offered = 0;
  let answered = 0;
  let right = 0;
  let underWay = 0;

  const make = async (intended: number) => {
    const counts = intended >= counted && intended < ends;
    if (counts) offered += 1;
    underWay += 1;
    const reason = await call(next++).catch((error: Error) => error.message);
    underWay -= 1;
    if (!counts) return;
    answered += 1;
    record(histogram, (performance.now() - intended) * 1000);
    if (reason === undefined) right += 1;
    else wrong[reason] = (wrong[reason] ?? 0) + 1;
  };
  const keepBusy = async () => {
    for (let now = performance.now(); now < ends; now = performance.now()) await make(now);
  };

  if (rate === undefined) {
    await Promise.all(Array.from({ length: concurrency }, keepBusy));
  } else {
    let scheduled = 0;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const until = Math.min(performance.now(), ends);
        for (;;) {
          const intended = started + (scheduled * 1000) / rate;
          if (intended >= until) break;
          scheduled += 1;
          void make(intended);
        }
        const now = performance.now();
        if (now >= ends && (underWay === 0 || now >= ends + 10_000)) {
          clearInterval(timer);
          resolve();
        }
      }, 1);
    });
  }
  if (offered > answered) wrong['no answer'] = offered - answered;
  return {
    offered,
    answered,
    wrong,
    tallied: 0,
    rate: (right * 1000) / duration,
    p50: percentile(histogram, 0.5) / 1000,
    p99: percentile(histogram, 0.99) / 1000,
    max: histogram.max / 1000,
    availability: offered === 0 ? 0 : right / offered,
  };
}
