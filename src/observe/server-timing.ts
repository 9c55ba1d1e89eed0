/** How long one part of an answer took, in milliseconds. */
export interface Timing {
  readonly name: string;
  readonly duration: number;
}

/** Writes a `Server-Timing` header (W3C Server Timing, section 3.2); durations to a microsecond. */
export function serverTiming(timings: readonly Timing[]): string {
  return timings.map(({ name, duration }) => `${name};dur=${Math.round(duration * 1000) / 1000}`).join(', ');
}
