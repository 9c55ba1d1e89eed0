import { z } from 'zod';
import { structure } from './schema.ts';
import { whole } from './terms.ts';

/** The longest span of time in seconds that Envoy can be told (`google.protobuf.Duration`): 10,000 years. */
const longest = 315_576_000_000;

/** A span of time as the API has it. Zero turns a timeout off. */
export const duration = structure('Duration', {
  unit: z.enum(['s', 'ms']),
  value: whole(0, longest),
});

/** A span of time as the API has it. */
export type Duration = z.infer<typeof duration>;

/** Milliseconds of a duration. */
export function milliseconds({ unit, value }: Duration): number {
  return unit === 's' ? value * 1000 : value;
}

/** A duration of some milliseconds, in seconds where they divide. */
export function durationOf(ms: number): Duration {
  return ms !== 0 && ms % 1000 === 0 ? { unit: 's', value: ms / 1000 } : { unit: 'ms', value: ms };
}
