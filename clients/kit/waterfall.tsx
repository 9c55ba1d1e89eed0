import type { Span } from './span.ts';

/** One request from the outside in: every layer's bar on the same scale, in the layers' colours. */
export function Waterfall({ spans, total }: { readonly spans: readonly Span[]; readonly total: number }) {
  return (
    <ol className="waterfall">
      {spans.map(({ label, layer, start, duration }) => (
        <li key={label} data-layer={layer}>
          <span className="layer">{label}</span>
          <span className="duration">{milliseconds(duration)}</span>
          <span className="track" aria-hidden="true">
            <span
              className="span"
              style={{
                marginInlineStart: `${(start / total) * 100}%`,
                width: `${(duration / total) * 100}%`,
              }}
            />
          </span>
        </li>
      ))}
    </ol>
  );
}

/** A duration with its unit; a decimal below 10 ms. */
export function milliseconds(duration: number): string {
  return `${duration.toFixed(duration < 10 ? 1 : 0)} ms`;
}
