/** Latencies in microseconds, counted in buckets whose width is below 1% of their value. */
export interface Histogram {
  readonly counts: Float64Array;
  total: number;
  max: number;
}

const subBuckets = 128;
const magnitudes = 24;

/** An empty histogram for values up to 2^30 µs (about 18 minutes). */
export function createHistogram(): Histogram {
  return { counts: new Float64Array(subBuckets * magnitudes), total: 0, max: 0 };
}

/** Counts one value, in microseconds. */
export function record(histogram: Histogram, microseconds: number): void {
  const value = Math.max(0, Math.floor(microseconds));
  const index = Math.min(bucketOf(value), histogram.counts.length - 1);
  histogram.counts[index] = (histogram.counts[index] ?? 0) + 1;
  histogram.total += 1;
  if (value > histogram.max) histogram.max = value;
}

/** The value in microseconds that a share (0 to 1) of all values does not exceed; 0 when there are none. */
export function percentile(histogram: Histogram, share: number): number {
  const wanted = Math.ceil(histogram.total * share);
  if (wanted === 0) return 0;
  let seen = 0;
  for (let index = 0; index < histogram.counts.length; index += 1) {
    seen += histogram.counts[index] ?? 0;
    if (seen >= wanted) return Math.min(upperBound(index), histogram.max);
  }
  return histogram.max;
}

/** Adds the values of one histogram to another. */
export function merge(into: Histogram, from: Histogram): void {
  for (let index = 0; index < into.counts.length; index += 1) {
    into.counts[index] = (into.counts[index] ?? 0) + (from.counts[index] ?? 0);
  }
  into.total += from.total;
  into.max = Math.max(into.max, from.max);
}

/** Values below 128 have a bucket each; above, each doubling [2^k, 2^(k+1)) is split into 128 of equal width. */
function bucketOf(value: number): number {
  if (value < subBuckets) return value;
  const exponent = 31 - Math.clz32(value);
  return (exponent - 6) * subBuckets + ((value >>> (exponent - 7)) & (subBuckets - 1));
}

function upperBound(index: number): number {
  if (index < subBuckets) return index;
  const exponent = Math.floor(index / subBuckets) + 6;
  const width = 2 ** (exponent - 7);
  return 2 ** exponent + (index % subBuckets) * width + width - 1;
}
