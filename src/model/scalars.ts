import { z } from 'zod';
import {
  type DurationText,
  formatDuration,
  formatPercent,
  formatSize,
  type PercentText,
  parseDuration,
  parsePercent,
  parseRate,
  parseSize,
  type RateText,
  type SizeText,
} from '../kernel/units.ts';
import type { Limit } from './limits.ts';

/** What a field allows beyond its form, and the vendor's page when a quota is the reason. */
interface Bounds {
  readonly min?: number;
  readonly max?: Limit | number;
}

/** A duration as text ('60s'), resolved to milliseconds. */
export const duration = (bounds: Bounds = {}) =>
  scalar<DurationText>("a duration such as '60s', '5m' or '2000ms'", parseDuration, bounds, formatDuration);

/** A size as text ('10MB'), resolved to bytes. */
export const size = (bounds: Bounds = {}) =>
  scalar<SizeText>("a size such as '512B', '256KB' or '10MB'", parseSize, bounds, formatSize);

/** A rate as text ('1000/s'), resolved to events a second. */
export const rate = (bounds: Bounds = {}) =>
  scalar<RateText>("a rate such as '1000/s' or '60/m'", parseRate, bounds, (value) => `${value}/s`);

/** A percentage as text ('99.95%'), resolved to a fraction. */
export const percent = () =>
  scalar<PercentText>("a percentage such as '99.95%'", parsePercent, { max: 1 }, formatPercent);

/** A whole number within bounds. */
export const count = (bounds: Bounds = {}) =>
  z.number().superRefine((value, context) => {
    if (!Number.isInteger(value)) report(context, value, 'a whole number', { nearest: bounds.min ?? 0 });
    else checkBounds(context, value, value, { min: 0, ...bounds }, (bound) => bound);
  });

function scalar<Text extends string>(
  form: string,
  parse: (text: string) => number | undefined,
  bounds: Bounds,
  format: (value: number) => string,
) {
  return z.custom<Text>().transform((text, context): number => {
    const value = typeof text === 'string' ? parse(text) : undefined;
    if (value === undefined) {
      report(context, text, form, { nearest: format(Math.max(bounds.min ?? 0, 1)) });
      return z.NEVER;
    }
    checkBounds(context, text, value, bounds, format);
    return value;
  });
}

/** What zod hands to a refinement, as far as this file needs it. */
interface Context {
  addIssue(issue: { code: 'custom'; input: unknown; message: string; params: Record<string, unknown> }): void;
}

function checkBounds(
  context: Context,
  found: unknown,
  value: number,
  { min = 0, max }: Bounds,
  format: (value: number) => string | number,
): void {
  const ceiling = typeof max === 'object' ? max.value : max;
  const reference = typeof max === 'object' ? max.reference : undefined;
  if (value < min) report(context, found, `at least ${format(min)}`, { nearest: format(min) });
  if (ceiling !== undefined && value > ceiling) {
    report(context, found, `at most ${format(ceiling)}`, { nearest: format(ceiling), reference });
  }
}

function report(
  context: Context,
  found: unknown,
  allowed: string,
  more: { nearest: string | number; reference?: string | undefined },
): void {
  context.addIssue({ code: 'custom', input: found, message: allowed, params: { allowed, ...more } });
}
