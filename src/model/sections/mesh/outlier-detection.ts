import { z } from 'zod';
import { durationOf } from '../../mesh/duration.ts';
import type { OutlierDetection } from '../../mesh/outlier-detection.ts';
import { count, duration } from '../../scalars.ts';
import { durationText } from './timeout.ts';

/** When a host that keeps failing is left out by its callers, and for how long; none is left out without it. */
export const outlierDetectionSection = z.strictObject({
  maxServerErrors: count({ min: 1 }).default(5),
  interval: duration({ min: 1 }).prefault('1s'),
  baseEjectionDuration: duration({ min: 1 }).prefault('5s'),
  maxEjectionPercent: count({ max: 100 }).default(100),
});

/** The API's words for it. */
export function expandOutlierDetection(
  detection: z.output<typeof outlierDetectionSection>,
): OutlierDetection {
  return {
    ...detection,
    interval: durationOf(detection.interval),
    baseEjectionDuration: durationOf(detection.baseEjectionDuration),
  };
}

/** The section's words for it. */
export function foldOutlierDetection(detection: OutlierDetection): z.input<typeof outlierDetectionSection> {
  return {
    ...detection,
    interval: durationText(detection.interval),
    baseEjectionDuration: durationText(detection.baseEjectionDuration),
  };
}
