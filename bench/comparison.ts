import { load } from './load/load.ts';
import type { LoadOrder } from './load/protocol.ts';
import type { Comparison } from './row.ts';

const rounds = 3;

/** Answers a second at saturation; asked several times, in turn with the other side. */
export type Saturate = () => Promise<number>;

/** Compares the highest rates of subject and reference, in alternating rounds, so that a drifting machine hits both. */
export async function compare(
  options: { reference: string; unit: string; requiredRatio: number },
  subject: Saturate,
  reference: Saturate,
): Promise<Comparison> {
  const rates: { subject: number; reference: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    rates.push({ subject: await subject(), reference: await reference() });
  }
  const subjectRate = median(rates.map((round) => round.subject));
  const referenceRate = median(rates.map((round) => round.reference));
  return { ...options, subjectRate, referenceRate, ratio: subjectRate / referenceRate };
}

/** Saturates an HTTP server with right answers only counted. */
export function saturateHttp(
  order: Pick<LoadOrder, 'host' | 'port' | 'requests' | 'eviction'>,
  connections = 64,
): Saturate {
  return async () => {
    const result = await load({ ...order, connections, warmup: 1500, duration: 4000 });
    if (result.availability < 0.99) {
      throw new Error(`the load at saturation got wrong answers: ${JSON.stringify(result.wrong)}`);
    }
    return result.rate;
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
