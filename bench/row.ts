/** One measured objective of a row, beside its target. */
export interface Measurement {
  /** What was measured, such as 'hits' or 'reads'. */
  readonly name: string;
  /** Unit of the rates: requests, queries, read units… a second. */
  readonly unit: string;
  readonly target: { readonly rate: number; readonly p99: number; readonly availability: number };
  readonly measured: {
    readonly rate: number;
    readonly p50: number;
    readonly p99: number;
    readonly availability: number;
    /** Answers that were not as expected, by reason. */
    readonly wrong: Readonly<Record<string, number>>;
  };
  /** Anything else worth knowing: hit share, items a second, consistency, batch size. */
  readonly notes: readonly string[];
}

/** The highest rates of the subject and of the bare reference on the same work, in the same run. */
export interface Comparison {
  readonly reference: string;
  readonly unit: string;
  /** Medians of the rounds. */
  readonly subjectRate: number;
  readonly referenceRate: number;
  readonly ratio: number;
  readonly requiredRatio: number;
}

/** A figure, beside what it may be at most where there is such a thing. */
export interface Bound {
  readonly name: string;
  readonly unit: string;
  readonly measured: number;
  readonly atMost?: number;
  /** Whose figure the most is, or of what this is one. */
  readonly of?: string;
}

/** What a row came to. */
export interface RowResult {
  readonly row: string;
  readonly measurements: readonly Measurement[];
  readonly comparisons: readonly Comparison[];
  readonly bounds?: readonly Bound[];
}

/** Share of the offered rate that must have been reached for the rate to count as sustained. */
const rateTolerance = 0.99;

/** Whether a measurement meets its target: rate, p99 and availability. */
export function meetsTarget({ target, measured }: Measurement): boolean {
  return (
    measured.rate >= target.rate * rateTolerance * Math.min(1, measured.availability / target.availability) &&
    measured.p99 < target.p99 &&
    measured.availability >= target.availability
  );
}

/** Whether the subject keeps the share of the bare reference that it has to. */
export function meetsRatio({ ratio, requiredRatio }: Comparison): boolean {
  return ratio >= requiredRatio;
}

/** Whether a figure is not above what it may be. */
export function meetsBound({ measured, atMost = Number.POSITIVE_INFINITY }: Bound): boolean {
  return measured <= atMost;
}

/** Whether a row passes: every measurement, every ratio and every bound. */
export function passes({ measurements, comparisons, bounds = [] }: RowResult): boolean {
  return measurements.every(meetsTarget) && comparisons.every(meetsRatio) && bounds.every(meetsBound);
}
