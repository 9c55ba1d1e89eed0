import {
  type Bound,
  type Comparison,
  type Measurement,
  meetsBound,
  meetsRatio,
  meetsTarget,
  passes,
  type RowResult,
} from './row.ts';

/** A row as the lines a person reads. */
export function reportRow(result: RowResult): string {
  const lines = [
    `${passes(result) ? '✓' : '✗'} ${result.row}`,
    ...result.measurements.flatMap(measurementLines),
    ...result.comparisons.map(comparisonLine),
    ...(result.bounds ?? []).map(boundLine),
  ];
  return lines.join('\n');
}

function measurementLines(measurement: Measurement): string[] {
  const { name, unit, target, measured, notes } = measurement;
  const wrong = Object.entries(measured.wrong).map(([reason, count]) => `${reason}: ${count}`);
  return [
    `  ${verdict(meetsTarget(measurement))} ${name.padEnd(12)} target   ${rate(target.rate)} ${unit}/s   p99 < ${ms(target.p99)}   ${percent(target.availability)}`,
    `       ${' '.repeat(12)} measured ${rate(measured.rate)} ${unit}/s   p50 ${ms(measured.p50)}  p99 ${ms(measured.p99)}   ${percent(measured.availability)}`,
    ...[...notes, ...(wrong.length > 0 ? [`not as expected: ${wrong.join(', ')}`] : [])].map(
      (note) => `       ${' '.repeat(12)} ${note}`,
    ),
  ];
}

function comparisonLine(comparison: Comparison): string {
  const { reference, unit, subjectRate, referenceRate, ratio, requiredRatio } = comparison;
  return `  ${verdict(meetsRatio(comparison))} ${'ratio'.padEnd(12)} ${ratio.toFixed(2)} of ${reference} (at least ${requiredRatio.toFixed(2)}): ${rate(subjectRate)} of ${rate(referenceRate)} ${unit}/s at most`;
}

function boundLine(bound: Bound): string {
  const { name, unit, measured, atMost, of } = bound;
  const figure = `${amount(measured)} ${unit}`.padEnd(14);
  const limit = atMost === undefined ? '' : `at most ${amount(atMost)} ${unit} `;
  const source = of === undefined ? '' : `(${of})`;
  return `  ${atMost === undefined ? '    ' : verdict(meetsBound(bound))} ${name.padEnd(12)} ${figure}${limit}${source}`.trimEnd();
}

function amount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });
}

function verdict(met: boolean): string {
  return met ? 'pass' : 'FAIL';
}

function rate(value: number): string {
  return Math.round(value).toLocaleString('en-US').padStart(7);
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(3)}%`;
}
