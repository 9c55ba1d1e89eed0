import { join, relative, resolve } from 'node:path';
import { Command } from 'commander';
import { accountOption, loadDeployablePlan } from './delivery-options.ts';
import { project } from './project.ts';

/** `strata synth`: the blueprint as CloudFormation. */
export function synthCommand(): Command {
  return new Command('synth')
    .description('write the CloudFormation templates of the platform; needs no account')
    .option('--output <dir>', 'where to', join(project.state, 'aws'))
    .addOption(accountOption)
    .addHelpText('after', '\nExample:\n  strata synth --output cdk.out')
    .action(async ({ output, account }: { output: string; account?: string }) => {
      const { synthesize } = await import('../targets/aws/platform.ts');
      const options = { root: project.root, ...(account === undefined ? {} : { account }) };
      const assembly = synthesize(await loadDeployablePlan(), resolve(output), options);
      const lines = assembly.stacks.map(
        ({ stackName, environment, template }) =>
          `  ${stackName.padEnd(32)} ${environment.region.padEnd(12)} ${Object.keys(template.Resources).length} resources\n`,
      );
      process.stdout.write(`${lines.join('')}\n${relative('', assembly.directory) || '.'}\n`);
    });
}
