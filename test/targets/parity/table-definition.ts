import type { Settings } from './settings.ts';

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

interface Index {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes: readonly string[] };
}

/** The settings of the table of sessions, and when it removes what has ended. */
export function sessionTableSettingsOf(
  table: Readonly<Record<string, unknown>>,
  timeToLive: { readonly AttributeName?: string },
): Settings {
  const { TableName, KeySchema } = table as { TableName: string; KeySchema: readonly KeyElement[] };
  return {
    'data.sessions.table.name': TableName,
    'data.sessions.table.partitionKey': keyOf(KeySchema, 'HASH'),
    'data.sessions.table.sortKey': keyOf(KeySchema, 'RANGE'),
    'data.sessions.table.timeToLive': timeToLive.AttributeName ?? '',
  };
}

/** The settings of a table in the words of DynamoDB, which its API and a template share. */
export function tableSettingsOf(table: Readonly<Record<string, unknown>>): Settings {
  const {
    TableName,
    KeySchema,
    GlobalSecondaryIndexes = [],
  } = table as {
    readonly TableName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly GlobalSecondaryIndexes?: readonly Index[];
  };
  const indexes = GlobalSecondaryIndexes.map((index): Settings => {
    const at = `data.table.indexes.${index.IndexName}`;
    return {
      [`${at}.name`]: index.IndexName,
      [`${at}.partitionKey`]: keyOf(index.KeySchema, 'HASH'),
      [`${at}.projection.type`]: index.Projection.ProjectionType,
      [`${at}.projection.attributes`]: index.Projection.NonKeyAttributes,
    };
  });
  return {
    'data.table.name': TableName,
    'data.table.partitionKey': keyOf(KeySchema, 'HASH'),
    'data.table.sortKey': keyOf(KeySchema, 'RANGE'),
    ...Object.assign({}, ...indexes),
  };
}

function keyOf(schema: readonly KeyElement[], type: string): string {
  return schema.find(({ KeyType }) => KeyType === type)?.AttributeName ?? '';
}
