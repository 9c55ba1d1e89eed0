import { Command } from 'commander';
import { accountOption, type DeliveryWords, deliver, endpointOption } from './delivery-options.ts';

/** `strata diff`: what a deployment would change. */
export function diffCommand(): Command {
  return new Command('diff')
    .description('show what strata deploy would change in the account')
    .addOption(accountOption)
    .addOption(endpointOption)
    .addHelpText('after', '\nExample:\n  strata diff')
    .action(async (words: DeliveryWords) => {
      const { diff } = await import('../targets/aws/delivery/deploy.ts');
      await deliver(words, diff);
    });
}
