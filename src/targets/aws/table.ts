import { ProjectionType } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Plan } from '../../model/plan.ts';
import { type Keys, tableKeyUse } from './keys.ts';
import { type Deployment, Layer } from './layer.ts';
import { createProtectedTable, text } from './protected-table.ts';

/** What the lookup table gives to those who use it. */
export interface LookupTable {
  readonly name: string;
  /** Lets a role do what the services do with the table and its indexes. */
  readonly grantUse: (grantee: IGrantable) => void;
}

/** What the services do with the table, and with each of its indexes. */
export const tableUse = {
  table: ['dynamodb:PutItem', 'dynamodb:BatchGetItem'],
  index: ['dynamodb:Query'],
} as const;

/** Makes the lookup table: keys and indexes as planned. */
export function createTableStack(deployment: Deployment, plan: Plan, { keys }: { keys: Keys }): LookupTable {
  const layer = new Layer(deployment, plan, {
    name: 'table',
    description: 'the lookup table',
    holdsData: true,
  });
  const { name, partitionKey, sortKey, indexes } = plan.data.table;
  const table = createProtectedTable(layer, { name, partitionKey, sortKey, key: keys.table });
  for (const index of indexes) {
    table.addGlobalSecondaryIndex({
      indexName: index.name,
      partitionKey: text(index.partitionKey),
      projectionType: ProjectionType[index.projection.type],
      nonKeyAttributes: index.projection.attributes,
    });
  }
  return {
    name,
    grantUse: (grantee) => {
      Grant.addToPrincipal({
        grantee,
        actions: [...tableUse.table],
        resourceArns: [table.tableArn],
      });
      const indexArns = indexes.map((index) => `${table.tableArn}/index/${index.name}`);
      if (indexArns.length > 0) {
        Grant.addToPrincipal({ grantee, actions: [...tableUse.index], resourceArns: indexArns });
      }
      keys.table.grant(grantee, ...tableKeyUse);
    },
  };
}
