import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { project } from '../../src/commands/project.ts';
import type { BenchSetting } from '../context.ts';
import type { RowResult } from '../row.ts';

/** Milliseconds the templates may take. */
const atMost = 30_000;

const rounds = 3;

/** What making the account's templates takes, as a person who types the command waits for it. */
export async function synthRow({ scratch }: Pick<BenchSetting, 'scratch'>): Promise<RowResult> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const output = join(scratch, `templates-${round}`);
    const begin = performance.now();
    await promisify(execFile)(process.execPath, [
      join(project.root, 'src/main.ts'),
      ...['synth', '--output', output],
    ]);
    times.push(performance.now() - begin);
  }
  return {
    row: 'Templates: strata synth, every stack and bundle',
    measurements: [],
    comparisons: [],
    bounds: [
      {
        name: 'synth',
        unit: 'ms',
        measured: Math.max(...times),
        atMost,
        of: `the longest of ${rounds} runs; the shortest took ${Math.round(Math.min(...times))} ms`,
      },
    ],
  };
}
