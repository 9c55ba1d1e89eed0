import { type FieldLines, linesOf } from './fields.ts';
import { parseHttpDate } from './http-date.ts';

/** When a response was asked for and came, in milliseconds since the epoch. */
export interface ExchangeTimes {
  readonly requestTime: number;
  readonly responseTime: number;
}

/** Seconds that an Age may say; more is the same (RFC 9111, section 1.2.2). */
const oldest = 2_147_483_648;

/**
 * Milliseconds an Age field says: of a list its first member; anything but digits is ignored (RFC 9111, section 5.1).
 */
export function ageValue(fields: FieldLines): number {
  const first = linesOf(fields, 'age')[0]?.split(',')[0]?.trim() ?? '';
  return /^\d+$/.test(first) ? Math.min(Number(first), oldest) * 1000 : 0;
}

/** When a response says it was made, or when it came (RFC 9110, section 6.6.1). Milliseconds since the epoch. */
export function dateOf(fields: FieldLines, { responseTime }: Pick<ExchangeTimes, 'responseTime'>): number {
  const lines = linesOf(fields, 'date');
  return (lines.length === 1 ? parseHttpDate(lines[0] ?? '', responseTime) : undefined) ?? responseTime;
}

/** The corrected initial age of RFC 9111, section 4.2.3, in milliseconds. Date has whole seconds, so has the apparent age. */
export function initialAge(fields: FieldLines, times: ExchangeTimes): number {
  const apparent = Math.max(0, times.responseTime - dateOf(fields, times));
  const corrected = ageValue(fields) + Math.max(0, times.responseTime - times.requestTime);
  return Math.max(Math.floor(apparent / 1000) * 1000, corrected);
}

/** The current age of a stored response: its initial age and the time it has been here. Milliseconds. */
export function currentAge(initial: number, responseTime: number, now: number): number {
  return initial + Math.max(0, now - responseTime);
}
