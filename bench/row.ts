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

/** What a row of the SLA table came to. */
export interface RowResult {
  readonly row: string;
  readonly measurements: readonly Measurement[];
  readonly comparisons: readonly Comparison[];
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

/** Whether a row passes: every measurement and every ratio. */
export function passes({ measurements, comparisons }: RowResult): boolean {
  return measurements.every(meetsTarget) && comparisons.every(meetsRatio);
}
