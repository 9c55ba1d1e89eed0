import { z } from 'zod';
import { limits } from '../limits.ts';
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
  /** In an account: who is written to when a topic is told something. Each has to confirm it once. */
  emails: z.array(z.email('an e-mail address')).default([]),
  /** In an account: the trail of what was done there, kept where nobody can change or remove it. */
  audit: z
    .strictObject({
      retention: duration({ min: 86_400_000, max: limits.objectLock }).prefault('365d'),
      /** COMPLIANCE binds everyone to the end of the retention; GOVERNANCE lets a person with that right end it early. */
      lock: z.enum(['GOVERNANCE', 'COMPLIANCE']).default('GOVERNANCE'),
    })
    .prefault({}),
  /** In an account: what the platform may cost in a month, in US dollars, before someone is told. */
  budget: z
    .strictObject({
      monthly: z.number().positive(),
    })
    .prefault({ monthly: 1000 }),
});
