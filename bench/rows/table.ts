import { openTableClient } from '../../src/data/table/client.ts';
import { createTable } from '../../src/data/table/schema.ts';
import { compare } from '../comparison.ts';
import type { BenchContext } from '../context.ts';
import { load, runInProcess } from '../load/load.ts';
import type { Measurement, RowResult } from '../row.ts';
import { batch, bodyAt, itemCount } from '../table/bodies.ts';
import type { TableOrder, TableResult, TableTarget } from '../table/protocol.ts';
import { signedRequest } from '../table/signed-request.ts';

const saturation = { concurrency: 2, warmup: 1000, duration: 3000 } as const;
/** Numbers left between the first calls of two orders: more than an order makes. */
const callsApart = 1_000_000;

const operations = ['BatchGetItem', 'TransactWriteItems'] as const;
type Operation = (typeof operations)[number];

/** Reads and writes of 1 KB items, with NameIndex in place, counted in the engine's own capacity units. */
export async function tableRow(context: BenchContext): Promise<RowResult> {
  const { plan, connections, sla } = context;
  const { endpoint, ...credentials } = connections.table;
  const target: TableTarget = { endpoint, region: plan.region, credentials, table: 'StrataBench' };
  const client = openTableClient(target);
  const settings = { ...plan.data.table, name: target.table };
  let calls = 0;
  const nextCall = () => {
    calls += callsApart;
    return calls;
  };
  try {
    await createTable(client.call, settings);
    const writes = itemCount / batch.write;
    for (let index = 0; index < writes; index += 1) {
      await client.call('TransactWriteItems', bodyAt('TransactWriteItems', target.table, index));
    }
    const run = (
      operation: Operation,
      more: Pick<TableOrder, 'concurrency' | 'warmup' | 'duration'> & { rate?: number },
    ) => {
      const order: TableOrder = { ...target, operation, first: nextCall(), ...more };
      return runInProcess(new URL('../table/process.ts', import.meta.url), order) as Promise<TableResult>;
    };

    const measure = async (operation: Operation, units: number, name: string): Promise<Measurement> => {
      const sample = await client.call<{ ConsumedCapacity: { CapacityUnits: number }[] }>(
        operation,
        bodyAt(operation, target.table, nextCall()),
      );
      const unitsPerCall = sample.ConsumedCapacity.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
      const { warmup, duration } = context;
      const result = await run(operation, { rate: units / unitsPerCall, concurrency: 16, warmup, duration });
      const size = operation === 'BatchGetItem' ? batch.read : batch.write;
      const items = Math.round(result.rate * size).toLocaleString('en-US');
      return {
        name,
        unit: 'units',
        target: { rate: units, p99: sla.table.latency, availability: sla.table.availability },
        measured: { ...result, rate: (result.units * 1000) / duration },
        notes: [
          `${items} items/s of 1 KB, ${operation} of ${size}, ${unitsPerCall} units a call`,
          consistency[operation],
        ],
      };
    };
    const measurements = [
      await measure('BatchGetItem', sla.table.readUnits, 'reads'),
      await measure('TransactWriteItems', sla.table.writeUnits, 'writes'),
    ];
    const address = new URL(endpoint);
    const comparisons = [];
    for (const operation of operations) {
      // Twice round all items, so that sending them again and again changes each item every time.
      const first = nextCall();
      const requests = Array.from({ length: 2 * writes }, (_, index) =>
        signedRequest(target, operation, first + index),
      );
      comparisons.push(
        await compare(
          { reference: `the engine over bare HTTP (${operation})`, unit: 'calls', requiredRatio: 0.4 },
          async () => (await run(operation, saturation)).rate,
          async () =>
            (
              await load({
                host: address.hostname,
                port: Number(address.port),
                requests,
                connections: saturation.concurrency,
                ...saturation,
              })
            ).rate,
        ),
      );
    }
    return { row: 'DynamoDB: items of 1 KB with NameIndex in place', measurements, comparisons };
  } finally {
    await client.call('DeleteTable', { TableName: target.table }).catch(() => {});
    await client.close();
  }
}

const consistency = {
  BatchGetItem: 'strongly consistent reads',
  TransactWriteItems: 'transacted writes (counted double), each changing what NameIndex projects',
} as const;
