import { z } from 'zod';
import { count, duration } from '../scalars.ts';
import { name } from '../terms.ts';

/** Section 6: alarms and the topics they tell. */
export const observability = z.strictObject({
  logRetention: duration().prefault('30d'),
  alarms: z.record(
    name,
    z.strictObject({
      description: z.string().max(1024),
      namespace: z.string().min(1),
      metric: z.string().min(1),
      dimensions: z.record(z.string(), z.string()),
      statistic: z.enum(['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount']),
      period: duration({ min: 10_000 }),
      evaluationPeriods: count({ min: 1 }),
      /** M of N; all of them when left out. */
      datapointsToAlarm: count({ min: 1 }).optional(),
      threshold: z.number(),
      comparison: z.enum([
        'GreaterThanThreshold',
        'GreaterThanOrEqualToThreshold',
        'LessThanThreshold',
        'LessThanOrEqualToThreshold',
      ]),
      missingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
      topic: name,
    }),
  ),
  topics: z.array(name),
});
