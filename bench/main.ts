import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { project } from '../src/commands/project.ts';
import { StrataError } from '../src/kernel/errors.ts';
import { openPlatform } from './platform.ts';
import { reportRow } from './report.ts';
import { passes, type RowResult } from './row.ts';
import { cacheRow } from './rows/cache.ts';
import { computeRow } from './rows/compute.ts';
import { gatewayRow } from './rows/gateway.ts';
import { tableRow } from './rows/table.ts';

const rows = { gateway: gatewayRow, compute: computeRow, cache: cacheRow, table: tableRow } as const;

/** Measures the SLA table against the running platform. Arguments: rows to measure, --json FILE. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !(name in rows));
  if (unknown !== undefined) {
    throw new StrataError('usage', {
      reason: `there is no row '${unknown}'; there are ${Object.keys(rows).join(', ')}`,
    });
  }
  const chosen = Object.entries(rows).filter(
    ([name]) => positionals.length === 0 || positionals.includes(name),
  );
  const scratch = await mkdtemp(join(tmpdir(), 'strata-bench-'));
  const platform = await openPlatform(scratch);
  const results: Record<string, RowResult> = {};
  try {
    console.log(
      'Route and account throttles are raised for the bench and put back after it; every stage is in place.',
    );
    for (const [name, measure] of chosen) {
      const result = await measure(platform.context);
      results[name] = result;
      console.log(`\n${reportRow(result)}`);
    }
  } finally {
    await platform.close();
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

try {
  process.exitCode = await main();
} catch (error) {
  console.error(
    `✗ ${error instanceof StrataError ? error.line : error instanceof Error ? error.message : error}`,
  );
  process.exitCode = error instanceof StrataError && error.code === 'usage' ? 2 : 1;
}
