/** A span of time as a person writes it: '250ms', '60s', '5m', '1h', '30d'. */
export type DurationText = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

/** A number of bytes as a person writes it: '512B', '256KB', '10MB', '1GB' (binary multiples, as AWS quotas count). */
export type SizeText = `${number}${'B' | 'KB' | 'MB' | 'GB'}`;

/** A rate as a person writes it: '1000/s', '60/m'. */
export type RateText = `${number}/${'s' | 'm' | 'h'}`;

/** A share of a whole as a person writes it: '99.95%'. */
export type PercentText = `${number}%`;

const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const bytes = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 } as const;
const perSecond = { s: 1, m: 1 / 60, h: 1 / 3600 } as const;

/** Milliseconds in a duration, or undefined when the text is none. */
export function parseDuration(text: string): number | undefined {
  return scaled(/^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/, milliseconds, text);
}

/** Bytes in a size, or undefined when the text is none. */
export function parseSize(text: string): number | undefined {
  return scaled(/^(\d+(?:\.\d+)?)(B|KB|MB|GB)$/, bytes, text);
}

/** Events a second in a rate, or undefined when the text is none. */
export function parseRate(text: string): number | undefined {
  return scaled(/^(\d+(?:\.\d+)?)\/(s|m|h)$/, perSecond, text);
}

/** The fraction (0 to 1) in a percentage, or undefined when the text is none. */
export function parsePercent(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  return match ? Number((Number(match[1]) / 100).toPrecision(12)) : undefined;
}

/** A duration in milliseconds the way a person writes it, with the largest unit that divides it. */
export function formatDuration(ms: number): DurationText {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms !== 0 && ms % milliseconds[unit] === 0) return `${ms / milliseconds[unit]}${unit}`;
  }
  return `${ms}ms`;
}

/** A number of bytes the way a person writes it, with the largest unit that divides it. */
export function formatSize(size: number): string {
  for (const unit of ['GB', 'MB', 'KB'] as const) {
    if (size !== 0 && size % bytes[unit] === 0) return `${size / bytes[unit]}${unit}`;
  }
  return `${size}B`;
}

/** A fraction (0 to 1) as a percentage, without digits that say nothing. */
export function formatPercent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(6))}%`;
}

function scaled<Unit extends string>(
  pattern: RegExp,
  factors: Record<Unit, number>,
  text: string,
): number | undefined {
  const match = pattern.exec(text);
  const value = match ? Number(match[1]) * factors[match[2] as Unit] : Number.NaN;
  return value <= Number.MAX_SAFE_INTEGER ? value : undefined;
}
