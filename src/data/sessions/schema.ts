import { ServiceFailure } from '../account/service-failure.ts';
import type { TableCall } from '../table/client.ts';
import { createTable } from '../table/schema.ts';
import type { SessionTableSettings } from './item.ts';

/**
 * Creates the table unless it is there, and has it remove what has ended. Removal may come days late, so nobody may
 * rely on it (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html).
 * @throws StrataError `table-unavailable`
 */
export async function createSessionTable(call: TableCall, settings: SessionTableSettings): Promise<void> {
  await createTable(call, { ...settings, indexes: [] });
  try {
    await call('UpdateTimeToLive', {
      TableName: settings.name,
      TimeToLiveSpecification: { Enabled: true, AttributeName: settings.timeToLive },
    });
  } catch (error) {
    const enabled = error instanceof ServiceFailure && error.type === 'ValidationException';
    if (!enabled || !error.message.includes('already enabled')) throw error;
  }
}
