import { z } from 'zod';
import { duration, percent, rate } from '../scalars.ts';

/** A row of the SLA table: what is promised and what `strata bench` measures. */
const objective = z.strictObject({
  availability: percent(),
  latency: duration(),
  throughput: rate(),
});

/** The SLA table. */
export const sla = z.strictObject({
  gateway: objective,
  compute: objective,
  cache: objective.extend({ missLatency: duration() }),
  table: z.strictObject({
    availability: percent(),
    latency: duration(),
    /** Read and write capacity units a second. */
    readUnits: rate(),
    writeUnits: rate(),
  }),
});
