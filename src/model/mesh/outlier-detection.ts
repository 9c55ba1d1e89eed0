import type { z } from 'zod';
import { duration } from './duration.ts';
import { rule, structure } from './schema.ts';
import { whole } from './terms.ts';

/** Envoy refuses zero for both. */
const positive = duration.superRefine(
  ...rule(function* ({ value }) {
    if (value === 0) yield { path: ['value'], found: value, allowed: 'at least 1' };
  }),
);

/** When a host that keeps failing is left out by the callers of a listener, and for how long. */
export const outlierDetection = structure('OutlierDetection', {
  maxServerErrors: whole(1),
  interval: positive,
  baseEjectionDuration: positive,
  maxEjectionPercent: whole(0, 100),
});

/** When a failing host is left out, and for how long. */
export type OutlierDetection = z.infer<typeof outlierDetection>;
