import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Command } from 'commander';
import { project } from './project.ts';

/** `strata bench`: the SLA table against the running platform; its program is bench/main.ts. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('measure the SLA table against the running platform')
    .argument('[row...]', 'gateway, compute, cache, table, edge, mesh; all of them when left out')
    .option('--json <file>', 'where to save the figures (default: .strata/bench.json)')
    .addHelpText('after', '\nExample:\n  strata bench gateway compute --json bench.json')
    .action(async (rows: string[], { json }: { json?: string }) => {
      const words = [...rows, ...(json === undefined ? [] : ['--json', json])];
      const child = spawn(
        process.execPath,
        [...process.execArgv, join(project.root, 'bench/main.ts'), ...words],
        {
          stdio: 'inherit',
        },
      );
      const ignore = () => {};
      process.on('SIGINT', ignore);
      const [code] = await once(child, 'exit');
      process.off('SIGINT', ignore);
      process.exitCode = code ?? 1;
    });
}
