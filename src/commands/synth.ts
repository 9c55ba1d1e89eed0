import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import { assemblyFolder, inAssemblyFolder } from './assembly-folder.ts';
import { accountOption, loadDeployablePlan } from './delivery-options.ts';
import { project } from './project.ts';

/** `strata synth`: the blueprint as CloudFormation. */
export function synthCommand(): Command {
  return new Command('synth')
    .description('write the CloudFormation templates of the platform; needs no account')
    .option('--output <dir>', 'where to', assemblyFolder)
    .addOption(accountOption)
    .addHelpText('after', '\nExample:\n  strata synth --output cdk.out')
    .action(async ({ output, account }: { output: string; account?: string }) => {
      const { synthesize } = await import('../targets/aws/platform.ts');
      const options = { root: project.root, ...(account === undefined ? {} : { account }) };
      const plan = await loadDeployablePlan();
      const make = async () => synthesize(plan, resolve(output), options);
      const assembly = await (resolve(output) === assemblyFolder ? inAssemblyFolder(make) : make());
      const lines = assembly.stacks.map(
        ({ stackName, environment, template }) =>
          `  ${stackName.padEnd(32)} ${environment.region.padEnd(12)} ${Object.keys(template.Resources).length} resources\n`,
      );
      process.stdout.write(`${lines.join('')}\n${relative('', assembly.directory) || '.'}\n`);
    });
}
