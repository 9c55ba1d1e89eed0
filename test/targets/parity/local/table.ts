import { openEntityTable } from '../../../../src/data/table/entity-table.ts';
import type { Plan } from '../../../../src/model/plan.ts';
import { startDynamo } from '../../../engines.ts';
import type { Scope } from '../../../gateway/gateway-under-test.ts';
import type { Settings } from '../settings.ts';
import { tableSettingsOf } from '../table-definition.ts';

/** What the engine says of the lookup table, once it was made as the platform makes it. */
export async function tableSettings(scope: Scope, { region, data }: Plan): Promise<Settings> {
  const dynamo = await startDynamo(scope);
  const entities = openEntityTable({
    endpoint: dynamo.url,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    table: data.table,
  });
  scope.after(() => entities.close());
  await entities.createTable();
  const { Table } = await entities.call<{ readonly Table: Readonly<Record<string, unknown>> }>(
    'DescribeTable',
    {
      TableName: data.table.name,
    },
  );
  return tableSettingsOf(Table);
}
