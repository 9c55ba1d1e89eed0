import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { project } from '../src/commands/project.ts';
import { StrataError } from '../src/kernel/errors.ts';
import { acquireAll } from '../src/targets/local/engines/acquisition.ts';
import type { BenchSetting } from './context.ts';
import { openPlatform } from './platform.ts';
import { reportRow } from './report.ts';
import { passes, type RowResult } from './row.ts';
import { cacheRow } from './rows/cache.ts';
import { computeRow } from './rows/compute.ts';
import { edgeRow } from './rows/edge.ts';
import { gatewayRow } from './rows/gateway.ts';
import { meshRow } from './rows/mesh.ts';
import { synthRow } from './rows/synth.ts';
import { tableRow } from './rows/table.ts';

/** The SLA table, measured against the running platform. */
const platformRows = { gateway: gatewayRow, compute: computeRow, cache: cacheRow, table: tableRow } as const;

/** Rows that start what they measure; they come after the others, which want the machine to themselves. */
const ownRows = { edge: edgeRow, mesh: meshRow, synth: synthRow } as const;

/** Milliseconds before counting starts, and of counting. */
const [warmup, duration] = [5000, 20_000];

/** Measures rows: the SLA table, and what stands beside it. Arguments: rows to measure, --json FILE. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' } },
  });
  const names = [...Object.keys(platformRows), ...Object.keys(ownRows)];
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new StrataError('usage', {
      reason: `there is no row '${unknown}'; there are ${names.join(', ')}`,
    });
  }
  const isChosen = ([name]: [string, unknown]) => positionals.length === 0 || positionals.includes(name);
  const scratch = await mkdtemp(join(tmpdir(), 'strata-bench-'));
  const results: Record<string, RowResult> = {};
  const take = (name: string, result: RowResult) => {
    results[name] = result;
    console.log(`\n${reportRow(result)}`);
  };
  try {
    const engines = await acquireAll({ enginesFolder: project.engines });
    const setting: BenchSetting = { engines, warmup, duration, scratch };
    const onPlatform = Object.entries(platformRows).filter(isChosen);
    if (onPlatform.length > 0) await measurePlatform(setting, onPlatform, take);
    for (const [name, measure] of Object.entries(ownRows).filter(isChosen))
      take(name, await measure(setting));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  if (Object.keys(results).length > 0) {
    await writeFile(
      values.json ?? join(project.state, 'bench.json'),
      `${JSON.stringify({ measuredAt: new Date().toISOString(), rows: results }, undefined, 2)}\n`,
    );
  }
  return Object.values(results).every(passes) ? 0 : 1;
}

async function measurePlatform(
  setting: BenchSetting,
  rows: readonly (readonly [string, (typeof platformRows)[keyof typeof platformRows]])[],
  take: (name: string, result: RowResult) => void,
): Promise<void> {
  const platform = await openPlatform(setting);
  try {
    console.log(
      'Route and account throttles are raised for the bench and put back after it; every stage is in place.',
    );
    for (const [name, measure] of rows) take(name, await measure(platform.context));
  } finally {
    await platform.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(
    `✗ ${error instanceof StrataError ? error.line : error instanceof Error ? error.message : error}`,
  );
  process.exitCode = error instanceof StrataError && error.code === 'usage' ? 2 : 1;
}
