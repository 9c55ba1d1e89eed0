import { createInterface } from 'node:readline/promises';
import { Command } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import type { Delivery } from '../targets/aws/delivery/delivery.ts';
import { accountOption, type DeliveryWords, deliver, endpointOption } from './delivery-options.ts';

/** `strata destroy`: removes the platform from an account. Data goes only when that was asked for and its name typed. */
export function destroyCommand(): Command {
  return new Command('destroy')
    .description('remove the platform from the account; its data stays')
    .option('--delete-data', 'remove its data, too: databases, tables, logs, users, keys')
    .addOption(accountOption)
    .addOption(endpointOption)
    .addHelpText('after', '\nExample:\n  strata destroy')
    .action(async ({ deleteData = false, ...words }: DeliveryWords & { deleteData?: boolean }) => {
      const { destroy } = await import('../targets/aws/delivery/destroy.ts');
      const { removed, kept } = await deliver(words, async (delivery) => {
        await confirm(delivery, deleteData);
        return destroy(delivery, deleteData);
      });
      for (const name of removed) process.stdout.write(`  removed ${name}\n`);
      for (const name of kept) process.stdout.write(`  kept    ${name}\n`);
      if (removed.length + kept.length === 0) process.stdout.write('  nothing was deployed\n');
    });
}

/** Has a person type the platform's name; an interruption is none. @throws StrataError destroy-unconfirmed */
async function confirm({ plan: { name, region }, signal }: Delivery, deleteData: boolean): Promise<void> {
  const what = deleteData
    ? `This removes ${name} from ${region} WITH ALL ITS DATA. Nothing brings it back.`
    : `This removes ${name} from ${region}. Its data stays, and what data stands on: keys, network, logs.`;
  process.stdout.write(`${what}\n`);
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false, signal });
  process.stdout.write(`Type its name to go on: `);
  try {
    for await (const line of lines) {
      if (line.trim() === name) return;
      break;
    }
  } finally {
    lines.close();
  }
  // An interruption leaves the line of the question open.
  if (signal.aborted) process.stdout.write('\n');
  throw new StrataError('destroy-unconfirmed', { name });
}
