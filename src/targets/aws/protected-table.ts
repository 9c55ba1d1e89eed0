import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import type { Layer } from './layer.ts';

/** What a table is made of. */
export interface ProtectedTable {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** The attribute that says when an item ends. */
  readonly timeToLive?: string;
  readonly key: Key;
}

/** An attribute of a key: always text here. */
export const text = (attribute: string) => ({ name: attribute, type: AttributeType.STRING });

/**
 * Makes a DynamoDB table with capacity on demand, encrypted with a key of its own, restorable to any second of 35 days,
 * and kept from deletion for as long as its layer keeps data.
 */
export function createProtectedTable(layer: Layer, definition: ProtectedTable): Table {
  const { name, partitionKey, sortKey, timeToLive, key } = definition;
  return new Table(layer, 'table', {
    tableName: name,
    partitionKey: text(partitionKey),
    sortKey: text(sortKey),
    ...(timeToLive === undefined ? {} : { timeToLiveAttribute: timeToLive }),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: layer.protectsData,
    removalPolicy: layer.dataRemoval,
  });
}
