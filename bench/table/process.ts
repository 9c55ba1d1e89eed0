import { openTableClient } from '../../src/data/table/client.ts';
import { runCalls } from '../load/calls.ts';
import { batch, bodyAt } from './bodies.ts';
import type { TableOrder, TableResult } from './protocol.ts';

interface Output {
  readonly Responses?: Readonly<Record<string, readonly unknown[]>>;
  readonly UnprocessedKeys?: object;
  readonly ConsumedCapacity?: readonly { readonly CapacityUnits: number }[];
}

/** The table's load process: the services' own client against the engine. */
process.once('message', async (order: TableOrder) => {
  const { operation, table, warmup } = order;
  const client = openTableClient({ ...order, connections: order.concurrency, tries: 1 });
  const counted = performance.now() + warmup;
  let units = 0;
  const result = await runCalls({
    ...order,
    call: async (index) => {
      const started = performance.now();
      const output = await client.call<Output>(operation, bodyAt(operation, table, order.first + index));
      if (started >= counted) {
        for (const { CapacityUnits } of output.ConsumedCapacity ?? []) units += CapacityUnits;
      }
      if (operation === 'TransactWriteItems') return undefined;
      return output.Responses?.[table]?.length === batch.read ? undefined : 'items missing';
    },
  });
  process.send?.({ ...result, units } satisfies TableResult, () => process.exit(0));
});
process.once('disconnect', () => process.exit(1));
