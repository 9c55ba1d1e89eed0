import { setTimeout as delay } from 'node:timers/promises';
import { StrataError } from '../../kernel/errors.ts';
import { ServiceFailure } from '../account/service-failure.ts';
import type { TableCall } from './client.ts';
import type { TableSettings } from './item.ts';

interface TableDescription {
  readonly Table: {
    readonly TableStatus: string;
    readonly GlobalSecondaryIndexes?: readonly { readonly IndexStatus?: string }[];
  };
}

/** Milliseconds a table may take to become active. */
const creationTimeout = 60_000;

/** The table as CreateTable takes it: keys and indexes as planned, capacity on demand. */
export function tableDefinition({ name, partitionKey, sortKey, indexes }: TableSettings): object {
  const keys = new Set([partitionKey, sortKey, ...indexes.map((index) => index.partitionKey)]);
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...keys].map((key) => ({ AttributeName: key, AttributeType: 'S' })),
    KeySchema: [
      { AttributeName: partitionKey, KeyType: 'HASH' },
      { AttributeName: sortKey, KeyType: 'RANGE' },
    ],
    ...(indexes.length > 0 && {
      GlobalSecondaryIndexes: indexes.map((index) => ({
        IndexName: index.name,
        KeySchema: [{ AttributeName: index.partitionKey, KeyType: 'HASH' }],
        Projection: { ProjectionType: index.projection.type, NonKeyAttributes: index.projection.attributes },
      })),
    }),
  };
}

/** Creates the table unless it is there, and waits until it and its indexes are active. @throws StrataError `table-unavailable` */
export async function createTable(call: TableCall, settings: TableSettings): Promise<void> {
  try {
    await call('CreateTable', tableDefinition(settings));
  } catch (error) {
    if (!(error instanceof ServiceFailure && error.type === 'ResourceInUseException')) throw error;
  }
  const deadline = performance.now() + creationTimeout;
  for (let wait = 20; ; wait = Math.min(2000, wait * 2)) {
    if (await isActive(call, settings.name)) return;
    if (performance.now() > deadline)
      throw new StrataError('table-unavailable', { reason: 'the table does not become active' });
    await delay(wait);
  }
}

async function isActive(call: TableCall, name: string): Promise<boolean> {
  try {
    const { Table } = await call<TableDescription>('DescribeTable', { TableName: name });
    const statuses = [
      Table.TableStatus,
      ...(Table.GlobalSecondaryIndexes ?? []).map((index) => index.IndexStatus ?? 'ACTIVE'),
    ];
    return statuses.every((status) => status === 'ACTIVE');
  } catch (error) {
    if (error instanceof ServiceFailure && error.type === 'ResourceNotFoundException') return false;
    throw error;
  }
}
