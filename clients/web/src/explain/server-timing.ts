/** How long one layer took. Milliseconds. */
export interface Timing {
  readonly name: string;
  readonly duration: number;
}

/** The metrics of a Server-Timing field that have a duration (W3C Server Timing, section 3.2). */
export function parseServerTiming(field: string | undefined): readonly Timing[] {
  return [...(field ?? '').matchAll(/([\w.-]+)((?:\s*;[^,"]*(?:"[^"]*")?)*)/g)].flatMap(
    ([, name = '', parameters = '']) => {
      const duration = Number(/;\s*dur\s*=\s*"?(\d+(?:\.\d+)?)/.exec(parameters)?.[1] ?? Number.NaN);
      return Number.isFinite(duration) ? [{ name, duration }] : [];
    },
  );
}
