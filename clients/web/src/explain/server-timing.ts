/** How long one layer took. Milliseconds. */
export interface Timing {
  readonly name: string;
  readonly duration: number;
}

/** A parameter of a metric: a token, or a quoted text that may hold anything. */
const parameter = /;\s*([\w.-]+)\s*=\s*(?:"([^"]*)"|([^\s;,"]*))/g;

/** The metrics of a Server-Timing field that have a duration (W3C Server Timing, section 3.2). */
export function parseServerTiming(field: string | undefined): readonly Timing[] {
  return [...(field ?? '').matchAll(/([\w.-]+)((?:\s*;[^,"]*(?:"[^"]*")?)*)/g)].flatMap(
    ([, name = '', parameters = '']) => {
      const values = [...parameters.matchAll(parameter)].map(([, key, quoted, token]) => [
        key,
        quoted ?? token,
      ]);
      const duration = Number.parseFloat(values.find(([key]) => key === 'dur')?.[1] ?? '');
      return Number.isFinite(duration) ? [{ name, duration }] : [];
    },
  );
}
