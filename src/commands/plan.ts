import { Command } from 'commander';
import { planSummary } from './plan-summary.ts';
import { loadPlan } from './project.ts';

/** `strata plan`: the blueprint with every default filled in. */
export function planCommand(): Command {
  return new Command('plan')
    .description('print the resolved blueprint')
    .option('--json', 'as JSON: durations in ms, sizes in bytes, rates a second')
    .addHelpText('after', '\nExample:\n  strata plan --json')
    .action(async ({ json }: { json?: boolean }) => {
      const plan = await loadPlan();
      process.stdout.write(json ? `${JSON.stringify(plan, undefined, 2)}\n` : planSummary(plan));
    });
}
