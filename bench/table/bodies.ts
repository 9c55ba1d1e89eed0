/** Items of a BatchGetItem and of a TransactWriteItems call. */
export const batch = { read: 50, write: 8 } as const;

/** Items the bench's table holds. */
export const itemCount = 2000;

const itemBytes = 1024;

/**
 * The n-th item: 1 KB in all, as the entities' items are made (names and values count, UTF-8). Each time round it has
 * other attributes, so that a write changes what NameIndex projects, and the index is written too.
 */
function itemAt(index: number): Record<string, { S: string } | { N: string }> {
  const number = index % itemCount;
  const item = {
    pk: { S: `ENTITY#bench-${number}` },
    sk: { S: 'METADATA' },
    name: { S: `Bench ${number}` },
    attributes: { S: '' },
  };
  const bytes = Object.entries(item).reduce((sum, [name, { S }]) => sum + name.length + S.length, 0);
  const round = String(Math.floor(index / itemCount));
  return { ...item, attributes: { S: round.padEnd(itemBytes - bytes, 'x') } };
}

/** The body of the n-th call of an operation. */
export function bodyAt(
  operation: 'BatchGetItem' | 'TransactWriteItems',
  table: string,
  index: number,
): object {
  if (operation === 'BatchGetItem') {
    const keys = Array.from({ length: batch.read }, (_, offset) => {
      const { pk, sk } = itemAt(index * batch.read + offset);
      return { pk, sk };
    });
    return {
      RequestItems: { [table]: { Keys: keys, ConsistentRead: true } },
      ReturnConsumedCapacity: 'TOTAL',
    };
  }
  const puts = Array.from({ length: batch.write }, (_, offset) => ({
    Put: { TableName: table, Item: itemAt(index * batch.write + offset) },
  }));
  return { TransactItems: puts, ReturnConsumedCapacity: 'TOTAL' };
}
