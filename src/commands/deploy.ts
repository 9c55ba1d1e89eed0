import { Command } from 'commander';
import { accountOption, type DeliveryWords, deliver, endpointOption } from './delivery-options.ts';

/** `strata deploy`: brings an account to the blueprint. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description('bring an AWS account to the blueprint, with your credentials')
    .option('--bootstrap', "prepare the account's regions for deployments first; needed once")
    .addOption(accountOption)
    .addOption(endpointOption)
    .addHelpText('after', '\nExample:\n  strata deploy --bootstrap')
    .action(async ({ bootstrap = false, ...words }: DeliveryWords & { bootstrap?: boolean }) => {
      const { deploy } = await import('../targets/aws/delivery/deploy.ts');
      const outputs = await deliver(words, (delivery) => deploy(delivery, { prepare: bootstrap }));
      const lines = Object.entries(outputs).map(([name, value]) => `  ${name.padEnd(16)} ${value}\n`);
      process.stdout.write(`\n${lines.join('')}deployed\n`);
    });
}
